"""The direction of Adadelta: the gradient scaled by the ratio of two running roots."""

from oracle.rules.rule import rule, zeros


@rule(slots={"a": zeros, "d": zeros}, cites="Zeiler 2012, algorithm 1")
def adadelta(xp, t, p, g, a, d, *, rho, epsilon):
    """Adadelta; ``a`` averages squared gradients, ``d`` squared directions, before any rate."""
    a_t = rho * a + (1 - rho) * g**2
    u_t = xp.sqrt(d + epsilon) / xp.sqrt(a_t + epsilon) * g
    d_t = rho * d + (1 - rho) * u_t**2
    return u_t, a_t, d_t
