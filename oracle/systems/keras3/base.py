"""Keras 3's base optimizer: unscale, accumulate, clip, decay weights, update, average.

From keras/src/optimizers/base_optimizer.py (3.15.1), with TensorFlow as the backend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oracle.errors import HyperparameterError, ShapeError
from oracle.rules.rule import Slot, zeros
from oracle.rules.transformations import clipping
from oracle.specification.averages import averaging
from oracle.specification.checks import between, count, optional
from oracle.specification.spec import Hyper, Program, Spec, System
from oracle.specification.step import Step, update_with, updates_before
from oracle.systems.keras3 import schedules


def unscale(step: Step) -> None:
    """Divide the gradients by loss_scale_factor, the factor that the loss was multiplied by."""
    if step.hyper["loss_scale_factor"] is not None:
        factor = step.numbers["loss_scale_factor"]
        step.replace_gradients([g / factor for g in step.gradients()])


def accumulate(step: Step) -> None:
    """Collect gradients, and go on with their mean at the last step of each group."""
    group = step.hyper["gradient_accumulation_steps"]
    if not group:
        return
    held = step.slots["accumulated_gradient"]
    there = zip(step.present(), step.gradients(), strict=True)
    sums = {k: g + held[k] for k, g in there}
    step.updating = (step.iterations + 1) % int(group) == 0
    if step.updating:
        step.replace_gradients([total / int(group) for total in sums.values()])
        step.slots["accumulated_gradient"] = [step.xp.zeros_like(h) for h in held]
    else:
        for k, total in sums.items():
            held[k] = total


def clip(step: Step) -> None:
    """Clip by each gradient's norm, by the norm of all, or by value; a threshold of 0 is off."""
    if not step.updating:
        return
    rules = (
        ("clipnorm", clipping.by_norm),
        ("global_clipnorm", clipping.by_global_norm),
        ("clipvalue", clipping.by_value),
    )
    for argument, rule in rules:
        if _is_positive(step.hyper[argument]):
            step.replace_gradients(rule(step.xp, step.gradients(), step.numbers[argument]))
            return


def set_learning_rate(step: Step) -> None:
    """Look the schedule up; it counts every step, those that only accumulate included."""
    rate = step.hyper["learning_rate"]
    if isinstance(rate, Mapping):
        step.learning_rate = schedules.learning_rate(step.xp, rate, step.iterations)


def decay_weights(step: Step) -> None:
    """Shrink the weights before the update (decoupled weight decay), in proportion to the rate."""
    if step.hyper["weight_decay"] is None or not step.updating:
        return
    for k in step.present():
        if k not in (step.hyper["exclude_from_weight_decay"] or ()):
            p = step.params[k]
            step.params[k] = p - p * step.numbers["weight_decay"] * step.learning_rate


def average(step: Step) -> None:
    """Average the weights after every step; the first step (of updates) copies them."""
    if not step.hyper["use_ema"]:
        return
    first = updates_before(step) == 0
    momentum = step.xp.constant(0) if first else step.numbers["ema_momentum"]
    for k, p in enumerate(step.params):
        held = step.slots["average"][k]
        step.slots["average"][k] = momentum * held + (1 - momentum) * p


def overwrite_with_average(step: Step) -> None:
    """Put the averages in the place of the weights every ema_overwrite_frequency steps."""
    frequency = step.hyper["ema_overwrite_frequency"]
    if step.hyper["use_ema"] and frequency and (updates_before(step) + 1) % int(frequency) == 0:
        step.params[:] = step.slots["average"]


def _is_positive(value: Any) -> bool:
    return value is not None and float(value) > 0


STAGES_BEFORE = (unscale, averaging(accumulate), clip, set_learning_rate, decay_weights)
STAGES_AFTER = (average, overwrite_with_average)
_AVERAGING = {"ema_momentum": between(0, 1), "ema_overwrite_frequency": optional(count(0))}
"""What Keras looks at only where use_ema is set."""


class Keras3(System):
    """The optimizers of Keras 3 on TensorFlow."""

    name = "keras3"
    version = "Keras 3.15.1, keras/src/optimizers"

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse a step in which no parameter has a gradient."""
        if gradients and all(g is None for g in gradients):
            raise ShapeError(f"step {step}: keras3 refuses a step without any gradient")

    def normalize(self, spec: Spec, hyper: Hyper) -> Hyper:
        """Refuse two clips at once, and averages that cannot be, as Keras 3 does."""
        if hyper["use_ema"]:
            for name, check in _AVERAGING.items():
                wanted = check(hyper[name])
                if wanted is not None:
                    raise HyperparameterError(
                        f"{spec.id}: {name}={hyper[name]!r} is refused: {wanted}"
                    )
        clips = [n for n in ("clipnorm", "clipvalue", "global_clipnorm") if hyper[n] is not None]
        if len(clips) > 1:
            raise HyperparameterError(
                f"{spec.id}: {' and '.join(clips)} are given together: give one of them at most"
            )
        return hyper

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Put the rule between the stages of the base class."""
        rule = spec.form(hyper)
        stages = (*STAGES_BEFORE, update_with(rule), *STAGES_AFTER)
        slots: dict[str, Slot] = dict(rule.slots)
        if hyper["use_ema"]:
            slots["average"] = zeros
        if hyper["gradient_accumulation_steps"]:
            slots["accumulated_gradient"] = zeros
        couples = _is_positive(hyper["clipnorm"]) or _is_positive(hyper["global_clipnorm"])
        return Program(rule, stages, slots, hyper, spec.numbers(hyper), couples)
