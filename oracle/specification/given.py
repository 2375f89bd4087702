"""What a step is given besides its gradients: a number for each step, as a list.

The loss of an optimizer that asks for it is an argument of the run, under the library's own name,
so that it travels wherever hyperparameters do; so is whatever else changes from step to step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from oracle.arithmetic.base import Number
from oracle.specification.checks import Check, real
from oracle.specification.domains import Other
from oracle.specification.draws import Among
from oracle.specification.spec import REQUIRED, Argument
from oracle.specification.step import Step


@dataclass(frozen=True)
class PerStep(Other):
    """One number for each step; the last one stays."""

    usual: bool = True


def at_step(numbers: Sequence[Any], step: int) -> Any:
    """Return the number of a step, counted from 0; after the last one it stays."""
    return numbers[min(step, len(numbers) - 1)]


def given(step: Step, argument: str) -> Number:
    """Return the number that an argument has for this step."""
    value = at_step(step.hyper[argument], step.iterations)
    return step.xp.constant(value, argument)


def per_step(name: str, doc: str, *lists: list[float], check: Check = real) -> Argument:
    """Return an argument with a number for each step.

    ``lists`` are a coarse one, another one, and one of decimal fractions.
    """

    def is_list(value: Any) -> str | None:
        fits = isinstance(value, (list, tuple)) and len(value) > 0
        wrong = next((wrong for wrong in map(check, value) if wrong), None) if fits else "no list"
        return wrong and f"it must have a number for each step, as a list such as {lists[0]}"

    coarse, other, decimal = lists
    domain = PerStep(
        is_list,
        Among(lists),
        on=coarse,
        coarse=(coarse,),
        others=(other,),
        decimals=(decimal,),
    )
    return Argument(name, REQUIRED, domain, doc)


_A_LITTLE = 0.25 * (1 - 2.0**-11)
PLATEAUS = (
    [1.0, 1.0, 1.0, 0.5, 0.5, 2.0, 0.5, 0.5, 0.25, _A_LITTLE, _A_LITTLE - 2.0**-17],
    [1.0, 0.5, 0.75, 0.5, 0.5, 0.5, 2.0, 2.0, 0.5],
    [0.7, 0.3, 0.9, 0.6, 0.3, 0.3],
)
"""Losses that stop to fall, and fall again, by much, by little and by too little."""
