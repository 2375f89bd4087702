"""Learning rates over time: Keras 2's decay, and the schedules of Keras 3.

``step`` counts the steps taken before the one at hand: 0 at the first.
"""

from collections.abc import Sequence

from oracle.arithmetic.base import Arithmetic, Number


def time_decay(xp: Arithmetic, step: Number, learning_rate: Number, decay: Number) -> Number:
    """Keras 2's ``decay`` argument: lr / (1 + decay * iterations)."""
    return learning_rate * (1 / (1 + decay * step))


def exponential_decay(
    xp: Arithmetic,
    step: Number,
    *,
    initial_learning_rate: Number,
    decay_steps: Number,
    decay_rate: Number,
) -> Number:
    """ExponentialDecay: continuous."""
    return initial_learning_rate * decay_rate ** (step / decay_steps)


def exponential_decay_staircase(
    xp: Arithmetic,
    step: Number,
    *,
    initial_learning_rate: Number,
    decay_steps: Number,
    decay_rate: Number,
) -> Number:
    """ExponentialDecay with staircase=True: whole periods only."""
    return initial_learning_rate * decay_rate ** xp.floor(step / decay_steps)


def inverse_time_decay(
    xp: Arithmetic,
    step: Number,
    *,
    initial_learning_rate: Number,
    decay_steps: Number,
    decay_rate: Number,
) -> Number:
    """InverseTimeDecay: continuous."""
    return initial_learning_rate / (1 + decay_rate * (step / decay_steps))


def inverse_time_decay_staircase(
    xp: Arithmetic,
    step: Number,
    *,
    initial_learning_rate: Number,
    decay_steps: Number,
    decay_rate: Number,
) -> Number:
    """InverseTimeDecay with staircase=True: whole periods only."""
    return initial_learning_rate / (1 + decay_rate * xp.floor(step / decay_steps))


def polynomial_decay(
    xp: Arithmetic,
    step: Number,
    *,
    initial_learning_rate: Number,
    decay_steps: Number,
    end_learning_rate: Number,
    power: Number,
) -> Number:
    """PolynomialDecay: to end_learning_rate after decay_steps, and no further."""
    progress = xp.minimum(step, decay_steps) / decay_steps
    return (initial_learning_rate - end_learning_rate) * (1 - progress) ** power + end_learning_rate


def polynomial_decay_cycle(
    xp: Arithmetic,
    step: Number,
    *,
    initial_learning_rate: Number,
    decay_steps: Number,
    end_learning_rate: Number,
    power: Number,
) -> Number:
    """PolynomialDecay with cycle=True: the period grows to the next multiple of decay_steps."""
    periods = xp.maximum(xp.ceil(step / decay_steps), 1)
    progress = step / decay_steps / periods
    return (initial_learning_rate - end_learning_rate) * (1 - progress) ** power + end_learning_rate


def cosine_decay(
    xp: Arithmetic,
    step: Number,
    *,
    initial_learning_rate: Number,
    decay_steps: Number,
    alpha: Number,
) -> Number:
    """CosineDecay without warm-up (Loshchilov & Hutter 2017, equation 5)."""
    progress = xp.minimum(step, decay_steps) / decay_steps
    cosine = 0.5 * (1 + xp.cos(xp.pi * progress))
    return initial_learning_rate * ((1 - alpha) * cosine + alpha)


def cosine_decay_warmup(
    xp: Arithmetic,
    step: Number,
    *,
    initial_learning_rate: Number,
    decay_steps: Number,
    alpha: Number,
    warmup_target: Number,
    warmup_steps: Number,
) -> Number:
    """CosineDecay that first rises in a straight line to warmup_target."""
    rise = (warmup_target - initial_learning_rate) * (step / warmup_steps) + initial_learning_rate
    progress = xp.minimum(step - warmup_steps, decay_steps) / decay_steps
    cosine = 0.5 * (1 + xp.cos(xp.pi * progress))
    fall = warmup_target * ((1 - alpha) * cosine + alpha)
    return xp.where(step < warmup_steps, rise, fall)


def cosine_decay_restarts(
    xp: Arithmetic,
    step: Number,
    *,
    initial_learning_rate: Number,
    first_decay_steps: Number,
    m_mul: Number,
    alpha: Number,
) -> Number:
    """CosineDecayRestarts with t_mul=1: periods of equal length."""
    progress = step / first_decay_steps
    restart = xp.floor(progress)
    cosine = 0.5 * m_mul**restart * (1 + xp.cos(xp.pi * (progress - restart)))
    return initial_learning_rate * ((1 - alpha) * cosine + alpha)


def cosine_decay_restarts_geometric(
    xp: Arithmetic,
    step: Number,
    *,
    initial_learning_rate: Number,
    first_decay_steps: Number,
    t_mul: Number,
    m_mul: Number,
    alpha: Number,
) -> Number:
    """CosineDecayRestarts (Loshchilov & Hutter 2017, section 3): each period t_mul times longer."""
    elapsed = step / first_decay_steps
    restart = xp.floor(xp.log(1 - elapsed * (1 - t_mul)) / xp.log(t_mul))
    start = (1 - t_mul**restart) / (1 - t_mul)
    progress = (elapsed - start) / t_mul**restart
    cosine = 0.5 * m_mul**restart * (1 + xp.cos(xp.pi * progress))
    return initial_learning_rate * ((1 - alpha) * cosine + alpha)


def piecewise_constant_decay(
    xp: Arithmetic, step: Number, *, boundaries: Sequence[Number], values: Sequence[Number]
) -> Number:
    """PiecewiseConstantDecay: a boundary itself still belongs to the interval before it."""
    rate = values[-1]
    for boundary, value in zip(reversed(boundaries), reversed(values[:-1]), strict=True):
        rate = xp.where(step <= boundary, value, rate)
    return rate
