"""What makes a function a rule: its slots with their start values, and where it is from."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from oracle.arithmetic.base import Arithmetic, Number


@dataclass(frozen=True)
class Slot:
    """One kind of memory of an optimizer: its start value, and whether each element has its own."""

    initial: float | str
    """A number, or the name of the hyperparameter that holds it."""
    scalar: bool = False
    """One number that all parameters share instead of one for each element."""


zeros = Slot(0)
scalar_one = Slot(1, scalar=True)


def filled_with(argument: str) -> Slot:
    """Return a slot that starts at the value of a hyperparameter."""
    return Slot(argument)


@dataclass(frozen=True)
class Rule:
    """An update rule: ``function(xp, t, p, g, *slots, **hyper) -> (p_t, *slots_t)``."""

    name: str
    function: Callable[..., tuple[Number, ...]]
    slots: Mapping[str, Slot]
    cites: str
    hyper: tuple[str, ...]
    """The names of its hyperparameters."""

    def __call__(
        self,
        xp: Arithmetic,
        t: Number,
        p: Number,
        g: Number,
        slots: tuple[Number, ...],
        hyper: Mapping[str, Number],
    ) -> tuple[Number, ...]:
        """Take step ``t``; hyperparameters that the rule does not use are left out."""
        return self.function(xp, t, p, g, *slots, **{name: hyper[name] for name in self.hyper})

    @property
    def source(self) -> str:
        """Return the Python source of the function, decorator included."""
        return inspect.getsource(self.function)


def rule(
    *, cites: str, slots: Mapping[str, Slot] | None = None
) -> Callable[[Callable[..., tuple[Number, ...]]], Rule]:
    """Declare a rule with the slots it keeps and the source it is from."""

    def declare(function: Callable[..., tuple[Number, ...]]) -> Rule:
        parameters = inspect.signature(function).parameters.values()
        hyper = tuple(p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY)
        return Rule(function.__name__, function, dict(slots or {}), cites, hyper)

    return declare
