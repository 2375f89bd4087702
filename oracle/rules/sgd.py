"""Gradient descent; the forms with momentum have the learning rate inside or outside of it."""

from oracle.rules.rule import rule, zeros


@rule(cites="Robbins & Monro 1951")
def sgd(xp, t, p, g, *, learning_rate):
    """Stochastic gradient descent."""
    p_t = p - learning_rate * g
    return (p_t,)


@rule(slots={"v": zeros}, cites="Polyak 1964; Sutskever et al. 2013, equations 1 and 2")
def sgd_momentum(xp, t, p, g, v, *, learning_rate, momentum):
    """Gradient descent with classical momentum."""
    v_t = momentum * v - learning_rate * g
    p_t = p + v_t
    return p_t, v_t


@rule(slots={"v": zeros}, cites="Nesterov 1983; Sutskever et al. 2013, equations 3 and 4")
def sgd_nesterov(xp, t, p, g, v, *, learning_rate, momentum):
    """Gradient descent with Nesterov's momentum, the gradient taken at the look-ahead point."""
    v_t = momentum * v - learning_rate * g
    p_t = p + momentum * v_t - learning_rate * g
    return p_t, v_t


@rule(slots={"b": zeros}, cites="Polyak 1964; the rate outside the buffer (TensorFlow 1)")
def sgd_momentum_rate_outside(xp, t, p, g, b, *, learning_rate, momentum):
    """Gradient descent with classical momentum; the buffer ``b`` holds gradients, not steps."""
    b_t = momentum * b + g
    p_t = p - learning_rate * b_t
    return p_t, b_t


@rule(slots={"b": zeros}, cites="Nesterov 1983; the rate outside the buffer (TensorFlow 1)")
def sgd_nesterov_rate_outside(xp, t, p, g, b, *, learning_rate, momentum):
    """Gradient descent with Nesterov's momentum; the buffer ``b`` holds gradients, not steps."""
    b_t = momentum * b + g
    p_t = p - learning_rate * g - learning_rate * momentum * b_t
    return p_t, b_t
