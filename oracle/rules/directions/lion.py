"""The direction of Lion: the sign of an interpolated momentum."""

from oracle.rules.rule import rule, zeros


@rule(slots={"m": zeros}, cites="Chen et al. 2023, program 1")
def lion(xp, t, p, g, m, *, beta_1, beta_2):
    """Lion; the sign of 0 is 0."""
    u_t = xp.sign(beta_1 * m + (1 - beta_1) * g)
    m_t = beta_2 * m + (1 - beta_2) * g
    return u_t, m_t
