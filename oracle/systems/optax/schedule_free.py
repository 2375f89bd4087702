"""Optax's schedule-free optimizers: gradients are taken at y, steps at z, and x is their mean.

From optax/contrib/_schedule_free.py (0.2.8); the parameters are y.
"""

from __future__ import annotations

from collections.abc import Mapping

from oracle.arithmetic.base import Number
from oracle.rules.directions import gradient
from oracle.rules.directions.rms import rms_epsilon_beside_corrected
from oracle.rules.rule import Slot, at_parameter
from oracle.specification.checks import count, optional, real
from oracle.specification.domains import Count, DecayRate, among
from oracle.specification.draws import Among, Whole
from oracle.specification.numbers import number
from oracle.specification.spec import Argument
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.systems.optax import schedules
from oracle.systems.optax.arguments import (
    DESCEND,
    RATE,
    alias,
    decay_rate,
    decayed,
    epsilon,
    weight_decay,
)

_SHARED = Slot(0, scalar=True)


def rate_after(step: Step, steps: int) -> Number:
    """Return the rate that a schedule or a warm-up has after so many steps."""
    rate, warmup = step.hyper["learning_rate"], step.hyper.get("warmup_steps")
    if warmup is not None:
        config = {"init_value": 0, "peak_value": rate, "warmup_steps": warmup}
        rate = {"class_name": "warmup_constant_schedule", "config": config}
    if isinstance(rate, Mapping):
        return schedules.learning_rate(step.xp, rate, steps)
    return step.numbers["learning_rate"]


@transformation("warmup_steps")
def warm_up(step: Step) -> None:
    """Take the rate of the steps before this one: the first is 0."""
    step.learning_rate = rate_after(step, step.iterations)


@transformation(slots={"z": at_parameter, "weight_sum": _SHARED, "max_lr": _SHARED})
def average_steps(step: Step) -> None:
    """Move z by the step, x towards z by its share of all weights, and y between the two.

    The weight is a power of the largest rate so far, that of the step to come among them.
    """
    xp, b1 = step.xp, step.numbers["b1"]
    largest = xp.maximum(step.slots["max_lr"][0], rate_after(step, step.iterations + 1))
    weight = largest ** step.numbers["weight_lr_power"]
    total = step.slots["weight_sum"][0] + weight
    share = xp.where(total <= 0, 0, weight / total)
    for k, u in zip(step.present(), step.gradients(), strict=True):
        y, z = step.params[k], step.slots["z"][k]
        x = (y - (1 - b1) * z) / b1
        z_next = z + u
        x_next = (1 - share) * x + share * z_next
        step.slots["z"][k] = z_next
        step.grads[k] = b1 * x_next + (1 - b1) * z_next - y
    step.slots["max_lr"] = [largest for _ in step.params]
    step.slots["weight_sum"] = [total for _ in step.params]


_B1 = Argument("b1", 0.9, DecayRate(drawn=Among((0.5, 0.75, 0.875))), "share of x in y")
_WARMUP = Argument(
    "warmup_steps",
    None,
    Count(optional(count(1)), Whole(1, 3), on=3),
    "steps in which the rate rises from 0",
)
_POWER = number(
    "weight_lr_power", 2.0, "power of the largest rate that weighs a step", 1.0, 3.0, 0.5
)
_DECAY_OR_NONE = Argument(
    "weight_decay",
    None,
    among(0.0625, 0.004, 0.5, check=optional(real), on=0.0625, coarse=(0.0625,)),
    "share of y that is added to its gradient",
)
_QUIRKS = (
    "The base optimizer's rate counts from 0, the weight's from 1.",
    "b1=0 divides by 0.",
)

SCHEDULE_FREE = (
    alias(
        "schedule_free_sgd",
        "Schedule-free gradient descent.",
        (
            Argument("learning_rate", 1.0, RATE.domain, RATE.doc),
            _WARMUP,
            _B1,
            _DECAY_OR_NONE,
            _POWER,
        ),
        {(): gradient.steepest},
        DESCEND,
        average_steps,
        before=(warm_up, decayed(masked_by=None)),
        contrib=True,
        quirks=_QUIRKS,
    ),
    alias(
        "schedule_free_adamw",
        "Schedule-free AdamW.",
        (
            Argument("learning_rate", 0.0025, RATE.domain, RATE.doc),
            _WARMUP,
            _B1,
            decay_rate("b2", 0.999, "decay rate of the second moment"),
            epsilon(1e-8),
            weight_decay(0.0),
            _POWER,
        ),
        {(): rms_epsilon_beside_corrected},
        decayed(masked_by=None),
        DESCEND,
        average_steps,
        before=(warm_up,),
        contrib=True,
        renamed={"rho": "b2"},
        fixed={"initial_scale": 0.0},
        quirks=_QUIRKS,
    ),
)
