"""The directions of Adam and AMSGrad, epsilon beside the root of the corrected second moment."""

from oracle.rules.rule import rule, zeros


@rule(slots={"m": zeros, "v": zeros}, cites="Kingma & Ba 2015, algorithm 1")
def adam(xp, t, p, g, m, v, *, beta_1, beta_2, epsilon):
    """Adaptive moment estimation."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    m_hat = m_t / (1 - beta_1**t)
    v_hat = v_t / (1 - beta_2**t)
    u_t = m_hat / (xp.sqrt(v_hat) + epsilon)
    return u_t, m_t, v_t


@rule(
    slots={"m": zeros, "v": zeros, "v_max": zeros},
    cites="Reddi, Kale & Kumar 2018, algorithm 2, with the corrections of Kingma & Ba 2015",
)
def amsgrad(xp, t, p, g, m, v, v_max, *, beta_1, beta_2, epsilon):
    """AMSGrad: the largest second moment so far, taken before the bias correction."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    v_max_t = xp.maximum(v_max, v_t)
    m_hat = m_t / (1 - beta_1**t)
    v_hat = v_max_t / (1 - beta_2**t)
    u_t = m_hat / (xp.sqrt(v_hat) + epsilon)
    return u_t, m_t, v_t, v_max_t
