"""What is shown of a function of gradients: its result, in the place of the parameter."""

from oracle.rules.rule import rule


@rule(cites="a function of gradients, which moves no parameter")
def gradient_itself(xp, t, p, g):
    """The gradient, as it is returned, in the place of the parameter."""
    p_t = g
    return (p_t,)
