"""An optimizer that wraps another: its stages around the other's, the slots of both.

The wrapped optimizer's hyperparameters enter the arithmetic as ``MomentumOptimizer.momentum``, so
that none of them is taken for one of the wrapper's, and a candidate can declare a precision for
each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from oracle.rules.rule import PARAMETER, Rule, Slot
from oracle.specification.spec import Hyper, Program
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation, run_chain

_INNER = "Let the wrapped optimizer take its own step."

Count = Callable[[Step], int]
"""Tells how many steps the wrapped optimizer took before this one."""


def every_step(step: Step) -> int:
    """Return the count of an optimizer that takes every step."""
    return step.iterations


@dataclass(frozen=True)
class Inner:
    """A wrapped optimizer."""

    name: str
    program: Program

    @property
    def numeric(self) -> dict[str, Any]:
        """Its hyperparameters that are numbers, by their qualified names."""
        return {self._qualified(name): value for name, value in self.program.numeric.items()}

    def slots(self, prefix: str = "") -> dict[str, Slot]:
        """Return its slots; ``prefix`` tells a second set of them from the first."""
        return {f"{prefix}{name}": self._slot(slot) for name, slot in self.program.slots.items()}

    def update(self, count: Count = every_step, prefix: str = "") -> Transformation:
        """Return the link in which it takes its step, with the slots that ``prefix`` names."""

        def wrapped_update(step: Step) -> None:
            within = self._within(step, count(step), prefix)
            run_chain(self.program.stages, within)
            for name, values in within.slots.items():
                step.slots[f"{prefix}{name}"] = values

        couples = self.program.couples_elements
        return Transformation("wrapped_update", wrapped_update, _INNER, couples=couples)

    def _within(self, step: Step, iterations: int, prefix: str) -> Step:
        """Return the same step as the wrapped optimizer sees it."""
        names = self.program.numeric
        numbers = {name: step.numbers[self._qualified(name)] for name in names}
        return replace(
            step,
            iterations=iterations,
            hyper=self.program.hyper,
            numbers=numbers,
            grads=list(step.grads),
            slots={name: step.slots[f"{prefix}{name}"] for name in self.program.slots},
            learning_rate=numbers.get("learning_rate", step.xp.constant(0)),
        )

    def _qualified(self, name: str) -> str:
        return f"{self.name}.{name}"

    def _slot(self, slot: Slot) -> Slot:
        held = isinstance(slot.initial, str) and slot.initial != PARAMETER
        return replace(slot, initial=self._qualified(str(slot.initial))) if held else slot


@dataclass(frozen=True)
class Around:
    """What a wrapper adds to an optimizer for one choice of hyperparameters."""

    stages: tuple[Transformation, ...]
    """All of the stages, the wrapped optimizer's among them."""
    slots: Mapping[str, Slot]
    """Those of the wrapper, and those that the wrapped optimizer has a second time."""
    numeric: Mapping[str, Any]
    """The wrapper's own hyperparameters that are numbers."""
    rule: Rule | None = None
    """The wrapper's formula, where it has one."""


Wrapper = Callable[[Inner, Hyper], Around]


def composed(wrapper: Wrapper, inner: Inner, hyper: Hyper) -> Program:
    """Return the program of a wrapper around another optimizer."""
    around = wrapper(inner, hyper)
    return Program(
        around.rule or inner.program.rule,
        around.stages,
        around.stages,
        {**inner.slots(), **around.slots},
        hyper,
        {**inner.numeric, **around.numeric},
        None if around.rule else inner.program.apart,
    )
