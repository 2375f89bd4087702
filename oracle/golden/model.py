"""What a fixture file holds, as values: a spec's cases, each with its inputs and exact answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.errors import OracleError
from oracle.sparse import Sparse

Array: TypeAlias = npt.NDArray[np.float64]

FORMAT = 2
"""Version of the file format; a reader refuses a file of another one."""

DECIMALS = 40
"""Significant digits of an expected number."""

_CONTEXT = Context(prec=DECIMALS + 10)
"""Enough to see what a float leaves over of a number; less than half a unit of the number's last
digit is the rounding of its text, not a part of it."""


class GoldenError(OracleError):
    """A fixture file is missing, damaged or not what the generator wrote."""


@dataclass(frozen=True, eq=False)
class Exact:
    """A tensor of exact numbers, each as its decimal text and as an unevaluated sum of two floats.

    One float64 cannot tell a right float64 candidate from one that is wrong in its last bits;
    ``hi + lo`` carries some 32 digits and lets numpy compare without a bignum.
    """

    text: npt.NDArray[np.object_]
    hi: Array
    lo: Array

    @classmethod
    def from_decimals(cls, decimals: Sequence[str], shape: tuple[int, ...]) -> Exact:
        """Read decimal strings, in row-major order, into a tensor of ``shape``."""
        text = np.empty(shape, object)
        hi, lo = np.empty(shape), np.empty(shape)
        for place, decimal in enumerate(decimals):
            text.flat[place] = decimal
            hi.flat[place], lo.flat[place] = _split(decimal)
        return cls(text, hi, lo)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the tensor."""
        return self.hi.shape

    def error_of(self, candidate: npt.ArrayLike) -> Array:
        """Return |candidate - exact|: 0 where both are NaN or the same infinity, else inf there."""
        got = np.asarray(candidate, np.float64)
        with np.errstate(invalid="ignore", over="ignore"):
            error = np.abs((got - self.hi) - self.lo)
        same = (got == self.hi) | (np.isnan(got) & np.isnan(self.hi))
        finite = np.isfinite(got) & np.isfinite(self.hi)
        return np.where(finite, error, np.where(same, 0.0, np.inf))


@dataclass(frozen=True, eq=False)
class Bounds:
    """By how much an honest implementation in one dtype may differ from the exact numbers."""

    params: tuple[Array, ...]
    slots: Mapping[str, tuple[Array, ...]]


@dataclass(frozen=True, eq=False)
class Recorded:
    """What is known after ``step`` steps."""

    step: int
    params: tuple[Exact, ...]
    slots: Mapping[str, tuple[Exact, ...]]
    bounds: Mapping[str, Bounds]
    """By dtype, for the dtypes of the case."""


@dataclass(frozen=True, eq=False)
class Case:
    """One run of an optimizer: where it starts, what it is fed, and what must come out."""

    id: str
    why: str
    hyper: Mapping[str, Any]
    dtypes: tuple[str, ...]
    params: tuple[Array, ...]
    grads: tuple[tuple[Array | Sparse | None, ...], ...]
    """By step, then by parameter; None where a parameter gets no gradient."""
    checkpoints: tuple[Recorded, ...]

    @property
    def steps(self) -> int:
        """How many steps the case takes."""
        return len(self.grads)

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of the parameters."""
        return tuple(param.shape for param in self.params)


@dataclass(frozen=True, eq=False)
class Golden:
    """The fixture of one spec."""

    spec: str
    made_by: Mapping[str, str]
    """A digest of each function that its runs passed through, and of the data that these read."""
    mpmath: str
    digits: int
    citations: tuple[str, ...]
    cases: tuple[Case, ...]

    def case(self, case_id: str) -> Case:
        """Return the case called ``case_id``."""
        for case in self.cases:
            if case.id == case_id:
                return case
        raise GoldenError(
            f"{self.spec} has no case {case_id!r}; it has {', '.join(c.id for c in self.cases)}"
        )


def half_unit(number: Decimal) -> Decimal:
    """Return half a unit of the last digit that is kept of a number."""
    return Decimal(5).scaleb(number.adjusted() - DECIMALS)


def _split(decimal: str) -> tuple[float, float]:
    hi = float(decimal)
    if not np.isfinite(hi):
        return hi, 0.0
    number = Decimal(decimal)
    lo = _CONTEXT.subtract(number, Decimal(hi))
    if not number or abs(lo) <= half_unit(number):
        return hi, 0.0
    return hi, float(lo)
