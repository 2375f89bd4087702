"""Momentum whose buffer takes only a part of each gradient, but for the first."""

from oracle.rules.rule import rule, zeros


@rule(slots={"b": zeros}, cites="Polyak 1964; dampened, the first gradient whole")
def heavy_ball_dampened(xp, t, p, g, b, *, momentum, dampening):
    """The gradients so far, each but the first dampened."""
    b_t = xp.where(t > 1, momentum * b + (1 - dampening) * g, g)
    u_t = b_t
    return u_t, b_t
