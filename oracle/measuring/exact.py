"""The exact result of an operation, and how many ulp a computed one is from it.

Narrow types are judged by float64: its results are within `MARGIN` of theirs, as far as their last
place is wide. Quotients and square roots that are rounded to float64 first round to 24 bits, or to
fewer, as exact ones do, and so do sums and products (53 >= 2 * 24 + 2); so whether they are
correctly rounded is told without a margin. float64 itself is judged by Arb, whose balls
of 160 bits enclose the truth.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import flint
import numpy as np
import numpy.typing as npt

from oracle.dtypes import FloatType

Array = npt.NDArray[np.float64]
Operands = tuple[npt.ArrayLike, ...]

MARGIN = 2.0**-26
"""What float64's functions may be off, in ulp of float32: 8 ulp of their own."""
ROUNDED = ("add", "multiply", "divide", "sqrt")
"""Operations for which there is no margin."""

_BITS = 160
_EXPONENT = np.int64(0x7FF0_0000_0000_0000)
_FRACTION = np.int64(0x000F_FFFF_FFFF_FFFF)

_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "sqrt": np.sqrt,
    "rsqrt": lambda x: 1.0 / np.sqrt(x),
    "exp": np.exp,
    "log": np.log,
    "cos": np.cos,
    "power": np.power,
}
_BALLS: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "sqrt": flint.arb.sqrt,
    "rsqrt": flint.arb.rsqrt,
    "exp": flint.arb.exp,
    "log": flint.arb.log,
    "cos": flint.arb.cos,
    "power": operator.pow,
}


def exact(operation: str, kind: FloatType, operands: Operands) -> tuple[Array, Array]:
    """Return the result rounded to float64, and what it is more, in float64's last places.

    The second one is 0 for narrow types.
    """
    numbers = np.broadcast_arrays(*map(as_float64, operands))
    if kind.precision > 24:
        return _by_balls(operation, numbers)
    return by_float64(operation, *numbers), np.zeros((), np.float64)


def as_float64(numbers: npt.ArrayLike) -> Array:
    """Return the same numbers in float64."""
    with np.errstate(invalid="ignore"):
        return np.asarray(numbers).astype(np.float64)


def by_float64(operation: str, *numbers: Array) -> Array:
    """Return the result in float64; for operands of 0, infinity and NaN it is IEEE 754's."""
    with np.errstate(all="ignore"):
        result: Array = np.asarray(_FUNCTIONS[operation](*numbers))
    return result


def _by_balls(operation: str, numbers: Any) -> tuple[Array, Array]:
    function = _BALLS[operation]
    high, low = np.empty((2, numbers[0].size))
    saved, flint.ctx.prec = flint.ctx.prec, _BITS
    try:
        for place, operands in enumerate(zip(*(n.ravel().tolist() for n in numbers), strict=True)):
            ball = function(*map(flint.arb, operands))
            high[place] = rounded = float(ball)
            finite = math.isfinite(rounded)
            low[place] = float((ball - rounded) / math.ulp(rounded)) if finite else 0.0
    finally:
        flint.ctx.prec = saved
    return high, low


def error_in_ulp(kind: FloatType, high: Array, low: Array, got: Array) -> Array:
    """Return how far results are from the exact ones; infinity where only one of them is a number.

    An infinite result is one step above the largest number, and right where that is nearest.
    """
    got, high, low = np.broadcast_arrays(got, high, low)
    with np.errstate(all="ignore"):
        in_last_place = _last_place(kind, high, low)
        beyond = np.isinf(got) & np.isfinite(high) & (np.sign(got) == np.sign(high))
        nearest = np.where(beyond, np.copysign(kind.largest, high), got)
        rest = np.where(low == 0, 0.0, low * (np.spacing(np.abs(high)) / in_last_place))
        error = np.abs((nearest - high) / in_last_place - rest)
        half_a_step = 2.0 ** (kind.max_exponent - kind.precision - 1)
        overflows = np.abs(high) >= kind.largest + half_a_step
        error = np.where(beyond, np.where(overflows, 0.0, error + 1.0), error)
        same = (got == high) | (np.isnan(got) & np.isnan(high))
        error = np.where(same & ~np.isfinite(high), 0.0, error)
        return np.where(np.isnan(error), np.inf, error)


def rounded_to(kind: FloatType, numbers: Array) -> npt.NDArray[np.generic]:
    """Return the nearest numbers of a type."""
    with np.errstate(over="ignore"):
        held: npt.NDArray[np.generic] = numbers.astype(kind.numpy)
    return held


def lost(kind: FloatType) -> float:
    """Return the ulp of a result that has less than three bits in common with the exact one."""
    return 2.0 ** (kind.precision - 4)


def _last_place(kind: FloatType, high: Array, low: Array) -> Array:
    """Return one ulp of each exact number; that of a subnormal one is the smallest number."""
    bits = high.view(np.int64) if high.flags.c_contiguous else high.copy().view(np.int64)
    power = (bits & _EXPONENT).view(np.float64)
    just_below = ((bits & _FRACTION) == 0) & (low * np.sign(high) < 0)
    step = np.where(just_below, power / 2, power) * 2.0 ** (1 - kind.precision)
    smallest: Array = np.maximum(step, kind.smallest_subnormal)
    return smallest
