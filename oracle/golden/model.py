"""What a fixture file holds, as values: a spec's cases, each with its inputs and exact answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

import numpy as np

from oracle.errors import OracleError
from oracle.record import Interval, Record
from oracle.sparse import Sparse
from oracle.truth import Array, Truth

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
class Recorded:
    """What is known after some steps."""

    exact: Record[Truth]
    bounds: Mapping[str, Record[Array]]
    """By how much an honest implementation in a dtype may differ, for the dtypes of the case."""

    @property
    def step(self) -> int:
        """How many steps."""
        return self.exact.step


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

    def recorded(self, dtype: str) -> list[Record[Interval]]:
        """Return what is known in a dtype, step by step."""
        return [c.exact.map(Interval, c.bounds[dtype]) for c in self.checkpoints]

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


def exact(decimals: Sequence[str], shape: tuple[int, ...]) -> Truth:
    """Read decimal strings, in row-major order, into an array of ``shape``."""
    split = np.array([_split(decimal) for decimal in decimals]).reshape(-1, 2)
    return Truth(split[:, 0].reshape(shape), split[:, 1].reshape(shape))


def _split(decimal: str) -> tuple[float, float]:
    hi = float(decimal)
    if not np.isfinite(hi):
        return hi, 0.0
    number = Decimal(decimal)
    lo = _CONTEXT.subtract(number, Decimal(hi))
    if not number or abs(lo) <= half_unit(number):
        return hi, 0.0
    return hi, float(lo)
