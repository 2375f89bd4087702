"""PyTorch's GradScaler: the loss is scaled up as far as its gradients stay finite.

From torch/amp/grad_scaler.py (2.13.0).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oracle.arithmetic.base import Number
from oracle.errors import ShapeError
from oracle.rules.rule import Slot
from oracle.specification.checks import between, count, floating
from oracle.specification.composition import Around, Inner, composed
from oracle.specification.domains import Count, Domain, among
from oracle.specification.draws import Halvings, Whole
from oracle.specification.spec import Argument, Hyper, Program, Spec
from oracle.specification.step import Step, skip, steps_taken
from oracle.specification.transformation import transformation
from oracle.systems.torch.base import Torch
from oracle.systems.torch.wrapped import OPTIMIZER, WRAPPED


@transformation(
    couples=True,
    slots={
        "scale": Slot("init_scale", scalar=True),
        "growth_tracker": Slot(0, scalar=True),
    },
    unscales="scale",
)
def unscale_or_skip(step: Step) -> None:
    """Divide the gradients by the scale; if one is not finite, lower the scale and take no step."""
    scale = step.slots["scale"][0]
    if all(step.xp.is_finite(g) for g in step.gradients()):
        step.replace_gradients([g / scale for g in step.gradients()])
    else:
        skip(step)
        _set(step, scale * step.numbers["backoff_factor"], step.xp.constant(0))


@transformation()
def grow(step: Step) -> None:
    """Raise the scale after growth_interval steps in a row, and count anew."""
    scale, taken = step.slots["scale"][0], step.slots["growth_tracker"][0]
    if step.xp.integer(taken) == step.hyper["growth_interval"] - 1:
        _set(step, scale * step.numbers["growth_factor"], step.xp.constant(0))
    else:
        _set(step, scale, taken + 1)


def _set(step: Step, scale: Number, taken: Number) -> None:
    step.slots["scale"] = [scale for _ in step.params]
    step.slots["growth_tracker"] = [taken for _ in step.params]


_FACTORS = ("init_scale", "growth_factor", "backoff_factor")


def _scaling(inner: Inner, hyper: Hyper) -> Around:
    stages = (unscale_or_skip, inner.update(steps_taken), grow)
    return Around(stages, unscale_or_skip.slots, {name: hyper[name] for name in _FACTORS})


class _Scaler(Torch):
    """An optimizer, and what scales its loss."""

    version = "PyTorch 2.13.0, torch/amp/grad_scaler.py"

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse a step without any gradient, which the scaler does, too."""
        if all(gradient is None for gradient in gradients):
            raise ShapeError(f"step {step}: no gradient at all: GradScaler takes one at least")

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Put the scaling around the optimizer's step."""
        return composed(_scaling, WRAPPED.inner(spec, hyper), hyper)


def _power(name: str, default: float, doc: str, other: float, low: float, high: float) -> Argument:
    check = between(low, high, low_open=True, check=floating)
    domain = among(other, check=check, usual=True, on=other, coarse=(other,), decimals=(other,))
    return Argument(name, default, domain, doc)


GRAD_SCALER = Spec(
    _Scaler(),
    "GradScaler",
    {
        a.name: a
        for a in (
            OPTIMIZER,
            Argument(
                "init_scale",
                2.0**16,
                Domain(
                    floating,
                    Halvings(0, 8),
                    usual=True,
                    on=8.0,
                    coarse=(4.0,),
                    others=(16.0,),
                    decimals=(8.0,),
                ),
                "what the first loss is multiplied by",
            ),
            _power("growth_factor", 2.0, "what a scale that held is multiplied by", 4.0, 1, 2**30),
            _power("backoff_factor", 0.5, "what one that did not is multiplied by", 0.25, 0, 0.999),
            Argument(
                "growth_interval",
                2000,
                Count(count(1), Whole(1, 3), coarse=(2,), others=(1,)),
                "steps in a row after which the scale grows",
            ),
        )
    },
    {},
    ("gradscaler",),
    "An optimizer whose loss is scaled up as far as its gradients stay finite.",
    (
        "A gradient that is not finite in one parameter stops all of them.",
        "The scale is a float32 number; float16 gradients are refused.",
    ),
)
