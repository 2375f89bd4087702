"""RMSprop: the gradient over a running root mean square.

The forms differ in epsilon's place and in where the mean square starts.
"""

from oracle.rules.rule import Slot, rule, zeros


@rule(
    slots={"v": zeros},
    cites="Tieleman & Hinton 2012, lecture 6.5; epsilon added to the root (Keras 2)",
)
def rmsprop_epsilon_outside(xp, t, p, g, v, *, learning_rate, rho, epsilon):
    """RMSprop with epsilon outside the root."""
    v_t = rho * v + (1 - rho) * g**2
    p_t = p - learning_rate * g / (xp.sqrt(v_t) + epsilon)
    return p_t, v_t


@rule(
    slots={"v": zeros},
    cites="Tieleman & Hinton 2012, lecture 6.5; epsilon under the root (Keras 3)",
)
def rmsprop(xp, t, p, g, v, *, learning_rate, rho, epsilon):
    """RMSprop with epsilon inside the root."""
    v_t = rho * v + (1 - rho) * g**2
    p_t = p - learning_rate * g / xp.sqrt(v_t + epsilon)
    return p_t, v_t


@rule(
    slots={"v": zeros, "b": zeros},
    cites="Tieleman & Hinton 2012, lecture 6.5; momentum as in Keras 3",
)
def rmsprop_momentum(xp, t, p, g, v, b, *, learning_rate, rho, momentum, epsilon):
    """RMSprop with momentum, the learning rate inside the buffer."""
    v_t = rho * v + (1 - rho) * g**2
    b_t = momentum * b + learning_rate * g / xp.sqrt(v_t + epsilon)
    p_t = p - b_t
    return p_t, v_t, b_t


@rule(slots={"v": zeros, "mg": zeros}, cites="Graves 2013, equations 38 to 45, without momentum")
def rmsprop_centered(xp, t, p, g, v, mg, *, learning_rate, rho, epsilon):
    """RMSprop divided by the running standard deviation."""
    v_t = rho * v + (1 - rho) * g**2
    mg_t = rho * mg + (1 - rho) * g
    p_t = p - learning_rate * g / xp.sqrt(v_t - mg_t**2 + epsilon)
    return p_t, v_t, mg_t


@rule(slots={"v": zeros, "mg": zeros, "b": zeros}, cites="Graves 2013, equations 38 to 45")
def rmsprop_centered_momentum(xp, t, p, g, v, mg, b, *, learning_rate, rho, momentum, epsilon):
    """RMSprop divided by the running standard deviation, with momentum."""
    v_t = rho * v + (1 - rho) * g**2
    mg_t = rho * mg + (1 - rho) * g
    b_t = momentum * b + learning_rate * g / xp.sqrt(v_t - mg_t**2 + epsilon)
    p_t = p - b_t
    return p_t, v_t, mg_t, b_t


@rule(
    slots={"v": Slot(1), "b": zeros},
    cites="Tieleman & Hinton 2012, lecture 6.5; from one, with momentum (TensorFlow 1)",
)
def rmsprop_from_one(xp, t, p, g, v, b, *, learning_rate, rho, momentum, epsilon):
    """RMSprop with momentum, whose mean square starts at 1."""
    v_t = rho * v + (1 - rho) * g**2
    b_t = momentum * b + learning_rate * g / xp.sqrt(v_t + epsilon)
    p_t = p - b_t
    return p_t, v_t, b_t


@rule(
    slots={"v": Slot(1), "mg": zeros, "b": zeros},
    cites="Graves 2013, equations 38 to 45; from one (TensorFlow 1)",
)
def rmsprop_centered_from_one(xp, t, p, g, v, mg, b, *, learning_rate, rho, momentum, epsilon):
    """RMSprop divided by the standard deviation, whose mean square starts at 1, with momentum."""
    v_t = rho * v + (1 - rho) * g**2
    mg_t = rho * mg + (1 - rho) * g
    b_t = momentum * b + learning_rate * g / xp.sqrt(v_t - mg_t**2 + epsilon)
    p_t = p - b_t
    return p_t, v_t, mg_t, b_t
