"""LAMB: Adam's direction at a rate that each tensor's norms scale."""

from oracle.rules.rule import rule, zeros


@rule(slots={"m": zeros, "v": zeros}, cites="You et al. 2020, algorithm 2 (LAMB)")
def lamb(xp, t, p, g, m, v, *, learning_rate, beta_1, beta_2, epsilon):
    """LAMB; where a norm is not positive, the rate is not scaled."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    m_hat = m_t / (1 - beta_1**t)
    v_hat = v_t / (1 - beta_2**t)
    r = m_hat / (xp.sqrt(v_hat) + epsilon)
    p_norm = xp.norm(p)
    r_norm = xp.norm(r)
    trust = xp.where(p_norm > 0, xp.where(r_norm > 0, p_norm / r_norm, 1), 1)
    p_t = p - learning_rate * trust * r
    return p_t, m_t, v_t
