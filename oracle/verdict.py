"""The verdict: is a candidate within the bound of the truth, and where it is worst if not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from oracle.dtypes import FloatType, float_type
from oracle.errors import OracleError
from oracle.truth import Array, Truth


class VerdictError(OracleError):
    """A bound is unfit to judge anything."""


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The truth after ``step`` steps, and by how much an honest implementation may differ."""

    step: int
    params: Sequence[Truth]
    bounds: Sequence[Array]
    slots: Mapping[str, Sequence[Truth]]
    slot_bounds: Mapping[str, Sequence[Array]]
    part: slice | None = None
    """The part of each flattened array that this is about; None for the whole arrays."""

    def __post_init__(self) -> None:
        """Refuse a bound that is NaN: nothing is ever outside it."""
        for bound in (*self.bounds, *(b for slot in self.slot_bounds.values() for b in slot)):
            if np.isnan(bound).any():
                raise VerdictError(
                    f"a bound is NaN at step {self.step}, so nothing can be judged by it"
                )

    def repeated(self, params: Sequence[Array]) -> Checkpoint:
        """Return the checkpoint of parameters whose elements repeat those of this one in turn."""

        def resized(arrays: Sequence[Array]) -> list[Array]:
            return [
                np.resize(array, param.shape) if array.shape == truth.shape else array
                for array, truth, param in zip(arrays, self.params, params, strict=True)
            ]

        def truths(values: Sequence[Truth]) -> list[Truth]:
            highs, lows = resized([t.hi for t in values]), resized([t.lo for t in values])
            return [Truth(hi, lo) for hi, lo in zip(highs, lows, strict=True)]

        return Checkpoint(
            self.step,
            truths(self.params),
            resized(self.bounds),
            {name: truths(values) for name, values in self.slots.items()},
            {name: resized(bounds) for name, bounds in self.slot_bounds.items()},
        )


@dataclass(frozen=True, eq=False)
class Observation:
    """What a candidate holds after ``step`` steps; a slot that it does not show is absent."""

    step: int
    params: Sequence[npt.NDArray[Any]]
    slots: Mapping[str, Sequence[npt.NDArray[Any] | None]]


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
        return float(_ratio(np.float64(self.error), np.float64(self.bound)))

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
    checkpoints: Iterable[Checkpoint],
    observations: Sequence[Observation],
) -> Verdict:
    """Compare what a candidate in ``dtype`` showed with the truth at each checkpoint.

    ``start`` holds the parameters before the first step: a bound is worth something only where it
    is smaller than the way that a parameter has gone since.
    """
    kind = float_type(dtype)
    shown = {observation.step: observation for observation in observations}
    largest, checks, real = 0.0, 0, 0
    violations: list[Deviation] = []
    for checkpoint in checkpoints:
        for comparison in _comparisons(checkpoint, shown[checkpoint.step]):
            largest = max(largest, comparison.largest)
            violations += comparison.violations(kind)
        for truth, bound, begin in zip(checkpoint.params, checkpoint.bounds, start, strict=True):
            checks += bound.size
            real += int(np.count_nonzero(_is_real(truth, bound, _part(begin, checkpoint.part))))
    return _verdict(largest, checks, real, violations)


def _part(array: npt.NDArray[Any], part: slice | None) -> npt.NDArray[Any]:
    """Return the part of an array that a checkpoint is about; a number shared by all is whole."""
    return array if part is None or array.ndim == 0 else array.reshape(-1)[part]


def _verdict(largest: float, checks: int, real: int, violations: list[Deviation]) -> Verdict:
    if not violations:
        return Verdict(largest, checks, real)
    first = min(violations, key=lambda v: (v.step, v.slot != "", v.array, v.element))
    worst = max(violations, key=lambda v: v.ratio)
    slots = [v for v in violations if v.slot]
    first_slot = min(slots, key=lambda v: v.step, default=None)
    return Verdict(largest, checks, real, first, worst, first_slot)


def _is_real(truth: Truth, bound: Array, start: Array) -> npt.NDArray[np.bool_]:
    real: npt.NDArray[np.bool_] = (bound < truth.error_of(start)) | (bound == 0)
    return real


def _ratio(error: Any, bound: Any) -> Any:
    """Return the error over the bound: 0 where there is no error, or where anything may be."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = error / bound
    return np.where(np.isnan(ratio), 0.0, ratio) if np.isnan(np.max(ratio, initial=0.0)) else ratio


@dataclass(frozen=True, eq=False)
class _Comparison:
    """One array of a candidate beside the truth."""

    step: int
    slot: str
    array: int
    part: slice | None
    got: npt.NDArray[Any]
    truth: Truth
    bound: Array

    @cached_property
    def errors(self) -> Array:
        return self.truth.error_of(_part(self.got, self.part))

    @cached_property
    def ratios(self) -> Array:
        ratios: Array = _ratio(self.errors, self.bound)
        return ratios

    @cached_property
    def largest(self) -> float:
        """The largest error over bound; 0 for an empty array."""
        return float(np.max(self.ratios, initial=0.0))

    def violations(self, kind: FloatType) -> list[Deviation]:
        """Return the first element outside its bound and the worst one."""
        if self.largest <= 1:
            return []
        ratios = self.ratios
        outside = np.flatnonzero(ratios > 1)
        first, worst = int(outside[0]), int(np.argmax(ratios))
        return [self._deviation(place, kind) for place in dict.fromkeys((first, worst))]

    def _deviation(self, place: int, kind: FloatType) -> Deviation:
        here = tuple(int(i) for i in np.unravel_index(place, self.truth.shape))
        element = here
        if self.part is not None and self.got.ndim:
            whole = np.unravel_index(self.part.start + place, self.got.shape)
            element = tuple(int(i) for i in whole)
        return Deviation(
            step=self.step,
            slot=self.slot,
            array=self.array,
            element=element,
            got=str(self.got[element] if self.got.ndim else self.got),
            want=self.truth.text(here, _digits(kind)),
            error=float(self.errors[here]),
            bound=float(np.broadcast_to(self.bound, self.truth.shape)[here]),
            ulp=_ulp(float(self.truth.hi[here]), kind),
        )


def _comparisons(checkpoint: Checkpoint, observed: Observation) -> Iterator[_Comparison]:
    step, part = checkpoint.step, checkpoint.part
    rows = zip(observed.params, checkpoint.params, checkpoint.bounds, strict=True)
    for array, (got, truth, bound) in enumerate(rows):
        yield _Comparison(step, "", array, part, got, truth, bound)
    for slot, truths in checkpoint.slots.items():
        shown = observed.slots.get(slot)
        if shown is None:
            continue
        for array, truth in enumerate(truths):
            got_slot = shown[array]
            if got_slot is not None and truth.hi.size:
                bound = checkpoint.slot_bounds[slot][array]
                yield _Comparison(step, slot, array, part, got_slot, truth, bound)


def _digits(kind: FloatType) -> int:
    """Three digits more than it takes to tell neighbouring numbers of the dtype apart."""
    return int(np.ceil(1 + kind.precision * np.log10(2))) + 3


def _ulp(value: float, kind: FloatType) -> float:
    if not np.isfinite(value):
        return kind.smallest_subnormal
    exponent = int(np.frexp(value)[1]) if value else kind.min_exponent
    return float(2.0 ** (max(exponent - 1, kind.min_exponent) - kind.precision + 1))
