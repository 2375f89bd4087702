"""How a library applies a sparse gradient: to which rows, by which form of its rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.arithmetic.base import Arithmetic, BoolArray, Condition, Number
from oracle.rules.rule import Rule
from oracle.specification.forms import Forms


@dataclass(frozen=True)
class Places:
    """Where the rows of a sparse gradient are."""

    rows: tuple[int, ...]
    """The rows that occur, in their order; one may be there several times."""
    row_of: npt.NDArray[np.intp]
    """Of each element of the parameter, the row that it is in."""

    @property
    def touched(self) -> BoolArray:
        """Which elements are in a row that occurs."""
        return self.layer(0)

    def only(self, row: int, a: Number) -> Number:
        """Return ``a`` in the elements of one row, and 0 elsewhere."""
        return a.xp.where(_everywhere_sure(self.row_of == row), a, 0)

    def layer(self, number: int) -> BoolArray:
        """Return which elements are in a row that occurs more than ``number`` times."""
        often = [row for row in set(self.rows) if self.rows.count(row) > number]
        mask: BoolArray = np.isin(self.row_of, np.array(often, np.intp))
        return mask


@dataclass(frozen=True)
class Slices:
    """A sparse gradient within a step; ``layers`` add up to it (see `oracle.Sparse.layers`)."""

    layers: tuple[Number, ...]
    places: Places

    @property
    def touched(self) -> BoolArray:
        """Which elements of the parameter are in a row that occurs."""
        return self.places.touched

    def conditions(self) -> list[Condition]:
        """Return for each layer where it has rows."""
        return [_everywhere_sure(self.places.layer(n)) for n in range(len(self.layers))]

    def in_its_rows(self) -> Slices:
        """Return the same with 0 in every element of a layer that is in none of its rows."""
        pairs = zip(self.layers, self.conditions(), strict=True)
        layers = tuple(layer.xp.where(there, layer, 0) for layer, there in pairs)
        return Slices(layers, self.places)

    def total(self) -> Number:
        """Return the gradient as one array, the occurrences of a row added up."""
        total = self.layers[0]
        for layer in self.layers[1:]:
            total = total + layer
        return total


def slices_of(occurrences: Sequence[tuple[int, Number]], like: Slices) -> Slices:
    """Return a sparse gradient of the same parameter with other occurrences of rows.

    Each is a row and an array like the parameter, with the row's numbers in their places.
    """
    layers = [like.layers[0].xp.zeros_like(like.layers[0])]
    seen: dict[int, int] = {}
    for row, a in occurrences:
        number = seen.get(row, 0)
        seen[row] = number + 1
        if number == len(layers):
            layers.append(a.xp.zeros_like(a))
        there = _everywhere_sure(like.places.row_of == row)
        layers[number] = a.xp.where(there, a, layers[number])
    rows = tuple(row for row, _ in occurrences)
    return Slices(tuple(layers), replace(like.places, rows=rows))


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
    forms: Forms = field(default_factory=dict)
    """The rules of the sparse kernel, where they are not the dense one's."""
    rule: Rule | None = None
    """The one of them that some hyperparameters ask for."""
    with_any_arguments: bool = True
    """Whether it is taken with every choice of hyperparameters."""

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
    return xp.where(_everywhere_sure(slices.touched), xp.store(new, old), old)


def _everywhere_sure(mask: BoolArray) -> Condition:
    """Return what holds where the mask says so, whatever is rounded."""
    return Condition(mask, np.ones_like(mask))


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
