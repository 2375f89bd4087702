"""Adagrad with dual averaging: the weights solved anew from the sum of all gradients."""

from oracle.rules.rule import filled_with, rule, zeros

_DUCHI = "Duchi, Hazan & Singer 2011, section 5, the primal-dual subgradient update"


@rule(
    slots={"z": zeros, "a": filled_with("initial_gradient_squared_accumulator_value")},
    cites=_DUCHI,
)
def adagrad_da(xp, t, p, g, z, a, *, learning_rate, l2_regularization_strength):
    """Adagrad with dual averaging; ``z`` sums gradients, ``a`` their squares."""
    z_t = z + g
    a_t = a + g**2
    curvature = l2_regularization_strength * (t * learning_rate) + xp.sqrt(a_t)
    p_t = -(learning_rate * z_t) / curvature
    return p_t, z_t, a_t


@rule(
    slots={"z": zeros, "a": filled_with("initial_gradient_squared_accumulator_value")},
    cites=f"{_DUCHI} with an L1 penalty",
)
def adagrad_da_l1(
    xp,
    t,
    p,
    g,
    z,
    a,
    *,
    learning_rate,
    l1_regularization_strength,
    l2_regularization_strength,
):
    """Adagrad with dual averaging and an L1 penalty, which grows with the steps as the sum does."""
    z_t = z + g
    a_t = a + g**2
    curvature = l2_regularization_strength * (t * learning_rate) + xp.sqrt(a_t)
    shrunk = xp.maximum(xp.abs(z_t) - t * l1_regularization_strength, 0)
    p_t = -(learning_rate * xp.sign(z_t) * shrunk) / curvature
    return p_t, z_t, a_t
