"""Learning rates over time as PyTorch 2.13.0 has them (torch/optim/lr_scheduler.py).

Most schedulers make a rate of the one before it, so that they can be chained. ``settings`` are the
arguments of a scheduler under the library's names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from oracle.arithmetic.base import Arithmetic, Number

Settings: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Past:
    """What a scheduler knows when its turn comes."""

    base: Number
    """The rate that the optimizer was given."""
    rate: Number
    """The rate of the step before; at the first step the same."""
    epoch: int
    """How many steps the scheduler took: 0 at the first step of the optimizer."""


def unchanged(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    """Begin with the rate as it is."""
    return past.rate


def at_the_base(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    """Begin anew with the rate that the optimizer was given."""
    return past.base


def step_lr(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    """Times ``gamma`` after every ``step_size`` steps."""
    gamma = xp.constant(settings["gamma"])
    return past.rate * gamma if past.epoch % settings["step_size"] == 0 else past.rate


def multi_step_lr(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    """Times ``gamma`` at each milestone, once more where one is named again."""
    times = xp.constant(list(settings["milestones"]).count(past.epoch))
    return past.rate * xp.constant(settings["gamma"]) ** times


def constant_share(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    """Begin with a share of the rate."""
    return past.rate * xp.constant(settings["factor"])


def constant_lr(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    """A share of the rate, until it is whole."""
    whole = 1 / xp.constant(settings["factor"])
    return past.rate * whole if past.epoch == settings["total_iters"] else past.rate


def linear_share(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    """Begin with a share of the rate."""
    return past.rate * xp.constant(settings["start_factor"])


def linear_lr(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    """From one share of the rate to another in a straight line."""
    if past.epoch > settings["total_iters"]:
        return past.rate
    start, end = xp.constant(settings["start_factor"]), xp.constant(settings["end_factor"])
    whole, gone = xp.constant(settings["total_iters"]), xp.constant(past.epoch - 1)
    return past.rate * (1 + (end - start) / (whole * start + gone * (end - start)))


def exponential_lr(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    """Times ``gamma`` after every step."""
    return past.rate * xp.constant(settings["gamma"])


def polynomial_lr(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    """Down to 0 along a power of the share of steps that are left."""
    if past.epoch > settings["total_iters"]:
        return past.rate
    whole = xp.constant(settings["total_iters"])
    left = 1 - xp.constant(past.epoch) / whole
    before = 1 - xp.constant(past.epoch - 1) / whole
    return past.rate * (left / before) ** xp.constant(settings["power"])


def cosine_annealing_lr(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    """Down to ``eta_min`` along half a cosine, and up again."""
    half, least = settings["T_max"], xp.constant(settings["eta_min"])
    angle = xp.pi / xp.constant(half)
    if (past.epoch - 1) % (2 * half) == half:
        return past.rate + (past.base - least) * (1 - xp.cos(angle)) / 2
    now = 1 + xp.cos(angle * xp.constant(past.epoch))
    before = 1 + xp.cos(angle * xp.constant(past.epoch - 1))
    return now / before * (past.rate - least) + least


def cosine_annealing_anew(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    """Begin anew at the highest point, as the closed form has it."""
    least = xp.constant(settings["eta_min"])
    return least + (past.base - least)


def cosine_annealing_warm_restarts(xp: Arithmetic, settings: Settings, past: Past) -> Number:
    """Down to ``eta_min`` along half a cosine, from the start again and again."""
    done, whole = past.epoch, settings["T_0"]
    for _ in range(past.epoch):
        if done >= whole:
            done, whole = done - whole, whole * settings["T_mult"]
    least = xp.constant(settings["eta_min"])
    share = xp.constant(done) / xp.constant(whole)
    return least + (past.base - least) * (1 + xp.cos(xp.pi * share)) / 2


def cycle(
    xp: Arithmetic, epoch: int, *, low: Number, high: Number, up: int, down: int, height: Number
) -> Number:
    """From ``low`` towards ``high`` and back in straight lines, as far as ``height`` says."""
    whole = up + down
    place = 1 + xp.constant(epoch) / xp.constant(whole) - xp.constant(1 + epoch // whole)
    turn = xp.constant(up) / xp.constant(whole)
    if epoch % whole <= up:
        return low + (high - low) * (place / turn) * height
    return low + (high - low) * ((place - 1) / (turn - 1)) * height


def annealed_by_cosine(xp: Arithmetic, *, start: Number, end: Number, share: Number) -> Number:
    """From one number to another along half a cosine."""
    return end + (start - end) / 2 * (xp.cos(xp.pi * share) + 1)


def annealed_in_line(xp: Arithmetic, *, start: Number, end: Number, share: Number) -> Number:
    """From one number to another in a straight line."""
    return (end - start) * share + start


def share_by_cosine(xp: Arithmetic, done: Number) -> Number:
    """How much of a way along half a cosine is gone when ``done`` of the steps are."""
    return (1 - xp.cos(xp.pi * done)) / 2


def share_in_line(xp: Arithmetic, done: Number) -> Number:
    """The same in a straight line."""
    return done


def swa_lr(xp: Arithmetic, rate: Number, *, goal: Number, before: Number, now: Number) -> Number:
    """Towards ``goal``, of the way to which ``before`` was gone, and ``now`` is."""
    start = (rate - before * goal) / (1 - before)
    return goal * now + start * (1 - now)
