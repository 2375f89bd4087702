"""The one form in which numbers after a step travel: parameters and slots, of whatever kind.

Those of a trajectory are exact, those of a bulk, a fixture and a hypothesis are intervals, and
those of a candidate the arrays that it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from oracle.truth import Array, Truth

Name: TypeAlias = tuple[str, int]
"""A slot's name, or an empty one for a parameter, and the number of the parameter."""

Kind = TypeVar("Kind")
Other = TypeVar("Other")


@dataclass(frozen=True, eq=False)
class Record(Generic[Kind]):
    """Every array after ``step`` steps, parameters before slots; what is not shown is absent."""

    step: int
    arrays: Mapping[Name, Kind]
    part: slice | None = None
    """The part of each flattened array that this is about; None for the whole arrays."""

    @classmethod
    def of(
        cls,
        step: int,
        params: Iterable[Kind],
        slots: Mapping[str, Iterable[Kind | None]] | None = None,
    ) -> Record[Kind]:
        """Return the record of some parameters, and of slots with one array for each of them."""
        held: dict[str, Iterable[Kind | None]] = {"": params, **(slots or {})}
        named = {(name, k): x for name, each in held.items() for k, x in enumerate(each)}
        return cls(step, {name: x for name, x in named.items() if x is not None})

    @property
    def params(self) -> list[Kind]:
        """The parameters, in their order."""
        return [array for (slot, _), array in self.arrays.items() if not slot]

    @property
    def slots(self) -> dict[str, list[Kind]]:
        """The slots by their names, each with its arrays in the order of the parameters."""
        found: dict[str, list[Kind]] = {}
        for (slot, _), array in self.arrays.items():
            if slot:
                found.setdefault(slot, []).append(array)
        return found

    def map(self, of: Callable[..., Other], *others: Record[Any]) -> Record[Other]:
        """Return the record of what ``of`` makes of each array, and of that of other records."""
        made = {n: of(x, *(o.arrays[n] for o in others)) for n, x in self.arrays.items()}
        return Record(self.step, made, self.part)


@dataclass(frozen=True, eq=False)
class Interval:
    """An array of exact numbers, and the most by which an honest candidate's may differ."""

    truth: Truth
    bound: Array

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array."""
        return self.truth.shape

    def ratio_of(self, shown: npt.ArrayLike) -> Array:
        """Return the error over the bound: 0 where there is none, or where anything may be."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            ratio: Array = self.truth.error_of(shown) / self.bound
        no_number = np.isnan(np.max(ratio, initial=0.0))
        return np.where(np.isnan(ratio), 0.0, ratio) if no_number else ratio

    def is_real(self, start: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Whether the bound is smaller than the way from ``start``, or 0: only then it can tell."""
        real: npt.NDArray[np.bool_] = (self.bound < self.truth.error_of(start)) | (self.bound == 0)
        return real

    def resized(self, shape: tuple[int, ...]) -> Interval:
        """Return the interval of an array whose elements repeat those of this one in turn."""
        hi, lo, bound = (np.resize(x, shape) for x in (self.truth.hi, self.truth.lo, self.bound))
        return Interval(Truth(hi, lo), bound)
