"""Keras 3's base optimizer: unscale, accumulate, clip, decay weights, update, average.

From keras/src/optimizers/base_optimizer.py (3.15.1), with TensorFlow as the backend.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oracle.errors import HyperparameterError, ShapeError
from oracle.rules.rule import zeros
from oracle.rules.transformations import clipping
from oracle.specification.averages import averaging
from oracle.specification.checks import between, count, optional
from oracle.specification.spec import Hyper, Program, Spec, System
from oracle.specification.step import Step, updates_before
from oracle.specification.transformation import transformation
from oracle.specification.update import update_with
from oracle.systems.keras3 import schedules


@transformation("loss_scale_factor", unscales="loss_scale_factor")
def unscale(step: Step) -> None:
    """Divide the gradients by loss_scale_factor, the factor that the loss was multiplied by."""
    factor = step.numbers["loss_scale_factor"]
    step.replace_gradients([g / factor for g in step.gradients()])


@averaging
@transformation("gradient_accumulation_steps", slots={"accumulated_gradient": zeros})
def accumulate(step: Step) -> None:
    """Collect gradients, and go on with their mean at the last step of each group."""
    group = step.hyper["gradient_accumulation_steps"]
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


@transformation("clipnorm", couples=True, one_of="clip")
def clip_norm(step: Step) -> None:
    """Clip each gradient by its own norm; a threshold of 0 is off."""
    step.replace_gradients(clipping.by_norm(step.xp, step.gradients(), step.numbers["clipnorm"]))


@transformation("global_clipnorm", couples=True, one_of="clip")
def clip_global_norm(step: Step) -> None:
    """Clip the gradients by the norm of all of them; a threshold of 0 is off."""
    threshold = step.numbers["global_clipnorm"]
    step.replace_gradients(clipping.by_global_norm(step.xp, step.gradients(), threshold))


@transformation("clipvalue", one_of="clip")
def clip_value(step: Step) -> None:
    """Clip each element of the gradients; a threshold of 0 is off."""
    step.replace_gradients(clipping.by_value(step.xp, step.gradients(), step.numbers["clipvalue"]))


@transformation("learning_rate", gathers=True)
def set_learning_rate(step: Step) -> None:
    """Look the schedule up; it counts every step, those that only accumulate included."""
    rate = step.hyper["learning_rate"]
    step.learning_rate = schedules.learning_rate(step.xp, rate, step.iterations)


@transformation("weight_decay")
def decay_weights(step: Step) -> None:
    """Shrink the weights before the update (decoupled weight decay), in proportion to the rate."""
    for k in step.present():
        if k not in (step.hyper["exclude_from_weight_decay"] or ()):
            p = step.params[k]
            step.params[k] = p - p * step.numbers["weight_decay"] * step.learning_rate


@transformation("use_ema", slots={"average": zeros}, gathers=True)
def average(step: Step) -> None:
    """Average the weights after every step; the first step (of updates) copies them."""
    first = updates_before(step) == 0
    momentum = step.xp.constant(0) if first else step.numbers["ema_momentum"]
    for k, p in enumerate(step.params):
        held = step.slots["average"][k]
        step.slots["average"][k] = momentum * held + (1 - momentum) * p


@transformation("use_ema", "ema_overwrite_frequency", gathers=True)
def overwrite_with_average(step: Step) -> None:
    """Put the averages in the place of the weights every ema_overwrite_frequency steps."""
    if (updates_before(step) + 1) % int(step.hyper["ema_overwrite_frequency"]) == 0:
        step.params[:] = step.slots["average"]


_CLIPS = (clip_norm, clip_global_norm, clip_value)
BEFORE = (unscale, accumulate, *_CLIPS, set_learning_rate)
AFTER = (average, overwrite_with_average)

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
        """Put the rule, and how the class decays weights, between the stages of the base class."""
        rule = spec.form(hyper)
        update = update_with(rule, apart=spec.exceptions(hyper))
        decay = spec.before or (decay_weights,)
        return spec.chain(hyper, rule, *BEFORE, *decay, update, *AFTER)
