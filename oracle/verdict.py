"""The verdict: is a candidate within the bound of the truth, and where it is worst if not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from oracle.dtypes import FloatType, float_type
from oracle.errors import OracleError
from oracle.record import Interval, Name, Record
from oracle.truth import Array


class VerdictError(OracleError):
    """A bound is unfit to judge anything."""


@dataclass(frozen=True)
class Deviation:
    """One element of a candidate beside the truth."""

    step: int
    slot: str
    """Empty for a parameter."""
    array: int
    element: tuple[int, ...]
    got: str
    want: str
    error: float
    bound: float
    ulp: float
    """The distance of neighbouring numbers of the dtype at the truth."""

    @property
    def ratio(self) -> float:
        """The error over the bound."""
        if not self.bound:
            return np.inf if self.error else 0.0
        return 0.0 if np.isinf(self.bound) else self.error / self.bound

    @property
    def ulp_found(self) -> float:
        """The error in units of the last place."""
        return self.error / self.ulp

    @property
    def ulp_allowed(self) -> float:
        """The bound in units of the last place."""
        return self.bound / self.ulp


@dataclass(frozen=True)
class Verdict:
    """What comparing a candidate with the truth gave."""

    largest: float
    """The largest error over bound, of parameters and slots."""
    checks: int
    """How many parameter elements were compared, over all steps."""
    real: int
    """How many of them had a bound smaller than the update, or 0: only those can tell anything."""
    first: Deviation | None = None
    """The first violation: earliest step, parameters before slots, first array, first element."""
    worst: Deviation | None = None
    """The violation with the largest error over bound."""
    first_slot: Deviation | None = None
    """The first violation in a slot, if any."""

    @property
    def failed(self) -> bool:
        """Whether some element is outside its bound."""
        return self.first is not None

    @property
    def vacuous(self) -> bool:
        """Whether the run could not have told a right candidate from one that does nothing."""
        return not self.failed and self.real == 0


def judge(
    dtype: str,
    start: Sequence[Array],
    answers: Iterable[Record[Interval]],
    shown: Iterable[Record[npt.NDArray[Any]]],
) -> Verdict:
    """Compare what a candidate in ``dtype`` showed with the truth after each step of ``answers``.

    ``start`` holds the parameters before the first step: a bound is worth something only where it
    is smaller than the way that a parameter has gone since. Raises a `VerdictError` for a bound
    that is NaN: nothing is ever outside it.
    """
    kind = float_type(dtype)
    by_step = {record.step: record for record in shown}
    largest, checks, real = 0.0, 0, 0
    violations: list[Deviation] = []
    for answer in answers:
        for comparison in _comparisons(answer, by_step[answer.step]):
            largest = max(largest, comparison.largest)
            violations += comparison.violations(kind)
        for interval, begin in zip(answer.params, start, strict=True):
            checks += interval.bound.size
            real += int(np.count_nonzero(interval.is_real(_part(begin, answer.part))))
    return _verdict(largest, checks, real, violations)


def _comparisons(
    answer: Record[Interval], shown: Record[npt.NDArray[Any]]
) -> Iterator[_Comparison]:
    for name, interval in answer.arrays.items():
        if np.isnan(interval.bound).any():
            raise VerdictError(
                f"a bound is NaN at step {answer.step}, so nothing can be judged by it"
            )
        got = shown.arrays.get(name) if name[0] else shown.arrays[name]
        if got is not None and (interval.truth.hi.size or not name[0]):
            yield _Comparison(answer.step, name, answer.part, got, interval)


def _part(array: npt.NDArray[Any], part: slice | None) -> npt.NDArray[Any]:
    """Return the part of an array that a record is about; a number shared by all is whole."""
    return array if part is None or array.ndim == 0 else array.reshape(-1)[part]


def _verdict(largest: float, checks: int, real: int, violations: list[Deviation]) -> Verdict:
    if not violations:
        return Verdict(largest, checks, real)
    first = min(violations, key=lambda v: (v.step, v.slot != "", v.array, v.element))
    worst = max(violations, key=lambda v: v.ratio)
    slots = [v for v in violations if v.slot]
    first_slot = min(slots, key=lambda v: v.step, default=None)
    return Verdict(largest, checks, real, first, worst, first_slot)


@dataclass(frozen=True, eq=False)
class _Comparison:
    """One array of a candidate beside the truth."""

    step: int
    name: Name
    part: slice | None
    got: npt.NDArray[Any]
    interval: Interval

    @cached_property
    def ratios(self) -> Array:
        return self.interval.ratio_of(_part(self.got, self.part))

    @cached_property
    def largest(self) -> float:
        """The largest error over bound; 0 for an empty array."""
        return float(np.max(self.ratios, initial=0.0))

    def violations(self, kind: FloatType) -> list[Deviation]:
        """Return the first element outside its bound and the worst one."""
        if self.largest <= 1:
            return []
        outside = np.flatnonzero(self.ratios > 1)
        first, worst = int(outside[0]), int(np.argmax(self.ratios))
        return [self._deviation(place, kind) for place in dict.fromkeys((first, worst))]

    def _deviation(self, place: int, kind: FloatType) -> Deviation:
        truth, bound = self.interval.truth, self.interval.bound
        here = tuple(int(i) for i in np.unravel_index(place, truth.shape))
        element = here
        if self.part is not None and self.got.ndim:
            whole = np.unravel_index(self.part.start + place, self.got.shape)
            element = tuple(int(i) for i in whole)
        return Deviation(
            step=self.step,
            slot=self.name[0],
            array=self.name[1],
            element=element,
            got=str(self.got[element] if self.got.ndim else self.got),
            want=truth.text(here, _digits(kind)),
            error=float(truth.error_of(_part(self.got, self.part))[here]),
            bound=float(np.broadcast_to(bound, truth.shape)[here]),
            ulp=_ulp(float(truth.hi[here]), kind),
        )


def _digits(kind: FloatType) -> int:
    """Three digits more than it takes to tell neighbouring numbers of the dtype apart."""
    return int(np.ceil(1 + kind.precision * np.log10(2))) + 3


def _ulp(value: float, kind: FloatType) -> float:
    if not np.isfinite(value):
        return kind.smallest_subnormal
    exponent = int(np.frexp(value)[1]) if value else kind.min_exponent
    return float(2.0 ** (max(exponent - 1, kind.min_exponent) - kind.precision + 1))
