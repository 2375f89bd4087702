"""How the agreement of signs fades in AddSign and PowerSign (TensorFlow 1.15, sign_decay.py).

``step`` counts the steps taken before the one at hand, at most ``decay_steps``. Each function
returns a number from 0 to 1.
"""

from oracle.arithmetic.base import Arithmetic, Number


def linear(xp: Arithmetic, step: Number, *, decay_steps: Number) -> Number:
    """get_linear_decay_fn: from 1 down to 0."""
    return xp.maximum(0, (decay_steps - step) / decay_steps)


def cosine(xp: Arithmetic, step: Number, *, decay_steps: Number, num_periods: Number) -> Number:
    """get_cosine_decay_fn: ``num_periods`` waves between 1 and 0."""
    fraction = 2 * num_periods * (step / decay_steps)
    return (1 + xp.cos(xp.pi * fraction)) / 2


def restart(
    xp: Arithmetic, step: Number, *, decay_steps: Number, num_periods: Number, restarts: Number
) -> Number:
    """get_restart_decay_fn: ``num_periods`` half waves from 1 to 0, each from 1 anew."""
    remainder = num_periods * step - restarts * decay_steps
    return (1 + xp.cos(xp.pi * (remainder / decay_steps))) / 2


def zero_from(
    xp: Arithmetic, decayed: Number, step: Number, *, decay_steps: Number, reached: Number
) -> Number:
    """Return 0 once the share of steps that are done has ``reached`` a limit."""
    return xp.where(step / decay_steps >= reached, 0, decayed)
