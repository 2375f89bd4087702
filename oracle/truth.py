"""The truth: exact numbers with more digits than a float64 has.

They are held as an unevaluated sum ``hi + lo`` of two floats; the error of a float64 candidate is
then as exact as that of a float16 one.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]

_DECIMAL = Context(prec=60)


@dataclass(frozen=True, eq=False)
class Truth:
    """An array of exact numbers, each the unevaluated sum of two floats."""

    hi: Array
    lo: Array
    """In the shape of ``hi``, or a single 0 where every number is a float64."""

    @classmethod
    def of(cls, values: Any) -> Truth:
        """Take float64 or mpmath numbers or decimal strings at exactly the value they have."""
        array = np.asarray(values)
        if array.dtype != object and array.dtype.kind != "U":
            hi = array.astype(np.float64, copy=False)
            return cls(hi, np.zeros(()))
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
            error = got - self.hi
            error = np.abs(error - self.lo if self.lo.ndim or self.lo else error)
        if error.max(initial=0.0) < np.inf:
            return np.asarray(error)
        same = (got == self.hi) | (np.isnan(got) & np.isnan(self.hi))
        finite = np.isfinite(got) & np.isfinite(self.hi)
        result: Array = np.where(finite, error, np.where(same, 0.0, np.inf))
        return result

    def text(self, element: tuple[int, ...], digits: int) -> str:
        """Write one element in ``digits`` significant digits; three dots where it goes on."""
        hi, lo = float(self.hi[element]), float(np.broadcast_to(self.lo, self.shape)[element])
        if not np.isfinite(hi):
            return str(hi)
        exact = _DECIMAL.add(Decimal(hi), Decimal(lo))
        few = Context(prec=digits)
        shown = few.create_decimal(exact).normalize(few)
        form = "f" if -5 < shown.adjusted() < 16 else "e"
        return f"{shown:{form}}" + ("" if shown == exact else "...")


def _split(value: Any) -> tuple[float, float]:
    hi = float(value)
    if not np.isfinite(hi):
        return hi, 0.0
    if isinstance(value, str):
        return hi, float(_DECIMAL.subtract(Decimal(value), Decimal(hi)))
    return hi, float(value - hi)
