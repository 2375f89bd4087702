"""An arithmetic whose numbers are object arrays of exact or enclosing scalars, without a bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.arithmetic.base import Arithmetic, Condition, Number, Operand
from oracle.arithmetic.power import Power

Objects: TypeAlias = npt.NDArray[np.object_]


class PlainNumber(Number):
    """An object array of scalars of one arithmetic."""

    __slots__ = ("data",)

    def __init__(self, xp: Arithmetic, data: Any) -> None:
        super().__init__(xp)
        self.data: Objects = np.asarray(data, dtype=object)


def elementwise(function: Callable[..., Any], operands: int) -> Callable[..., Objects]:
    """Turn a function of scalars into one of object arrays, 0-dimensional ones included."""
    over_arrays = np.frompyfunc(function, operands, 1)

    def apply(*arrays: Objects) -> Objects:
        return np.asarray(over_arrays(*arrays), dtype=object)

    return apply


def along(total: Callable[[Any], Any], data: Any, axis: int | None) -> Any:
    """Return what ``total`` makes of an array, or of each line of it along an axis."""
    if axis is None:
        return total(data)
    lines = np.moveaxis(data, axis, -1)
    totals = np.empty(lines.shape[:-1], data.dtype)
    for place in np.ndindex(totals.shape):
        totals[place] = total(lines[place])[()]
    return totals


class Plain(Arithmetic):
    """The functions of an arithmetic that differ only in their scalars."""

    values: Any

    def _number(self, data: Any) -> PlainNumber:
        return PlainNumber(self, data)

    def _unary(self, name: str, a: Operand) -> PlainNumber:
        return self._number(getattr(self.values, name)(_data(self.lift(a))))

    def _binary(self, name: str, a: Operand, b: Operand) -> PlainNumber:
        function = getattr(self.values, name)
        return self._number(function(_data(self.lift(a)), _data(self.lift(b))))

    def shape(self, a: Number) -> tuple[int, ...]:
        """Return the shape of an array."""
        return _data(a).shape

    def full(self, shape: tuple[int, ...], value: Number) -> PlainNumber:
        """Fill an array of ``shape`` with the scalar ``value``."""
        filled = np.empty(shape, dtype=object)
        filled[...] = _data(value)[()]
        return self._number(filled)

    def add(self, a: Number, b: Number) -> PlainNumber:
        """Return a + b."""
        return self._binary("add", a, b)

    def subtract(self, a: Number, b: Number) -> PlainNumber:
        """Return a - b."""
        return self._binary("subtract", a, b)

    def multiply(self, a: Number, b: Number) -> PlainNumber:
        """Return a * b."""
        return self._binary("multiply", a, b)

    def divide(self, a: Number, b: Number) -> PlainNumber:
        """Return a / b; x/0 is an infinity and 0/0 is NaN."""
        return self._binary("divide", a, b)

    def power(self, a: Number, b: Number) -> PlainNumber:
        """Return a**b; NaN for a negative base with a fractional exponent."""
        return self._binary("power", a, b)

    def square(self, a: Number) -> PlainNumber:
        """Return a * a."""
        return self._unary("square", a)

    def negative(self, a: Number) -> PlainNumber:
        """Return -a."""
        return self._unary("negative", a)

    def sqrt(self, a: Operand) -> PlainNumber:
        """Return the square root; NaN for a negative number."""
        return self._unary("sqrt", a)

    def exp(self, a: Operand) -> PlainNumber:
        """Return e**a."""
        return self._unary("exp", a)

    def log(self, a: Operand) -> PlainNumber:
        """Return the natural logarithm; -inf at 0, NaN below."""
        return self._unary("log", a)

    def cos(self, a: Operand) -> PlainNumber:
        """Return the cosine of an angle in radians."""
        return self._unary("cos", a)

    def floor(self, a: Operand) -> PlainNumber:
        """Return the largest integer that is not above a."""
        return self._unary("floor", a)

    def abs(self, a: Operand) -> PlainNumber:
        """Return |a|."""
        return self._unary("absolute", a)

    def sign(self, a: Operand) -> PlainNumber:
        """Return -1, 0 or 1; NaN for NaN."""
        return self._unary("sign", a)

    def maximum(self, a: Operand, b: Operand) -> PlainNumber:
        """Return the larger of both; NaN if one is NaN."""
        return self._binary("maximum", a, b)

    def sum(self, a: Operand, axis: int | None = None) -> PlainNumber:
        """Return the sum over all elements, or over those along an axis."""
        return self._number(along(self.values.sum, _data(self.lift(a)), axis))

    def matmul(self, a: Number, b: Number) -> PlainNumber:
        """Return the matrix product."""
        return self._binary("matmul", a, b)

    def integer(self, a: Number) -> int:
        """Return a hyperparameter that is a whole number."""
        return int(float(_data(a)))

    def rearranged(self, move: Callable[..., Any], *arrays: Number) -> PlainNumber:
        """Return what ``move``, which only moves elements about, makes of numpy arrays."""
        return self._number(move(*map(_data, arrays)))

    def smallest_eigenvalue(self, a: Number) -> PlainNumber:
        """Return the smallest eigenvalue of a symmetric matrix."""
        return self._unary("smallest_eigenvalue", a)

    def matrix_power(self, a: Number, exponent: Operand, x: Number) -> PlainNumber:
        """Return a**exponent @ x: ``a`` is symmetric and positive, the exponent not positive."""
        power = _data(self.lift(exponent))[()]
        return self._number(self.values.spectral(_data(a), Power(power), _data(x)))

    def root_power(self, a: Number, shift: Operand, exponent: Operand, x: Number) -> PlainNumber:
        """Return (sqrt(a) + shift * identity)**exponent @ x, all else as in `matrix_power`."""
        power = Power(_data(self.lift(exponent))[()], _data(self.lift(shift))[()])
        return self._number(self.values.spectral(_data(a), power, _data(x)))

    def _conditions(self, name: str, a: Number, b: Number) -> Condition:
        verdicts = getattr(self.values, name)(_data(a), _data(b))
        sure = elementwise(lambda verdict: verdict is not None, 1)(verdicts)
        return Condition(verdicts.astype(bool), sure.astype(bool))

    def less(self, a: Number, b: Number) -> Condition:
        """Return where a < b; False for NaN."""
        return self._conditions("less", a, b)

    def less_equal(self, a: Number, b: Number) -> Condition:
        """Return where a <= b; False for NaN."""
        return self._conditions("less_equal", a, b)

    def where(self, condition: Condition, a: Operand, b: Operand) -> PlainNumber:
        """Return a where the condition holds, else b; the union of both where it is not sure."""
        x, y = _data(self.lift(a)), _data(self.lift(b))
        chosen = np.where(condition.true, x, y)
        if not condition.sure.all():
            chosen = np.where(condition.sure, chosen, self.values.union(x, y))
        return self._number(chosen)


def _data(number: Number) -> Objects:
    assert isinstance(number, PlainNumber)
    return number.data
