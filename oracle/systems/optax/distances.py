"""Optax's rates that follow from how far the parameters have come: DoG and DoWG.

From optax/contrib/_dog.py (0.2.8). All parameters are one vector here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oracle.arithmetic.base import Arithmetic, Number
from oracle.rules.directions import gradient
from oracle.rules.rule import Slot, at_parameter
from oracle.specification.checks import at_least, optional, real
from oracle.specification.domains import Other, among
from oracle.specification.draws import Among
from oracle.specification.spec import Argument, Hyper
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.systems.optax.arguments import (
    DESCEND,
    RATE,
    alias,
    decayed,
    epsilon,
    mask,
)

KINDS = ("heuristic", "distance", "learning_rate")
_SHARED = Slot(0, scalar=True)


def sum_of_squares(xp: Arithmetic, arrays: Sequence[Number]) -> Number:
    """Return the squared Euclidean norm over the elements of all arrays."""
    total = xp.constant(0)
    for a in arrays:
        total = total + xp.sum(a**2)
    return total


def squared_distance(step: Step) -> Number:
    """Return the squared distance of all parameters from where they started."""
    start = step.slots["x_0"]
    return sum_of_squares(step.xp, [x - p for x, p in zip(start, step.params, strict=True)])


def _keep(step: Step, slot: str, number: Number) -> None:
    step.slots[slot] = [number for _ in step.params]


def first_distance(step: Step) -> Number:
    """Return the distance that counts as come before the first step."""
    kind, value = step.hyper["init_step"][0], step.numbers["init_step"]
    if kind == "distance":
        return value
    if kind == "heuristic":
        return value * (1 + step.xp.sqrt(sum_of_squares(step.xp, step.params)))
    return step.xp.constant(0)


@transformation(
    couples=True, slots={"x_0": at_parameter, "max_dist": _SHARED, "sum_sq_norm_grads": _SHARED}
)
def scale_by_dog(step: Step) -> None:
    """Scale by the largest distance so far over the root of the sum of squared norms."""
    xp, first = step.xp, step.iterations == 0
    before = first_distance(step) if first else step.slots["max_dist"][0]
    distance = xp.maximum(before, xp.sqrt(squared_distance(step)))
    total = step.slots["sum_sq_norm_grads"][0] + sum_of_squares(xp, step.gradients())
    rate = distance / xp.sqrt(total + step.numbers["eps"])
    if first and step.hyper["init_step"][0] == "learning_rate":
        rate = step.numbers["init_step"]
    step.replace_gradients([rate * g for g in step.gradients()])
    _keep(step, "max_dist", distance)
    _keep(step, "sum_sq_norm_grads", total)


@transformation(
    couples=True,
    slots={"x_0": at_parameter, "estim_sq_dist": _SHARED, "weighted_sq_norm_grads": _SHARED},
)
def scale_by_dowg(step: Step) -> None:
    """Scale by the largest squared distance so far over the root of the norms it weighs."""
    xp = step.xp
    first = step.numbers["init_estim_sq_dist"]
    before = step.slots["estim_sq_dist"][0] if step.iterations else first
    distance = xp.maximum(before, squared_distance(step))
    weighed = distance * sum_of_squares(xp, step.gradients())
    total = weighed + step.slots["weighted_sq_norm_grads"][0]
    rate = distance / (xp.sqrt(total) + step.numbers["eps"])
    step.replace_gradients([rate * g for g in step.gradients()])
    _keep(step, "estim_sq_dist", distance)
    _keep(step, "weighted_sq_norm_grads", total)


def _init_step(value: Any) -> str | None:
    fits = isinstance(value, (tuple, list)) and len(value) == 2 and value[0] in KINDS
    wanted = f"it must be a pair of one of {', '.join(KINDS)} and a number"
    return (at_least(0)(value[1]) and wanted) if fits else wanted


def _value(hyper: Hyper) -> Any:
    return hyper["init_step"][1]


def _squared(hyper: Hyper) -> Any:
    given = hyper["init_estim_sq_dist"]
    return hyper["eps"] if given is None else given


_RATE = Argument("learning_rate", 1.0, RATE.domain, RATE.doc)
_DECAY = (
    Argument(
        "weight_decay",
        None,
        among(0.0625, 0.004, 0.5, check=optional(real), on=0.0625, coarse=(0.0625,)),
        "share of the parameter that is added to its gradient",
    ),
    mask(),
)
_FIRST = Other(
    _init_step,
    Among((("heuristic", 0.25), ("distance", 0.5), ("learning_rate", 0.125))),
    usual=True,
    on=("distance", 0.5),
    coarse=(("heuristic", 0.125),),
    others=(("distance", 0.5),),
    decimals=(("learning_rate", 0.3),),
)

DISTANCES = (
    alias(
        "dog",
        "DoG: the distance from the start over the gradients, as the rate.",
        (
            _RATE,
            Argument("init_step", ("heuristic", 1e-6), _FIRST, "what counts as the first distance"),
            epsilon(1e-8),
            *_DECAY,
        ),
        {(): gradient.steepest},
        DESCEND,
        before=(decayed(), scale_by_dog),
        derived={"init_step": _value},
        contrib=True,
        quirks=("All parameters are one vector.",),
    ),
    alias(
        "dowg",
        "DoWG: the same with gradients that the distance weighs.",
        (
            _RATE,
            Argument(
                "init_estim_sq_dist",
                None,
                among(0.25, 0.5, check=optional(at_least(0)), on=0.25, usual=True, zero_is_on=True),
                "what counts as the first squared distance; eps by default",
            ),
            epsilon(1e-4),
            *_DECAY,
        ),
        {(): gradient.steepest},
        DESCEND,
        before=(decayed(), scale_by_dowg),
        derived={"init_estim_sq_dist": _squared},
        contrib=True,
        quirks=("All parameters are one vector.",),
    ),
)
