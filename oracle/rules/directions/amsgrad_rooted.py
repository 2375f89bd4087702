"""The directions of Optax's AMSGrad, which corrects each moment, or does not."""

from oracle.rules.rule import rule, zeros

_SLOTS = {"m": zeros, "v": zeros, "v_max": zeros}
_CITES = "Reddi, Kale & Kumar 2018, algorithm 2"


@rule(slots=_SLOTS, cites=f"{_CITES}; the maximum of corrected second moments (Optax)")
def amsgrad_corrected(xp, t, p, g, m, v, v_max, *, beta_1, beta_2, epsilon, eps_root):
    """AMSGrad: the largest corrected second moment so far."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    m_hat = m_t / (1 - beta_1**t)
    v_max_t = xp.maximum(v_max, v_t / (1 - beta_2**t))
    u_t = m_hat / (xp.sqrt(v_max_t + eps_root) + epsilon)
    return u_t, m_t, v_t, v_max_t


@rule(slots=_SLOTS, cites=f"{_CITES}; the first moment corrected (Optax)")
def amsgrad_first_corrected(xp, t, p, g, m, v, v_max, *, beta_1, beta_2, epsilon, eps_root):
    """AMSGrad without a correction of the second moment."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    m_hat = m_t / (1 - beta_1**t)
    v_max_t = xp.maximum(v_max, v_t)
    u_t = m_hat / (xp.sqrt(v_max_t + eps_root) + epsilon)
    return u_t, m_t, v_t, v_max_t


@rule(slots=_SLOTS, cites=f"{_CITES}; the second moment corrected (Optax)")
def amsgrad_second_corrected(xp, t, p, g, m, v, v_max, *, beta_1, beta_2, epsilon, eps_root):
    """AMSGrad without a correction of the first moment."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    v_max_t = xp.maximum(v_max, v_t / (1 - beta_2**t))
    u_t = m_t / (xp.sqrt(v_max_t + eps_root) + epsilon)
    return u_t, m_t, v_t, v_max_t


@rule(slots=_SLOTS, cites=f"{_CITES}, as it is written there")
def amsgrad_uncorrected(xp, t, p, g, m, v, v_max, *, beta_1, beta_2, epsilon, eps_root):
    """AMSGrad without any correction."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    v_max_t = xp.maximum(v_max, v_t)
    u_t = m_t / (xp.sqrt(v_max_t + eps_root) + epsilon)
    return u_t, m_t, v_t, v_max_t
