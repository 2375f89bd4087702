"""``tf.train.experimental.MixedPrecisionLossScaleOptimizer``: steps by finite gradients alone.

From tensorflow/python/training/experimental/loss_scale.py (1.15.5).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracle.arithmetic.base import Number
from oracle.rules.rule import Slot
from oracle.specification.checks import Check, at_least, count, real
from oracle.specification.composition import Around, Inner
from oracle.specification.domains import Other
from oracle.specification.draws import Among
from oracle.specification.spec import REQUIRED, Argument, Hyper
from oracle.specification.step import Step, skip, steps_taken
from oracle.specification.transformation import transformation
from oracle.specification.wrapped import serialized
from oracle.systems.tf1.wrappers.stages import as_it_is

DYNAMIC = "dynamic"
"""What stands for a `DynamicLossScale` with its defaults."""

DEFAULTS: Mapping[str, Any] = {
    "initial_loss_scale": 2.0**15,
    "increment_period": 2000,
    "multiplier": 2.0,
}
_CHECKS: Mapping[str, Check] = {
    "initial_loss_scale": real,
    "increment_period": count(1),
    "multiplier": real,
}


def is_loss_scale(value: Any) -> str | None:
    """Accept a number of at least 1, "dynamic", and a `DynamicLossScale` with its arguments."""
    if value == DYNAMIC:
        return None
    if not isinstance(value, Mapping):
        return None if at_least(1)(value) is None else "it must be at least 1, or 'dynamic'"
    if value.get("class_name") != "DynamicLossScale" or set(value) != {"class_name", "config"}:
        return "it must be {'class_name': 'DynamicLossScale', 'config': ARGUMENTS}"
    for name, given in value["config"].items():
        if name not in _CHECKS:
            return f"DynamicLossScale has no {name!r}: it takes {', '.join(_CHECKS)}"
        if wanted := _CHECKS[name](given):
            return f"{name}={given!r}: {wanted}"
    return None


def moving(loss_scale: Any) -> Mapping[str, Any] | None:
    """Return the arguments of a scale that moves; None for one that is fixed."""
    if loss_scale == DYNAMIC:
        return DEFAULTS
    return {**DEFAULTS, **loss_scale["config"]} if isinstance(loss_scale, Mapping) else None


@transformation(
    couples=True,
    slots={
        "current_loss_scale": Slot("initial_loss_scale", scalar=True),
        "good_steps": Slot(0, scalar=True),
    },
)
def skip_what_is_not_finite(step: Step) -> None:
    """Take no step where a gradient is not finite, and lower the scale, though not below 1."""
    if not all(step.xp.is_finite(g) for g in step.gradients()):
        skip(step)
        scale = step.slots["current_loss_scale"][0] / step.numbers["multiplier"]
        set_scale(step, step.xp.maximum(scale, step.xp.constant(1)), step.xp.constant(0))


@transformation()
def raise_scale(step: Step) -> None:
    """Multiply the scale after increment_period steps in a row, and count anew."""
    scale, good = step.slots["current_loss_scale"][0], step.slots["good_steps"][0]
    period = (moving(step.hyper["loss_scale"]) or DEFAULTS)["increment_period"]
    if step.xp.integer(good) + 1 >= period:
        set_scale(step, scale * step.numbers["multiplier"], step.xp.constant(0))
    else:
        set_scale(step, scale, good + 1)


def set_scale(step: Step, scale: Number, good: Number) -> None:
    """Share the scale and the count among all parameters."""
    step.slots["current_loss_scale"] = [scale for _ in step.params]
    step.slots["good_steps"] = [good for _ in step.params]


def mixed_precision(inner: Inner, hyper: Hyper) -> Around:
    """Put a scale that moves around an optimizer; one that is fixed adds nothing."""
    scale = moving(hyper["loss_scale"])
    if scale is None:
        return as_it_is(inner, hyper)
    stages = (skip_what_is_not_finite, inner.update(steps_taken), raise_scale)
    numeric = {name: scale[name] for name in ("initial_loss_scale", "multiplier")}
    return Around(stages, skip_what_is_not_finite.slots, numeric)


def _scale(**config: Any) -> Mapping[str, Any]:
    return serialized("DynamicLossScale", **config)


LOSS_SCALE = Argument(
    "loss_scale",
    REQUIRED,
    Other(
        is_loss_scale,
        Among((DYNAMIC, 8.0, _scale(initial_loss_scale=4.0, increment_period=2))),
        on=DYNAMIC,
        coarse=(_scale(initial_loss_scale=4.0, increment_period=2),),
        others=(_scale(initial_loss_scale=8.0, increment_period=1, multiplier=4.0),),
        decimals=(_scale(initial_loss_scale=5.3, increment_period=2, multiplier=1.7),),
    ),
    "a fixed scale, 'dynamic', or a DynamicLossScale with its arguments",
)
