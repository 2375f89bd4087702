"""The verdict: is a candidate within the bound of the truth, and where it is worst if not.

The truth has more digits than float64, so it is held as an unevaluated sum ``hi + lo`` of two
floats; the error of a float64 candidate is then as exact as that of a float16 one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.dtypes import FloatType, float_type
from oracle.errors import OracleError

Array: TypeAlias = npt.NDArray[np.float64]

_DECIMAL = Context(prec=60)


class VerdictError(OracleError):
    """A bound is unfit to judge anything."""


@dataclass(frozen=True, eq=False)
class Truth:
    """An array of exact numbers, each the unevaluated sum of two floats."""

    hi: Array
    lo: Array

    @classmethod
    def of(cls, values: Any) -> Truth:
        """Take float64 or mpmath numbers or decimal strings at exactly the value they have."""
        array = np.asarray(values)
        if array.dtype != object and array.dtype.kind != "U":
            hi = array.astype(np.float64)
            return cls(hi, np.zeros_like(hi))
        split = [_split(value) for value in array.flat]
        hi = np.array([pair[0] for pair in split], np.float64).reshape(array.shape)
        lo = np.array([pair[1] for pair in split], np.float64).reshape(array.shape)
        return cls(hi, lo)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array."""
        return self.hi.shape

    def error_of(self, candidate: npt.ArrayLike) -> Array:
        """Return |candidate - truth|: 0 where both are NaN or the same infinity, else inf there."""
        got = np.asarray(candidate).astype(np.float64)
        with np.errstate(invalid="ignore", over="ignore"):
            error = np.abs((got - self.hi) - self.lo)
        same = (got == self.hi) | (np.isnan(got) & np.isnan(self.hi))
        finite = np.isfinite(got) & np.isfinite(self.hi)
        result: Array = np.where(finite, error, np.where(same, 0.0, np.inf))
        return result

    def text(self, element: tuple[int, ...], digits: int) -> str:
        """Write one element in ``digits`` significant digits; three dots where it goes on."""
        hi, lo = float(self.hi[element]), float(self.lo[element])
        if not np.isfinite(hi):
            return str(hi)
        exact = _DECIMAL.add(Decimal(hi), Decimal(lo))
        shown = Context(prec=digits).create_decimal(exact).normalize()
        form = "f" if -5 < shown.adjusted() < 16 else "e"
        return f"{shown:{form}}" + ("" if shown == exact else "...")


def _split(value: Any) -> tuple[float, float]:
    hi = float(value)
    if not np.isfinite(hi):
        return hi, 0.0
    if isinstance(value, str):
        return hi, float(_DECIMAL.subtract(Decimal(value), Decimal(hi)))
    return hi, float(value - hi)


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The truth after ``step`` steps, and by how much an honest implementation may differ."""

    step: int
    params: Sequence[Truth]
    bounds: Sequence[Array]
    slots: Mapping[str, Sequence[Truth]]
    slot_bounds: Mapping[str, Sequence[Array]]

    def __post_init__(self) -> None:
        """Refuse a bound that is NaN: nothing is ever outside it."""
        for bound in (*self.bounds, *(b for slot in self.slot_bounds.values() for b in slot)):
            if np.isnan(bound).any():
                raise VerdictError(
                    f"a bound is NaN at step {self.step}, so nothing can be judged by it"
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
    checkpoints: Sequence[Checkpoint],
    observations: Sequence[Observation],
) -> Verdict:
    """Compare what a candidate in ``dtype`` showed with the truth at each checkpoint.

    ``start`` holds the parameters before the first step: a bound is worth something only where it
    is smaller than the way that a parameter has gone since.
    """
    kind = float_type(dtype)
    largest, checks, real = 0.0, 0, 0
    violations: list[Deviation] = []
    for checkpoint, observed in zip(checkpoints, observations, strict=True):
        for comparison in _comparisons(checkpoint, observed):
            ratios = comparison.ratios
            if ratios.size:
                largest = max(largest, float(ratios.max()))
            violations += comparison.violations(kind)
        for truth, bound, begin in zip(checkpoint.params, checkpoint.bounds, start, strict=True):
            checks += bound.size
            real += int(np.count_nonzero(_is_real(truth, bound, begin)))
    return _verdict(largest, checks, real, violations)


def _verdict(largest: float, checks: int, real: int, violations: list[Deviation]) -> Verdict:
    if not violations:
        return Verdict(largest, checks, real)
    step = min(v.step for v in violations)
    at_step = [v for v in violations if v.step == step]
    first = next((v for v in at_step if not v.slot), at_step[0])
    worst = max(violations, key=lambda v: v.ratio)
    first_slot = next((v for v in violations if v.slot), None)
    return Verdict(largest, checks, real, first, worst, first_slot)


def _is_real(truth: Truth, bound: Array, start: Array) -> npt.NDArray[np.bool_]:
    real: npt.NDArray[np.bool_] = (bound < truth.error_of(start)) | (bound == 0)
    return real


def _ratio(error: Any, bound: Any) -> Any:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = error / bound
    return np.where((error == 0) | np.isinf(bound), 0.0, ratio)


@dataclass(frozen=True, eq=False)
class _Comparison:
    """One array of a candidate beside the truth."""

    step: int
    slot: str
    array: int
    got: npt.NDArray[Any]
    truth: Truth
    bound: Array

    @cached_property
    def errors(self) -> Array:
        return self.truth.error_of(self.got)

    @cached_property
    def ratios(self) -> Array:
        ratios: Array = _ratio(self.errors, self.bound)
        return ratios

    def violations(self, kind: FloatType) -> list[Deviation]:
        """Return the first element outside its bound and the worst one."""
        ratios = self.ratios
        outside = np.flatnonzero(ratios > 1)
        if not outside.size:
            return []
        first, worst = int(outside[0]), int(np.argmax(ratios))
        return [self._deviation(place, kind) for place in dict.fromkeys((first, worst))]

    def _deviation(self, place: int, kind: FloatType) -> Deviation:
        element = tuple(int(i) for i in np.unravel_index(place, self.truth.shape))
        return Deviation(
            step=self.step,
            slot=self.slot,
            array=self.array,
            element=element,
            got=str(self.got[element]),
            want=self.truth.text(element, _digits(kind)),
            error=float(self.errors[element]),
            bound=float(self.bound[element]),
            ulp=_ulp(float(self.truth.hi[element]), kind),
        )


def _comparisons(checkpoint: Checkpoint, observed: Observation) -> Iterator[_Comparison]:
    step = checkpoint.step
    rows = zip(observed.params, checkpoint.params, checkpoint.bounds, strict=True)
    for array, (got, truth, bound) in enumerate(rows):
        yield _Comparison(step, "", array, got, truth, bound)
    for slot, truths in checkpoint.slots.items():
        shown = observed.slots.get(slot)
        if shown is None:
            continue
        for array, truth in enumerate(truths):
            got_slot = shown[array]
            if got_slot is not None:
                bound = checkpoint.slot_bounds[slot][array]
                yield _Comparison(step, slot, array, got_slot, truth, bound)


def _digits(kind: FloatType) -> int:
    """Three digits more than it takes to tell neighbouring numbers of the dtype apart."""
    return int(np.ceil(1 + kind.precision * np.log10(2))) + 3


def _ulp(value: float, kind: FloatType) -> float:
    if not np.isfinite(value):
        return kind.smallest_subnormal
    exponent = int(np.frexp(value)[1]) if value else kind.min_exponent
    return float(2.0 ** (max(exponent - 1, kind.min_exponent) - kind.precision + 1))
