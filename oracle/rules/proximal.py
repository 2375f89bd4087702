"""Proximal methods: a step down the gradient, then the proximal operator of the penalties."""

from oracle.rules.rule import filled_with, rule

_FORWARD_BACKWARD = "Duchi & Singer 2009, forward-backward splitting"


@rule(cites=_FORWARD_BACKWARD)
def proximal_gradient_descent(xp, t, p, g, *, learning_rate, l2_regularization_strength):
    """Gradient descent, then the shrinkage of an L2 penalty."""
    w = p - learning_rate * g
    p_t = w / (1 + learning_rate * l2_regularization_strength)
    return (p_t,)


@rule(cites=f"{_FORWARD_BACKWARD}, with an L1 penalty")
def proximal_gradient_descent_l1(
    xp, t, p, g, *, learning_rate, l1_regularization_strength, l2_regularization_strength
):
    """Gradient descent, then the soft threshold of an L1 and the shrinkage of an L2 penalty."""
    w = p - learning_rate * g
    shrunk = xp.maximum(xp.abs(w) - learning_rate * l1_regularization_strength, 0)
    p_t = xp.sign(w) * shrunk / (1 + learning_rate * l2_regularization_strength)
    return (p_t,)


@rule(
    slots={"a": filled_with("initial_accumulator_value")},
    cites=f"{_FORWARD_BACKWARD}; Duchi, Hazan & Singer 2011",
)
def proximal_adagrad(xp, t, p, g, a, *, learning_rate, l2_regularization_strength):
    """Adagrad, then the shrinkage of an L2 penalty at each coordinate's own rate."""
    a_t = a + g**2
    eta = learning_rate / xp.sqrt(a_t)
    w = p - eta * g
    p_t = w / (1 + eta * l2_regularization_strength)
    return p_t, a_t


@rule(
    slots={"a": filled_with("initial_accumulator_value")},
    cites=f"{_FORWARD_BACKWARD}, with an L1 penalty; Duchi, Hazan & Singer 2011",
)
def proximal_adagrad_l1(
    xp, t, p, g, a, *, learning_rate, l1_regularization_strength, l2_regularization_strength
):
    """Adagrad, then the soft threshold and the shrinkage at each coordinate's own rate."""
    a_t = a + g**2
    eta = learning_rate / xp.sqrt(a_t)
    w = p - eta * g
    shrunk = xp.maximum(xp.abs(w) - eta * l1_regularization_strength, 0)
    p_t = xp.sign(w) * shrunk / (1 + eta * l2_regularization_strength)
    return p_t, a_t
