"""The direction of RMSprop: the gradient over a running root mean square."""

from oracle.rules.rule import rule, zeros


@rule(slots={"v": zeros}, cites="Tieleman & Hinton 2012, lecture 6.5; epsilon added to the root")
def rmsprop_epsilon_outside(xp, t, p, g, v, *, rho, epsilon):
    """RMSprop with epsilon outside the root."""
    v_t = rho * v + (1 - rho) * g**2
    u_t = g / (xp.sqrt(v_t) + epsilon)
    return u_t, v_t


@rule(
    slots={"v": zeros, "mg": zeros},
    cites="Graves 2013, equations 38 to 45, without momentum; epsilon added to the root",
)
def rmsprop_centered_epsilon_outside(xp, t, p, g, v, mg, *, rho, epsilon):
    """RMSprop divided by the running standard deviation, epsilon outside the root."""
    v_t = rho * v + (1 - rho) * g**2
    mg_t = rho * mg + (1 - rho) * g
    u_t = g / (xp.sqrt(v_t - mg_t**2) + epsilon)
    return u_t, v_t, mg_t
