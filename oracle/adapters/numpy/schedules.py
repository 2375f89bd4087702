"""The learning-rate schedules of Keras 3, from their serialized form."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from oracle.adapters.numpy.base import Number

Rounding: TypeAlias = Callable[[float], Number]
"""Rounds a Python number to the dtype in which the schedule is computed."""
Schedule: TypeAlias = Callable[..., Number]


def learning_rate_at(learning_rate: float | Mapping[str, Any], step: int, to: Rounding) -> Number:
    """Return the learning rate of the step that is counted from 0."""
    if not isinstance(learning_rate, Mapping):
        return to(learning_rate)
    config = {k: v for k, v in learning_rate["config"].items() if k != "name"}
    return SCHEDULES[learning_rate["class_name"]](step, to, **config)


def check(learning_rate: float | Mapping[str, Any]) -> None:
    """Refuse a schedule that Keras does not have or would not construct."""
    if not isinstance(learning_rate, Mapping):
        return
    name, config = learning_rate.get("class_name"), learning_rate.get("config", {})
    if name not in SCHEDULES:
        raise ValueError(f"unknown schedule {name!r}: use one of {', '.join(SCHEDULES)}")
    for argument in ("decay_steps", "first_decay_steps"):
        if argument in config and config[argument] <= 0:
            raise ValueError(f"{name}: {argument} is {config[argument]}, but must be above 0")
    if name == "PiecewiseConstantDecay" and len(config["values"]) != len(config["boundaries"]) + 1:
        raise ValueError(f"{name}: values must have one entry more than boundaries")


def exponential_decay(
    step: int,
    to: Rounding,
    *,
    initial_learning_rate: float,
    decay_steps: float,
    decay_rate: float,
    staircase: bool = False,
) -> Number:
    """Multiply the rate by ``decay_rate`` once in ``decay_steps``."""
    elapsed = to(step) / to(decay_steps)
    if staircase:
        elapsed = np.floor(elapsed)
    return to(initial_learning_rate) * np.power(to(decay_rate), elapsed)


def inverse_time_decay(
    step: int,
    to: Rounding,
    *,
    initial_learning_rate: float,
    decay_steps: float,
    decay_rate: float,
    staircase: bool = False,
) -> Number:
    """Divide the rate by a denominator that grows linearly."""
    elapsed = to(step) / to(decay_steps)
    if staircase:
        elapsed = np.floor(elapsed)
    return to(initial_learning_rate) / (to(1) + to(decay_rate) * elapsed)


def piecewise_constant_decay(
    step: int, to: Rounding, *, boundaries: Sequence[float], values: Sequence[float]
) -> Number:
    """Take ``values[i]`` up to and including step ``boundaries[i]``.

    The boundaries become integers, and the values whose interval holds the step are added up.
    """
    ends = [int(boundary) for boundary in boundaries]
    rate = to(0)
    if step <= ends[0]:
        rate = rate + to(values[0])
    if step > ends[-1]:
        rate = rate + to(values[-1])
    for low, high, value in zip(ends[:-1], ends[1:], values[1:-1], strict=True):
        if low < step <= high:
            rate = rate + to(value)
    return rate


def polynomial_decay(
    step: int,
    to: Rounding,
    *,
    initial_learning_rate: float,
    decay_steps: float,
    end_learning_rate: float = 0.0001,
    power: float = 1.0,
    cycle: bool = False,
) -> Number:
    """Go from the initial to the end rate along a power, once or in ever longer cycles."""
    start, end, length, position = (
        to(x) for x in (initial_learning_rate, end_learning_rate, decay_steps, step)
    )
    if cycle:
        cycles = np.ceil(position / length) if step else to(1)
        length = length * cycles
    else:
        position = np.minimum(position, length)
    return (start - end) * np.power(to(1) - position / length, to(power)) + end


def cosine_decay(
    step: int,
    to: Rounding,
    *,
    initial_learning_rate: float,
    decay_steps: float,
    alpha: float = 0.0,
    warmup_target: float | None = None,
    warmup_steps: float = 0,
) -> Number:
    """Follow half a cosine down to ``alpha`` times the rate, after a linear warm-up if any."""
    start, length, position = to(initial_learning_rate), to(decay_steps), to(step)
    if warmup_target is not None:
        target, warmup = to(warmup_target), to(warmup_steps)
        position = np.minimum(position, length + warmup)
        if position < warmup:
            return (target - start) * (position / warmup) + start
        start, position = target, position - warmup
    position = np.minimum(position, length)
    cosine = to(0.5) * (to(1) + np.cos(to(math.pi) * (position / length)))
    return start * ((to(1) - to(alpha)) * cosine + to(alpha))


def cosine_decay_restarts(
    step: int,
    to: Rounding,
    *,
    initial_learning_rate: float,
    first_decay_steps: float,
    t_mul: float = 2.0,
    m_mul: float = 1.0,
    alpha: float = 0.0,
) -> Number:
    """Follow half a cosine again and again, each ``t_mul`` times as long as the one before."""
    one, ratio, fraction = to(1), to(t_mul), to(step) / to(first_decay_steps)
    if ratio == one:
        restarts = np.floor(fraction)
        fraction = fraction - restarts
    else:
        restarts = np.floor(np.log(one - fraction * (one - ratio)) / np.log(ratio))
        length = np.power(ratio, restarts)
        fraction = (fraction - (one - length) / (one - ratio)) / length
    height = np.power(to(m_mul), restarts)
    cosine = to(0.5) * height * (one + np.cos(to(math.pi) * fraction))
    return to(initial_learning_rate) * ((one - to(alpha)) * cosine + to(alpha))


SCHEDULES: dict[str, Schedule] = {
    "ExponentialDecay": exponential_decay,
    "PiecewiseConstantDecay": piecewise_constant_decay,
    "PolynomialDecay": polynomial_decay,
    "InverseTimeDecay": inverse_time_decay,
    "CosineDecay": cosine_decay,
    "CosineDecayRestarts": cosine_decay_restarts,
}
