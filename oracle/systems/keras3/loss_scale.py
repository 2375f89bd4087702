"""Keras 3's LossScaleOptimizer: the loss is scaled up as far as its gradients stay finite.

From keras/src/optimizers/loss_scale_optimizer.py (3.15.1).
"""

from __future__ import annotations

from oracle.arithmetic.base import Number
from oracle.rules.rule import Slot
from oracle.specification.checks import count, floating
from oracle.specification.composition import Around, Inner, composed
from oracle.specification.domains import Count, Domain, Optimizer
from oracle.specification.draws import Halvings, Whole
from oracle.specification.spec import REQUIRED, Argument, Hyper, Program, Spec
from oracle.specification.step import Step, skip, steps_taken
from oracle.specification.transformation import transformation
from oracle.systems.keras3.base import Keras3
from oracle.systems.keras3.wrapped import ADAM, DRAWN, MOMENTUM, PLAIN, RMSPROP, SLOW, WRAPPED


@transformation(
    couples=True,
    slots={
        "dynamic_scale": Slot("initial_scale", scalar=True),
        "step_counter": Slot(0, scalar=True),
    },
    unscales="dynamic_scale",
)
def unscale_or_skip(step: Step) -> None:
    """Divide the gradients by the scale; if one is not finite, halve the scale and take no step."""
    scale = step.slots["dynamic_scale"][0]
    if all(step.xp.is_finite(g) for g in step.gradients()):
        step.replace_gradients([g / scale for g in step.gradients()])
    else:
        skip(step)
        _set_scale(step, scale / 2, step.xp.constant(0))


@transformation()
def grow(step: Step) -> None:
    """Double the scale after dynamic_growth_steps steps in a row, and count anew."""
    scale, taken = step.slots["dynamic_scale"][0], step.slots["step_counter"][0]
    if step.xp.integer(taken) == step.hyper["dynamic_growth_steps"] - 1:
        _set_scale(step, scale * 2, step.xp.constant(0))
    else:
        _set_scale(step, scale, taken + 1)


def _set_scale(step: Step, scale: Number, taken: Number) -> None:
    step.slots["dynamic_scale"] = [scale for _ in step.params]
    step.slots["step_counter"] = [taken for _ in step.params]


def loss_scale(inner: Inner, hyper: Hyper) -> Around:
    """Put the scaling around an optimizer."""
    stages = (unscale_or_skip, inner.update(steps_taken), grow)
    return Around(stages, unscale_or_skip.slots, {"initial_scale": hyper["initial_scale"]})


class _LossScale(Keras3):
    """Keras 3 on TensorFlow, with the scaling around one of its optimizers."""

    def normalize(self, spec: Spec, hyper: Hyper) -> Hyper:
        """Return what is given: a wrapper has none of the base class's arguments."""
        return hyper

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Put the wrapper's stages around those of the optimizer, which scales nothing itself."""
        inner = WRAPPED.inner(spec, hyper, loss_scale_factor=None)
        return composed(loss_scale, inner, hyper)


LOSS_SCALE = Spec(
    _LossScale(),
    "LossScaleOptimizer",
    {
        a.name: a
        for a in (
            Argument(
                "inner_optimizer",
                REQUIRED,
                Optimizer(
                    WRAPPED.check(),
                    DRAWN,
                    on=PLAIN,
                    counting=SLOW,
                    coarse=(MOMENTUM,),
                    others=(ADAM,),
                    decimals=(RMSPROP,),
                    spec_of=WRAPPED.specs.get,
                ),
                "the optimizer that is wrapped: its class_name and config",
            ),
            Argument(
                "initial_scale",
                2.0**15,
                Domain(floating, Halvings(0, 8), usual=True, coarse=(4.0,), others=(16.0,)),
                "what the first loss is multiplied by",
            ),
            Argument(
                "dynamic_growth_steps",
                2000,
                Count(count(1), Whole(1, 3), coarse=(2,), others=(1,)),
                "steps in a row after which the scale doubles",
            ),
        )
    },
    {},
    ("lossscaleoptimizer",),
    "Any optimizer, whose loss is scaled up as far as its gradients stay finite.",
    quirks=(
        "A gradient that is not finite in one parameter stops all of them.",
        "The loss_scale_factor of the wrapped optimizer is taken away from it.",
        "The scale is a float32 number, and the gradients are divided in float32 at least.",
    ),
)
