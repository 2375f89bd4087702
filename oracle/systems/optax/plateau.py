"""Optax's reduce_on_plateau: updates are scaled down when the loss has stopped to fall.

From optax/contrib/_reduce_on_plateau.py (0.2.8). The loss of each step is an argument of the run.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from oracle.arithmetic.base import Arithmetic, Number
from oracle.errors import HyperparameterError
from oracle.rules.directions import gradient
from oracle.rules.rule import Slot
from oracle.rules.transformations.plateau import (
    Plateau,
    certain,
    lower_by_both,
    optax_plateau,
)
from oracle.specification.checks import at_least, real
from oracle.specification.given import PLATEAUS, given, per_step
from oracle.specification.numbers import counted, number
from oracle.specification.spec import Hyper, Spec
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.systems.optax.arguments import alias
from oracle.systems.optax.base import OptaxContrib

_MEMORY = "the losses before"


@dataclass(frozen=True)
class _Losses:
    """What is remembered of the losses before."""

    plateau: Plateau = field(default_factory=Plateau)
    mean: Number | None = None
    """The mean of those that are still gathered."""


def mean_loss(xp: Arithmetic, mean: Number, loss: Number, before: int) -> Number:
    """Return the mean of a loss and of those before it, of which there are so many."""
    return (before * mean + loss) / (before + 1)


@transformation(slots={"scale": Slot(1, scalar=True)})
def reduce_on_plateau(step: Step) -> None:
    """Scale by a number that falls by a factor when the mean loss has stopped to fall."""
    xp, hyper, n = step.xp, step.hyper, step.numbers
    size, scale = int(hyper["accumulation_size"]), step.slots["scale"][0]
    memory: _Losses = step.hidden.get(_MEMORY, _Losses())
    place, loss = step.iterations % size, given(step, "value")
    mean = loss if memory.mean is None else mean_loss(xp, memory.mean, loss, place)
    plateau = memory.plateau
    if place == size - 1:
        better = None if plateau.best is None else lower_by_both(xp, mean, plateau.best, hyper)
        plateau, reduced = optax_plateau(hyper, plateau.judged(mean, better))
        lower = scale * n["factor"] if reduced else scale
        scale = certain(xp, xp.maximum(lower, n["min_scale"]), better)
    step.hidden[_MEMORY] = _Losses(plateau, None if place == size - 1 else mean)
    step.slots["scale"] = [scale for _ in step.params]
    step.replace_gradients([scale * g for g in step.gradients()])


class _Reducing(OptaxContrib):
    """The link by itself."""

    def normalize(self, spec: Spec, hyper: Hyper) -> Hyper:
        """Refuse two tolerances of 0."""
        if not float(hyper["rtol"]) and not float(hyper["atol"]):
            raise HyperparameterError(f"{spec.id}: rtol or atol must be above 0")
        return hyper


def _is_factor(value: Any) -> str | None:
    outside = real(value) is not None or not 0 < float(value) < 1
    return "it must lie between 0 and 1" if outside else None


def _is_share(value: Any) -> str | None:
    outside = real(value) is not None or not 0 <= float(value) < 1
    return "it must be at least 0, and below 1: with 1 no loss is ever lower" if outside else None


_NOT_NEGATIVE = at_least(0)
_ALIAS = alias(
    "reduce_on_plateau",
    "Updates that are scaled down when the loss has stopped to fall.",
    (
        number("factor", 0.1, "factor of the scale", 0.5, 0.25, 0.3, check=_is_factor),
        counted("patience", 10, "mean losses no better that are waited for", 1, 2),
        number(
            "rtol", 1e-4, "share by which one has to be lower", 0.125, 0.25, 0.1, check=_is_share
        ),
        number("atol", 0.0, "amount by which, too", 0.03125, 0.0625, 0.01, check=_NOT_NEGATIVE),
        counted("cooldown", 0, "mean losses that are passed over after a reduction", 1, 2),
        counted("accumulation_size", 1, "losses of which the mean is taken", 2, 3, least=1),
        number("min_scale", 0.0, "the smallest scale", 0.375, 0.5, 0.2, check=_NOT_NEGATIVE),
        per_step("value", "the loss at each step; the last one stays", *PLATEAUS),
    ),
    {(): gradient.steepest},
    quirks=(
        "A patience of 0 reduces the scale at each loss that is better, and at no other.",
        "The best loss moves on while losses are passed over.",
    ),
)
REDUCE_ON_PLATEAU = replace(_ALIAS, system=_Reducing(before=(reduce_on_plateau,)))
