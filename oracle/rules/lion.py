"""Lion: the sign of an interpolated momentum."""

from oracle.rules.rule import rule, zeros


@rule(slots={"m": zeros}, cites="Chen et al. 2023, algorithm 2, without weight decay")
def lion(xp, t, p, g, m, *, learning_rate, beta_1, beta_2):
    """Lion."""
    c_t = beta_1 * m + (1 - beta_1) * g
    p_t = p - learning_rate * xp.sign(c_t)
    m_t = beta_2 * m + (1 - beta_2) * g
    return p_t, m_t
