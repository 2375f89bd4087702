"""Adagrad: the gradient divided by the root of the sum of its squares."""

from oracle.rules.rule import filled_with, rule, zeros


@rule(slots={"a": zeros}, cites="Duchi, Hazan & Singer 2011; epsilon added to the root (Keras 2)")
def adagrad_epsilon_outside(xp, t, p, g, a, *, learning_rate, epsilon):
    """Adagrad that starts at 0, with epsilon outside the root."""
    a_t = a + g**2
    p_t = p - learning_rate * g / (xp.sqrt(a_t) + epsilon)
    return p_t, a_t


@rule(
    slots={"a": filled_with("initial_accumulator_value")},
    cites="Duchi, Hazan & Singer 2011; epsilon under the root (Keras 3)",
)
def adagrad(xp, t, p, g, a, *, learning_rate, epsilon):
    """Adagrad with epsilon inside the root."""
    a_t = a + g**2
    p_t = p - learning_rate * g / xp.sqrt(a_t + epsilon)
    return p_t, a_t


@rule(
    slots={"a": filled_with("initial_accumulator_value")},
    cites="Duchi, Hazan & Singer 2011; no epsilon (TensorFlow 1)",
)
def adagrad_without_epsilon(xp, t, p, g, a, *, learning_rate):
    """Adagrad that only its start keeps from dividing by 0."""
    a_t = a + g**2
    p_t = p - learning_rate * g / xp.sqrt(a_t)
    return p_t, a_t


@rule(
    slots={"a": filled_with("initial_accumulator_value")},
    cites="TensorFlow 1.15.5, RegAdagradOptimizer.avoid_updating_slots",
)
def adagrad_at_rest(xp, t, p, g, a, *, learning_rate):
    """Adagrad whose sum of squares divides, but is left as it is."""
    a_t = a
    p_t = p - learning_rate * g / xp.sqrt(a_t)
    return p_t, a_t
