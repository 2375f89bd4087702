"""An optimizer that wraps another: its stages around the other's, the slots of both.

The wrapped optimizer's hyperparameters enter the arithmetic as ``MomentumOptimizer.momentum``, so
that none of them is taken for one of the wrapper's, and a candidate can declare a precision for
each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from oracle.rules.rule import PARAMETER, Rule, Shape, Slot
from oracle.specification.spec import KEY, Hyper, Program
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation, run_chain

_INNER = "Let the wrapped optimizer take its own step."

Count = Callable[[Step], int]
"""Tells how many steps the wrapped optimizer took before this one."""


Holds = Callable[[int], bool]
"""Tells whether a parameter, by its index, is one of those that the wrapped optimizer moves."""


def every_step(step: Step) -> int:
    """Return the count of an optimizer that takes every step."""
    return step.iterations


def every_parameter(index: int) -> bool:
    """Let the wrapped optimizer move all parameters."""
    return True


@dataclass(frozen=True)
class Inner:
    """A wrapped optimizer."""

    name: str
    program: Program
    key: str = ""
    """What tells it from the others where several are wrapped."""
    holds: Holds = every_parameter

    @property
    def numeric(self) -> dict[str, Any]:
        """Its hyperparameters that are numbers, by their qualified names."""
        return {self._qualified(name): value for name, value in self.program.numeric.items()}

    def slots(self, prefix: str = "") -> dict[str, Slot]:
        """Return its slots; ``prefix`` tells a second set of them from the first."""
        return {f"{prefix}{name}": self._slot(slot) for name, slot in self.program.slots.items()}

    def update(self, count: Count = every_step, prefix: str = "") -> Transformation:
        """Return the link in which it takes its step, with the slots that ``prefix`` names."""
        hidden = f"within {prefix}"

        def wrapped_update(step: Step) -> None:
            own = [k for k in range(len(step.params)) if self.holds(k)]
            within = replace(
                self._within(step, own, prefix),
                iterations=count(step),
                hidden=dict(step.hidden.get(hidden, {})),
            )
            if own:
                run_chain(self.program.stages, within)
            step.hidden[hidden] = within.hidden
            for place, k in enumerate(own):
                step.params[k] = within.params[place]
                for name, values in within.slots.items():
                    step.slots[f"{prefix}{name}"][k] = values[place]

        couples = self.program.couples_elements
        return Transformation(f"{prefix}wrapped_update", wrapped_update, _INNER, couples=couples)

    def _within(self, step: Step, own: Sequence[int], prefix: str) -> Step:
        """Return the same step as the wrapped optimizer sees it."""
        names = self.program.numeric
        numbers = {name: step.numbers[self._qualified(name)] for name in names}
        slots = {name: step.slots[f"{prefix}{name}"] for name in self.program.slots}
        return replace(
            step,
            hyper=self.program.hyper,
            numbers=numbers,
            params=[step.params[k] for k in own],
            grads=[step.grads[k] for k in own],
            slots={name: [values[k] for k in own] for name, values in slots.items()},
            learning_rate=numbers.get("learning_rate", step.xp.constant(0)),
        )

    def _qualified(self, name: str) -> str:
        key = f"{self.key}{KEY}" if self.key else ""
        return f"{key}{self.name}.{name}"

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
        inner.program.lacks,
    )


def several(default: Inner, others: Mapping[int, Inner], hyper: Hyper) -> Program:
    """Return the program of optimizers side by side: one, and those of single parameters.

    The slots of the latter are called ``0.m`` or ``2.v``, by the parameter's index.
    """

    def only(index: int) -> Holds:
        return lambda k: k == index

    rest = replace(default, holds=lambda k: k not in others)
    parts = {"": rest} | {f"{k}.": replace(one, holds=only(k)) for k, one in others.items()}

    def lacks(slot: str, index: int, shape: Shape) -> bool:
        prefix = next((p for p in reversed(parts) if slot.startswith(p)), "")
        inner = parts[prefix]
        name = slot.removeprefix(prefix)
        return not inner.holds(index) or inner.program.lacks(name, index, shape)

    stages = tuple(inner.update(prefix=prefix) for prefix, inner in parts.items())
    slots = {n: s for prefix, inner in parts.items() for n, s in inner.slots(prefix).items()}
    numeric = {n: x for inner in parts.values() for n, x in inner.numeric.items()}
    return Program(default.program.rule, stages, stages, slots, hyper, numeric, lacks)
