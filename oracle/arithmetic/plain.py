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


def _by_values(name: str) -> Callable[..., PlainNumber]:
    """Return the method that computes a function of arrays."""

    def method(xp: Plain, *operands: Operand) -> PlainNumber:
        return xp._number(getattr(xp.values, name)(*(_data(xp.lift(a)) for a in operands)))

    return method


def _comparison(name: str) -> Callable[..., Condition]:
    """Return the method that compares two arrays."""

    def method(xp: Plain, a: Number, b: Number) -> Condition:
        return xp._conditions(name, a, b)

    return method


class Plain(Arithmetic):
    """The functions of an arithmetic that differ only in their scalars."""

    values: Any

    def _number(self, data: Any) -> PlainNumber:
        return PlainNumber(self, data)

    def shape(self, a: Number) -> tuple[int, ...]:
        """Return the shape of an array."""
        return _data(a).shape

    def full(self, shape: tuple[int, ...], value: Number) -> PlainNumber:
        """Fill an array of ``shape`` with the scalar ``value``."""
        filled = np.empty(shape, dtype=object)
        filled[...] = _data(value)[()]
        return self._number(filled)

    add = _by_values("add")
    subtract = _by_values("subtract")
    multiply = _by_values("multiply")
    divide = _by_values("divide")
    power = _by_values("power")
    maximum = _by_values("maximum")
    matmul = _by_values("matmul")
    square = _by_values("square")
    negative = _by_values("negative")
    sqrt = _by_values("sqrt")
    exp = _by_values("exp")
    log = _by_values("log")
    cos = _by_values("cos")
    floor = _by_values("floor")
    sign = _by_values("sign")
    smallest_eigenvalue = _by_values("smallest_eigenvalue")
    abs = _by_values("absolute")
    less, less_equal = _comparison("less"), _comparison("less_equal")

    def sum(self, a: Operand, axis: int | None = None) -> PlainNumber:
        """Return the sum over all elements, or over those along an axis."""
        return self._number(along(self.values.sum, _data(self.lift(a)), axis))

    def integer(self, a: Number) -> int:
        """Return a hyperparameter that is a whole number."""
        return int(float(_data(a)))

    def rearranged(self, move: Callable[..., Any], *arrays: Number) -> PlainNumber:
        """Return what ``move``, which only moves elements about, makes of numpy arrays."""
        return self._number(move(*map(_data, arrays)))

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
