"""The direction of Adamax, epsilon inside the maximum."""

from oracle.rules.rule import rule, zeros


@rule(slots={"m": zeros, "u": zeros}, cites="Kingma & Ba 2015, algorithm 2, epsilon in the norm")
def adamax(xp, t, p, g, m, u, *, beta_1, beta_2, epsilon):
    """Adamax, whose infinity norm is at least epsilon where a gradient is 0."""
    m_t = beta_1 * m + (1 - beta_1) * g
    u_t = xp.maximum(beta_2 * u, xp.abs(g) + epsilon)
    d_t = m_t / (1 - beta_1**t) / u_t
    return d_t, m_t, u_t
