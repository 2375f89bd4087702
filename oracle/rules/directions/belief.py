"""The directions of AdaBelief: the second moment is that of what the average did not foresee."""

from oracle.rules.rule import rule, zeros

_CITES = "Zhuang et al. 2020, algorithm 2"


@rule(slots={"m": zeros, "s": zeros}, cites=_CITES)
def adabelief(xp, t, p, g, m, s, *, beta_1, beta_2, epsilon, eps_root):
    """AdaBelief; the epsilon that is added at each step adds up."""
    m_t = beta_1 * m + (1 - beta_1) * g
    s_t = beta_2 * s + (1 - beta_2) * (g - m_t) ** 2 + eps_root
    m_hat = m_t / (1 - beta_1**t)
    s_hat = s_t / (1 - beta_2**t)
    u_t = m_hat / (xp.sqrt(s_hat) + epsilon)
    return u_t, m_t, s_t


@rule(slots={"m": zeros, "s": zeros}, cites=f"{_CITES}; Dozat 2016, without a momentum schedule")
def adabelief_nesterov(xp, t, p, g, m, s, *, beta_1, beta_2, epsilon, eps_root):
    """AdaBelief, one step ahead."""
    m_t = beta_1 * m + (1 - beta_1) * g
    s_t = beta_2 * s + (1 - beta_2) * (g - m_t) ** 2 + eps_root
    m_next = m_t / (1 - beta_1 ** (t + 1))
    g_hat = g / (1 - beta_1**t)
    m_hat = beta_1 * m_next + (1 - beta_1) * g_hat
    s_hat = s_t / (1 - beta_2**t)
    u_t = m_hat / (xp.sqrt(s_hat) + epsilon)
    return u_t, m_t, s_t
