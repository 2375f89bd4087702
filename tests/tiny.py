"""Floating-point types so small that every operand of an operation, or of a formula, can be tried.

In them a bound is proved by exhaustion: all inputs, in every order of operations that an honest
candidate may choose, and nothing lies outside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ml_dtypes
import numpy as np

from oracle.arithmetic.model import Model
from oracle.arithmetic.native import native
from oracle.dtypes import FloatType

Round = Callable[[Any], Any]
Order = Callable[..., Any]
"""Computes a formula as a candidate does, from ``r``, which rounds, and the operands."""


class Tiny(FloatType):
    """A type of ml_dtypes."""

    @property
    def numpy(self) -> np.dtype[Any]:
        """The numpy dtype."""
        return np.dtype(getattr(ml_dtypes, self.name))

    @property
    def numbers(self) -> np.ndarray:
        """Every finite number of the type, as float64; 0 once."""
        codes = np.arange(2**self.bits, dtype=np.uint8).view(self.numpy).astype(np.float64)
        return np.unique(codes[np.isfinite(codes)])


# Name, bits, bits of the significand, smallest exponent, exponent that is too large.
FLOAT4 = Tiny("float4_e2m1fn", 4, 2, 0, 3)
FLOAT6 = Tiny("float6_e2m3fn", 6, 4, 0, 3)
FLOAT6_WIDE = Tiny("float6_e3m2fn", 6, 3, -2, 5)
FLOAT8 = Tiny("float8_e3m4", 8, 5, -2, 4)
FLOAT8_WIDE = Tiny("float8_e4m3", 8, 4, -6, 8)
TINY = (FLOAT4, FLOAT6, FLOAT6_WIDE, FLOAT8, FLOAT8_WIDE)


@dataclass(frozen=True)
class Exhausted:
    """What all inputs of a formula came to."""

    largest: float
    """The largest error over bound."""
    finite: float
    """In which share of all results the bound says something."""
    outside: tuple[Any, ...] | None
    """The first inputs whose result lies outside the bound, with the number of the order."""


class _Rounding:
    """Rounds to a type, and notes where a number overflows: no honest order does that alone."""

    def __init__(self, kind: Tiny) -> None:
        self._kind = kind
        self.overflowed = np.zeros((), dtype=bool)

    def __call__(self, exact: Any) -> Any:
        size = np.abs(exact)
        self.overflowed = self.overflowed | (np.isfinite(size) & (size > self._kind.largest))
        return self._kind.round(exact)


def exhausted(
    kind: Tiny, formula: Order, orders: list[Order], arity: int, hyper: tuple[float, ...] = ()
) -> Exhausted:
    """Try a formula of ``arity`` arrays, and of hyperparameters, on all numbers of a type.

    ``formula(xp, *hyper, *arrays)`` is the formula as a rule has it; each order computes it with a
    function that rounds in the place of ``xp``.
    """
    arrays = [a.ravel() for a in np.meshgrid(*[kind.numbers] * arity, indexing="ij")]
    xp = native(Model(kind, kind, {"*": kind}))
    with np.errstate(all="ignore"):
        constants = [xp.constant(h) for h in hyper]
        result = xp.whole(formula(xp, *constants, *map(xp.array, arrays)))
        truth, bound = result.value, result.error * xp.inflation()
        judged = np.isfinite(truth) & np.isfinite(bound)
        largest, outside = 0.0, None
        for number, order in enumerate(orders):
            rounding = _Rounding(kind)
            found = order(rounding, *map(kind.round, hyper), *arrays)
            error = np.abs(found - truth)
            ratio = np.where(error == 0, 0.0, np.where(np.isnan(error), np.inf, error / bound))
            ratio = np.where(judged & ~rounding.overflowed, ratio, 0.0)
            worst = int(np.argmax(ratio))
            largest = max(largest, float(ratio[worst]))
            if ratio[worst] > 1 and outside is None:
                outside = (number, *(float(a[worst]) for a in arrays), float(found[worst]))
    return Exhausted(largest, float(np.mean(judged)), outside)
