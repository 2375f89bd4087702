"""Learning rates over time as Optax 0.2.8 has them (optax/schedules).

``step`` counts the steps taken before the one at hand: 0 at the first.
"""

from collections.abc import Sequence

from oracle.arithmetic.base import Arithmetic, Number


def polynomial_schedule(
    xp: Arithmetic,
    step: Number,
    *,
    init_value: Number,
    end_value: Number,
    power: Number,
    transition_steps: Number,
    transition_begin: Number,
) -> Number:
    """From one value to another along a power of the share of steps that are left."""
    done = xp.minimum(xp.maximum(step - transition_begin, 0), transition_steps)
    return (init_value - end_value) * (1 - done / transition_steps) ** power + end_value


def linear_schedule(
    xp: Arithmetic,
    step: Number,
    *,
    init_value: Number,
    end_value: Number,
    transition_steps: Number,
    transition_begin: Number,
) -> Number:
    """From one value to another in a straight line."""
    done = xp.minimum(xp.maximum(step - transition_begin, 0), transition_steps)
    return (init_value - end_value) * (1 - done / transition_steps) + end_value


def piecewise_constant_schedule(
    xp: Arithmetic,
    step: Number,
    *,
    init_value: Number,
    boundaries: Sequence[Number],
    scales: Sequence[Number],
) -> Number:
    """Scaled at each boundary; a boundary itself is the first step of what comes after it."""
    rate = init_value
    for boundary, scale in zip(boundaries, scales, strict=True):
        rate = xp.where(step < boundary, rate, scale * rate)
    return rate


def exponential_decay(
    xp: Arithmetic,
    step: Number,
    *,
    init_value: Number,
    transition_steps: Number,
    decay_rate: Number,
    transition_begin: Number,
) -> Number:
    """By a power of the rate, from the step on at which the transition begins."""
    done = step - transition_begin
    decayed = init_value * decay_rate ** (done / transition_steps)
    return xp.where(done <= 0, init_value, decayed)


def exponential_decay_staircase(
    xp: Arithmetic,
    step: Number,
    *,
    init_value: Number,
    transition_steps: Number,
    decay_rate: Number,
    transition_begin: Number,
) -> Number:
    """The same, by whole transitions only."""
    done = step - transition_begin
    decayed = init_value * decay_rate ** xp.floor(done / transition_steps)
    return xp.where(done <= 0, init_value, decayed)


def not_below(xp: Arithmetic, rate: Number, *, end_value: Number) -> Number:
    """Stop a rate that falls at its end."""
    return xp.maximum(rate, end_value)


def not_above(xp: Arithmetic, rate: Number, *, end_value: Number) -> Number:
    """Stop a rate that rises at its end."""
    return xp.minimum(rate, end_value)


def cosine_decay_schedule(
    xp: Arithmetic,
    step: Number,
    *,
    init_value: Number,
    decay_steps: Number,
    alpha: Number,
    exponent: Number,
) -> Number:
    """Along half a cosine, to a power, down to the share alpha (Loshchilov & Hutter 2017)."""
    done = xp.minimum(step, decay_steps)
    cosine = 0.5 * (1 + xp.cos(xp.pi * done / decay_steps))
    return init_value * ((1 - alpha) * cosine**exponent + alpha)


def linear_interpolation(
    xp: Arithmetic, step: Number, *, start: Number, end: Number, begin: Number, length: Number
) -> Number:
    """From one value to the next in a straight line."""
    return (end - start) * ((step - begin) / length) + start


def cosine_interpolation(
    xp: Arithmetic, step: Number, *, start: Number, end: Number, begin: Number, length: Number
) -> Number:
    """From one value to the next along half a cosine."""
    progress = (step - begin) / length
    return end + (start - end) / 2 * (xp.cos(xp.pi * progress) + 1)
