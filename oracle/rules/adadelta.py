"""Adadelta: the gradient scaled by the ratio of two running root mean squares."""

from oracle.rules.rule import rule, zeros


@rule(slots={"a": zeros, "d": zeros}, cites="Zeiler 2012, algorithm 1, with a learning rate")
def adadelta(xp, t, p, g, a, d, *, learning_rate, rho, epsilon):
    """Adadelta; ``a`` averages squared gradients, ``d`` squared updates."""
    a_t = rho * a + (1 - rho) * g**2
    delta = xp.sqrt(d + epsilon) * g / xp.sqrt(a_t + epsilon)
    p_t = p - learning_rate * delta
    d_t = rho * d + (1 - rho) * delta**2
    return p_t, a_t, d_t
