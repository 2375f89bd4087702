"""Gradients that are averaged over steps: the bound covers every way to keep their mean."""

from __future__ import annotations

from functools import wraps

from oracle.arithmetic.base import Number
from oracle.specification.sparse import Slices
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation

_COLLECTED = "gradients since the last update"
_SUMS = "accumulated_gradient"


def averaging(stage: Transformation) -> Transformation:
    """Return the same stage, which collects gradients and goes on with their mean.

    The mean itself is the stage's. What it loses in another form, such as a running mean, follows
    from the gradients, which are remembered here, but for those that the stage drops.
    """

    def averaged(step: Step) -> None:
        held = list(step.slots.get(_SUMS, []))
        before = step.hidden.get(_COLLECTED, [])
        collected = [*before, list(step.grads)]
        stage(step)
        if not step.updating:
            drops = all(new is old for new, old in zip(step.slots[_SUMS], held, strict=True))
            step.hidden[_COLLECTED] = before if drops else collected
            return
        step.hidden[_COLLECTED] = []
        for k in step.present():
            mean = step.grads[k]
            if isinstance(mean, Number) and len(collected) > 1:
                came = [_dense(step, grads[k], mean) for grads in collected]
                step.grads[k] = step.xp.averaged(mean, came)

    return stage.acting(wraps(stage.act)(averaged))


def _dense(step: Step, gradient: Number | Slices | None, mean: Number) -> Number:
    """Return what came in one step as an array: 0 where nothing came."""
    if gradient is None:
        return step.xp.zeros_like(mean)
    return gradient.total() if isinstance(gradient, Slices) else gradient
