"""The directions of ADOPT: gradients over the second moment before them, then averaged."""

from oracle.rules.rule import rule, zeros

_CITES = "Taniguchi et al. 2024, algorithm 2"
_MOMENTS = {"m": zeros, "v": zeros}


@rule(slots=_MOMENTS, cites=f"{_CITES}, without its clip")
def adopt(xp, t, p, g, m, v, *, beta_1, beta_2, epsilon):
    """ADOPT; the first step only begins the second moment."""
    scaled = g / xp.maximum(xp.sqrt(v), epsilon)
    kept = xp.where(t <= 1, 1, beta_1)
    m_t = kept * m + (1 - kept) * scaled
    v_t = xp.where(t <= 1, g**2, beta_2 * v + (1 - beta_2) * g**2)
    u_t = m_t
    return u_t, m_t, v_t


@rule(slots=_MOMENTS, cites=_CITES)
def adopt_clipped(xp, t, p, g, m, v, *, beta_1, beta_2, epsilon):
    """The same; what is averaged is at most the fourth root of the steps before."""
    scaled = g / xp.maximum(xp.sqrt(v), epsilon)
    most = (t - 1) ** 0.25
    clipped = xp.minimum(xp.maximum(scaled, -most), most)
    kept = xp.where(t <= 1, 1, beta_1)
    m_t = kept * m + (1 - kept) * clipped
    v_t = xp.where(t <= 1, g**2, beta_2 * v + (1 - beta_2) * g**2)
    u_t = m_t
    return u_t, m_t, v_t


@rule(slots=_MOMENTS, cites=f"{_CITES}, without its clip; Nesterov 1983")
def adopt_nesterov(xp, t, p, g, m, v, *, beta_1, beta_2, epsilon):
    """ADOPT, one step ahead."""
    scaled = g / xp.maximum(xp.sqrt(v), epsilon)
    kept = xp.where(t <= 1, 1, beta_1)
    m_t = kept * m + (1 - kept) * scaled
    v_t = xp.where(t <= 1, g**2, beta_2 * v + (1 - beta_2) * g**2)
    u_t = kept * m_t + (1 - kept) * scaled
    return u_t, m_t, v_t


@rule(slots=_MOMENTS, cites=f"{_CITES}; Nesterov 1983")
def adopt_clipped_nesterov(xp, t, p, g, m, v, *, beta_1, beta_2, epsilon):
    """ADOPT with its clip, one step ahead."""
    scaled = g / xp.maximum(xp.sqrt(v), epsilon)
    most = (t - 1) ** 0.25
    clipped = xp.minimum(xp.maximum(scaled, -most), most)
    kept = xp.where(t <= 1, 1, beta_1)
    m_t = kept * m + (1 - kept) * clipped
    v_t = xp.where(t <= 1, g**2, beta_2 * v + (1 - beta_2) * g**2)
    u_t = kept * m_t + (1 - kept) * clipped
    return u_t, m_t, v_t
