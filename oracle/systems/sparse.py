"""How a library applies a sparse gradient: to which rows, by which form of its rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from oracle.arithmetic.base import Arithmetic, BoolArray, Condition, Number
from oracle.rules.rule import Rule


@dataclass(frozen=True)
class Slices:
    """A sparse gradient within a step; ``layers`` add up to it (see `oracle.Sparse.layers`)."""

    layers: tuple[Number, ...]
    touched: BoolArray
    """Which elements of the parameter are in a row that occurs."""

    def total(self) -> Number:
        """Return the gradient as one array, the occurrences of a row added up."""
        total = self.layers[0]
        for layer in self.layers[1:]:
            total = total + layer
        return total


Take: TypeAlias = Callable[[Rule, Number, Number, tuple[Number, ...]], tuple[Number, ...]]
"""``take(rule, p, g, slots)`` returns the parameter and the slots after one step of a rule."""


@dataclass(frozen=True)
class SparseForm:
    """What a class does with a sparse gradient."""

    doc: str
    moves_all_params: bool = False
    """Whether a row that does not occur moves as well, as with a gradient of 0."""
    moves_all_slots: bool = False
    """Whether the slots of a row that does not occur do."""
    each_occurrence: bool = False
    """Whether a row that occurs twice takes two steps, instead of one by their sum."""
    choose: Callable[[dict[str, Any]], Rule] | None = None
    """The rule of the sparse kernel, where it is not the dense one's."""
    forms: tuple[Rule, ...] = ()
    """Every rule that ``choose`` may return."""

    def apply(
        self, take: Take, rule: Rule, slices: Slices, p: Number, slots: Sequence[Number]
    ) -> tuple[Number, ...]:
        """Return the parameter and the slots after a step by ``slices``."""
        held = (p, *slots)
        gradients = slices.layers if self.each_occurrence else (slices.total(),)
        after = held
        for g in gradients:
            after = take(rule, after[0], g, after[1:])
        all_rows = (self.moves_all_params, *(self.moves_all_slots for _ in slots))
        return tuple(
            new if moves or new is old else only_touched(new.xp, slices, new, old)
            for moves, new, old in zip(all_rows, after, held, strict=True)
        )


def only_touched(xp: Arithmetic, slices: Slices, new: Number, old: Number) -> Number:
    """Return ``new`` in the rows that occur, ``old`` in the others."""
    condition = Condition(slices.touched, np.ones_like(slices.touched))
    return xp.where(condition, xp.store(new, old), old)


LAZY = SparseForm("Only the rows that occur move, and only their slots; no row catches up later.")
ALL_ROWS = SparseForm(
    "Every row moves, and so do its slots, as if the gradient were dense.",
    moves_all_params=True,
    moves_all_slots=True,
)
LAZY_PARAMS = SparseForm(
    "The slots of every row move, but only the rows that occur.", moves_all_slots=True
)
EACH_OCCURRENCE = SparseForm("Each occurrence of a row is a step of its own.", each_occurrence=True)
