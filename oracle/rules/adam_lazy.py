"""Adam for sparse gradients, with both corrections folded into the rate."""

from oracle.rules.rule import rule, zeros


@rule(slots={"m": zeros, "v": zeros}, cites="Kingma & Ba 2015, end of section 2; rows that occur")
def adam_of_rows(xp, t, p, g, m, v, *, lr, beta_1, beta_2, epsilon):
    """Adam, epsilon beside the uncorrected root."""
    m_t = beta_1 * m + (1 - beta_1) * g
    v_t = beta_2 * v + (1 - beta_2) * g**2
    alpha_t = lr * xp.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    p_t = p - alpha_t * m_t / (xp.sqrt(v_t) + epsilon)
    return p_t, m_t, v_t
