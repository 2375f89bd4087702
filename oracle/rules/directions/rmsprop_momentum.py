"""The direction of RMSprop with momentum, the rate outside the buffer."""

from oracle.rules.rule import rule, zeros

_OUTSIDE = "epsilon outside the root, the rate outside the buffer"


@rule(slots={"v": zeros, "b": zeros}, cites=f"Tieleman & Hinton 2012, lecture 6.5; {_OUTSIDE}")
def rmsprop_momentum(xp, t, p, g, v, b, *, rho, epsilon, momentum):
    """RMSprop whose directions gather in a buffer."""
    v_t = rho * v + (1 - rho) * g**2
    b_t = momentum * b + g / (xp.sqrt(v_t) + epsilon)
    u_t = b_t
    return u_t, v_t, b_t


@rule(
    slots={"v": zeros, "mg": zeros, "b": zeros},
    cites=f"Graves 2013, equations 38 to 45; {_OUTSIDE}",
)
def rmsprop_centered_momentum(xp, t, p, g, v, mg, b, *, rho, epsilon, momentum):
    """The same, divided by the running standard deviation."""
    v_t = rho * v + (1 - rho) * g**2
    mg_t = rho * mg + (1 - rho) * g
    b_t = momentum * b + g / (xp.sqrt(v_t - mg_t**2) + epsilon)
    u_t = b_t
    return u_t, v_t, mg_t, b_t
