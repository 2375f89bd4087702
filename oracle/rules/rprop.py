"""Resilient backpropagation: steps whose size depends on the signs of gradients alone."""

from oracle.rules.rule import filled_with, rule, zeros


@rule(
    slots={"prev": zeros, "step_size": filled_with("lr")},
    cites="Riedmiller & Braun 1993; without going back (iRprop-, Igel & Huesken 2000)",
)
def rprop(xp, t, p, g, prev, step_size, *, eta_minus, eta_plus, step_size_min, step_size_max):
    """Longer steps while a sign stays; shorter ones where it turns, and none at that step."""
    agreement = g * prev
    factor = xp.where(agreement > 0, eta_plus, xp.where(agreement < 0, eta_minus, 1))
    step_size_t = xp.minimum(xp.maximum(step_size * factor, step_size_min), step_size_max)
    prev_t = xp.where(agreement < 0, 0, g)
    way = xp.where(prev_t > 0, 1, xp.where(prev_t < 0, -1, 0))
    p_t = p - way * step_size_t
    return p_t, prev_t, step_size_t
