"""Momentum: a buffer of gradients, whatever the rate was when they came."""

from oracle.rules.rule import rule, zeros


@rule(slots={"b": zeros}, cites="Polyak 1964; the rate outside the buffer")
def heavy_ball(xp, t, p, g, b, *, momentum):
    """The sum of all gradients so far, each older one weighted by a power of the momentum."""
    b_t = momentum * b + g
    u_t = b_t
    return u_t, b_t


@rule(slots={"b": zeros}, cites="Nesterov 1983; the rate outside the buffer")
def nesterov(xp, t, p, g, b, *, momentum):
    """The same, one step ahead."""
    b_t = momentum * b + g
    u_t = g + momentum * b_t
    return u_t, b_t
