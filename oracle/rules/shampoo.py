"""Shampoo: descent by a gradient that each axis of its tensor has preconditioned."""

from oracle.rules.rule import rule


@rule(cites="Gupta, Koren & Singer 2018, algorithm 2, with a mean over the rows")
def shampoo(xp, t, p, g, *, learning_rate):
    """The step; g is what all axes have made of the gradient."""
    p_t = p - learning_rate * g
    return (p_t,)
