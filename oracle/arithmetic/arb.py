"""The second witness: the same rules in Arb's ball arithmetic, whose balls enclose the truth."""

from __future__ import annotations

import operator
from typing import Any

import flint
import numpy as np

from oracle.arithmetic.plain import Objects, Plain, PlainNumber, elementwise
from oracle.arithmetic.spectral_arb import ArbSpectra

_ZERO, _ONE = flint.arb(0), flint.arb(1)


class Arb(Plain):
    """Ball arithmetic at a number of decimal digits; use it as a context manager around a run."""

    def __init__(self, digits: int = 60) -> None:
        self.digits = digits
        self.values = ArbValues()
        self._saved: list[int] = []

    def __enter__(self) -> Arb:
        self._saved.append(flint.ctx.prec)
        flint.ctx.dps = self.digits
        self.pi = PlainNumber(self, flint.arb.pi())
        return self

    def __exit__(self, *exception: object) -> None:
        flint.ctx.prec = self._saved.pop()

    def constant(self, value: float | int | str, argument: str = "*") -> PlainNumber:
        """Bring in a hyperparameter: a float at its binary, a string at its decimal value."""
        return PlainNumber(self, scalar(value))

    def array(self, values: Any) -> PlainNumber:
        """Bring in an array of parameters or gradients at exactly the values it has."""
        array = np.asarray(values)
        if array.dtype.kind not in "OUSiu":
            array = array.astype(np.float64)
        return PlainNumber(self, elementwise(scalar, 1)(array.astype(object)))


def scalar(value: Any) -> flint.arb:
    """Return the ball around one number: a point for a float, the decimal value for a string."""
    if hasattr(value, "_mpf_"):
        sign, mantissa, exponent, _ = value._mpf_
        if mantissa == 0 and exponent != 0:
            return flint.arb(float(value))
        return flint.arb((-1 if sign else 1) * int(mantissa)) * flint.arb(2) ** int(exponent)
    return flint.arb(value if isinstance(value, (str, int)) else float(value))


def _divide(a: flint.arb, b: flint.arb) -> flint.arb:
    if a.is_zero() and not b.contains(0):
        return _ZERO
    return a / b


def _power(a: flint.arb, b: flint.arb) -> flint.arb:
    if a.is_zero() and b > 0:
        return _ZERO
    if b.is_zero():
        return _ONE
    if b.is_exact() and b.is_integer():
        return a ** int(float(b))
    if a > 0:
        return a**b
    if a.contains(0) and a >= -a.rad() and b > 0:
        return _hull(_ZERO, a.abs_upper() ** b)
    return flint.arb("nan")


def _sqrt(a: flint.arb) -> flint.arb:
    return _ZERO if a.is_zero() else a.sqrt()


def _hull(a: flint.arb, b: flint.arb) -> flint.arb:
    return a.union(b)


def _sign(a: flint.arb) -> flint.arb:
    if a.is_zero():
        return _ZERO
    if a > 0:
        return _ONE
    if a < 0:
        return -_ONE
    return _hull(-_ONE, _ONE) if a.is_finite() else a


def _less(a: flint.arb, b: flint.arb) -> bool | None:
    return True if a < b else (False if a >= b else None)


def _less_equal(a: flint.arb, b: flint.arb) -> bool | None:
    return True if a <= b else (False if a > b else None)


class ArbValues(ArbSpectra):
    """Functions of object arrays of balls."""

    def __init__(self) -> None:
        self.add = elementwise(operator.add, 2)
        self.subtract = elementwise(operator.sub, 2)
        self.multiply = elementwise(operator.mul, 2)
        self.divide = elementwise(_divide, 2)
        self.power = elementwise(_power, 2)
        self.square = elementwise(lambda x: x * x, 1)
        self.negative = elementwise(operator.neg, 1)
        self.absolute = elementwise(abs, 1)
        self.sqrt = elementwise(_sqrt, 1)
        self.exp = elementwise(lambda x: x.exp(), 1)
        self.log = elementwise(lambda x: x.log(), 1)
        self.cos = elementwise(lambda x: x.cos() if x.is_finite() else flint.arb("nan"), 1)
        self.floor = elementwise(lambda x: x.floor(), 1)
        self.sign = elementwise(_sign, 1)
        self.maximum = elementwise(lambda a, b: a.max(b), 2)
        self.less = elementwise(_less, 2)
        self.less_equal = elementwise(_less_equal, 2)
        self.union = elementwise(_hull, 2)

    @staticmethod
    def sum(data: Objects) -> Objects:
        """Return the sum over all elements."""
        return np.asarray(sum(data.ravel().tolist(), _ZERO), dtype=object)

    @staticmethod
    def matmul(a: Objects, b: Objects) -> Objects:
        """Return the matrix product."""
        return np.asarray(np.dot(a, b), dtype=object)
