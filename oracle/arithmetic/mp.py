"""The truth: mpmath at a chosen number of decimal digits, with the special values of IEEE 754."""

from __future__ import annotations

import operator
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np

from oracle.arithmetic.plain import Objects, Plain, PlainNumber, elementwise
from oracle.arithmetic.spectral_mp import MpSpectra
from oracle.dtypes import float_type

_TINIEST = float_type("float64").smallest_subnormal


class Mp(Plain):
    """Arithmetic at a number of digits that is its own, whatever a user's global precision is."""

    def __init__(self, digits: int = 50) -> None:
        self.digits = digits
        self.values = _values(digits)
        self.context = self.values.context
        self.pi = PlainNumber(self, self.values.pi)

    def constant(self, value: float | int | str, argument: str = "*") -> PlainNumber:
        """Bring in a hyperparameter: a float at its binary, a string at its decimal value."""
        return PlainNumber(self, self.values.scalar(value))

    def array(self, values: Any) -> PlainNumber:
        """Bring in an array of parameters or gradients at exactly the values it has."""
        return PlainNumber(self, self.values.exactly(values))


class MpValues(MpSpectra):
    """Functions of object arrays of mpf of one context; no function raises for any number."""

    dtype = np.dtype(object)

    def __init__(self, context: Any) -> None:
        self.context = context
        self.own_unit = 2.0**-context.prec
        self.pi = +context.pi
        functions = _scalar_functions(context)
        self.add = elementwise(operator.add, 2)
        self.subtract = elementwise(operator.sub, 2)
        self.multiply = elementwise(operator.mul, 2)
        self.negative = elementwise(operator.neg, 1)
        self.absolute = elementwise(abs, 1)
        self.square = elementwise(lambda x: x * x, 1)
        self.less = elementwise(operator.lt, 2)
        self.less_equal = elementwise(operator.le, 2)
        self.divide = elementwise(functions["divide"], 2)
        self.power = elementwise(functions["power"], 2)
        self.sqrt = elementwise(functions["sqrt"], 1)
        self.log = elementwise(functions["log"], 1)
        self.exp = elementwise(context.exp, 1)
        self.cos = elementwise(functions["cos"], 1)
        self.floor = elementwise(context.floor, 1)
        self.sign = elementwise(functions["sign"], 1)
        self.maximum = elementwise(functions["maximum"], 2)

    def scalar(self, value: Any) -> Any:
        """Return one number: a float at its binary, a string at its decimal value."""
        if hasattr(value, "_mpf_"):
            return self.context.make_mpf(value._mpf_)
        if isinstance(value, (str, int)):
            return self.context.mpf(value)
        return self.context.mpf(float(value))

    def lost(self, value: Any) -> float:
        """Return how far `scalar` is from what it was given: not at all, to all its digits."""
        return 0.0

    def exactly(self, values: Any) -> Objects:
        """Return an array of numbers at exactly the values given."""
        array = np.asarray(values)
        if array.dtype.kind not in "OUSiu":
            array = array.astype(np.float64).astype(object)
        return elementwise(self.scalar, 1)(array.astype(object))

    def sum(self, data: Objects) -> Objects:
        """Return the sum over all elements, rounded once."""
        return np.asarray(self.context.fsum(data.ravel().tolist()), dtype=object)

    def matmul(self, a: Objects, b: Objects) -> Objects:
        """Return the matrix product."""
        return np.asarray(np.dot(a, b), dtype=object)

    def magnitude(self, data: Objects) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return |x| as float64; infinite beyond its range, and 0 for nothing but 0."""
        size = np.abs(data.astype(np.float64))
        zero = size == 0
        return np.where(zero & (data != 0), _TINIEST, size) if zero.any() else size

    def isfinite(self, data: Objects) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return where the number is neither NaN nor an infinity."""
        return np.asarray(np.frompyfunc(self.context.isfinite, 1, 1)(data), dtype=bool)

    def floats(self, data: Objects) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return the nearest float64 values."""
        return data.astype(np.float64)


@lru_cache
def _values(digits: int) -> MpValues:
    """Return the functions at so many digits; mpmath takes milliseconds to make a context."""
    context: Any = type(mpmath.mp)()
    context.dps = digits
    return MpValues(context)


def _scalar_functions(context: Any) -> dict[str, Any]:
    """Return the functions that mpmath refuses at special values, there as IEEE 754 has them."""
    nan, inf, zero, one = context.nan, context.inf, context.mpf(0), context.mpf(1)

    def divide(a: Any, b: Any) -> Any:
        if b != 0:
            return a / b
        if a == 0 or context.isnan(a) or context.isnan(b):
            return nan
        return inf if a > 0 else -inf

    def power(a: Any, b: Any) -> Any:
        if a == 0 and not context.isnan(b):
            return one if b == 0 else (zero if b > 0 else inf)
        if a < 0 and not context.isint(b):
            finite = context.isfinite(a) and context.isfinite(b)
            return nan if finite or context.isnan(b) else one if a == -1 else abs(a) ** b
        return a**b

    def sqrt(a: Any) -> Any:
        return context.sqrt(a) if a >= 0 else nan

    def log(a: Any) -> Any:
        if a == 0:
            return -inf
        return context.log(a) if a > 0 else nan

    def cos(a: Any) -> Any:
        return context.cos(a) if context.isfinite(a) else nan

    def sign(a: Any) -> Any:
        if context.isnan(a):
            return nan
        return one if a > 0 else (-one if a < 0 else zero)

    def maximum(a: Any, b: Any) -> Any:
        if context.isnan(a) or context.isnan(b):
            return nan
        return max(b, a)

    return {
        "divide": divide,
        "power": power,
        "sqrt": sqrt,
        "log": log,
        "cos": cos,
        "sign": sign,
        "maximum": maximum,
    }
