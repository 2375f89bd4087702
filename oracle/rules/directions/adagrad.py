"""The direction of Adagrad, epsilon under the root: the gradient over that of its squares' sum."""

from oracle.rules.rule import filled_with, rule


@rule(
    slots={"a": filled_with("initial_accumulator_value")},
    cites="Duchi, Hazan & Singer 2011; 0 where nothing has been summed up (Optax)",
)
def adagrad_resting_at_zero(xp, t, p, g, a, *, epsilon):
    """Adagrad; where all gradients were 0 and the sum started at 0, it rests."""
    a_t = a + g**2
    u_t = xp.where(a_t > 0, g / xp.sqrt(a_t + epsilon), 0)
    return u_t, a_t
