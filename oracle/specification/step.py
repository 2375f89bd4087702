"""One step of an optimizer in the making."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from oracle.arithmetic.base import Arithmetic, Number
from oracle.specification.sparse import Slices

Gradient: TypeAlias = "Number | Slices"


@dataclass
class Step:
    """One step in the making: what each stage of a program reads and changes."""

    xp: Arithmetic
    iterations: int
    hyper: Mapping[str, Any]
    """The library's arguments as the user gave them."""
    numbers: Mapping[str, Number]
    """The same as numbers of the arithmetic, where they are numbers."""
    params: list[Number]
    grads: list[Gradient | None]
    slots: dict[str, list[Number]]
    learning_rate: Number
    updating: bool = True
    """False while gradients are only accumulated."""
    hidden: dict[str, Any] = field(default_factory=dict)
    """What stages keep in shapes of their own, by the names that they choose."""

    def present(self) -> list[int]:
        """Return the indices of the parameters that have a gradient."""
        return [k for k, g in enumerate(self.grads) if g is not None]

    def gradients(self) -> list[Number]:
        """Return the gradients that are there, sparse ones as dense arrays."""
        there = [g for g in self.grads if g is not None]
        return [g.total() if isinstance(g, Slices) else g for g in there]

    def pieces(self) -> list[Number]:
        """Return the same, but sparse ones as the layers that add up to them."""
        there = [g for g in self.grads if g is not None]
        return [x for g in there for x in (g.layers if isinstance(g, Slices) else (g,))]

    def replace_gradients(self, gradients: Sequence[Number]) -> None:
        """Put new gradients in the places of those that are there."""
        for k, g in zip(self.present(), gradients, strict=True):
            self.grads[k] = g

    def replace_pieces(self, pieces: Sequence[Number]) -> None:
        """Put new pieces in the places of those of `pieces`."""
        rest = iter(pieces)
        for k in self.present():
            old = self.grads[k]
            layers = tuple(next(rest) for _ in old.layers) if isinstance(old, Slices) else ()
            self.grads[k] = replace(old, layers=layers) if isinstance(old, Slices) else next(rest)


def updates_before(step: Step) -> int:
    """Return how many updates came before this step; accumulated steps count once a group."""
    group = step.hyper.get("gradient_accumulation_steps") or 1
    return step.iterations // int(group)


_SKIPPED = "steps that were not taken"


def skip(step: Step) -> None:
    """Let the links that follow rest: this step is not taken, nor counted by `steps_taken`."""
    step.updating = False
    step.hidden[_SKIPPED] = step.hidden.get(_SKIPPED, 0) + 1


def steps_taken(step: Step) -> int:
    """Return how many steps before this one were not skipped."""
    return step.iterations - int(step.hidden.get(_SKIPPED, 0))
