"""Plain float64, without bounds: what a formula comes to, ten times as fast as with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from oracle.arithmetic.base import Condition, Number, Operand
from oracle.arithmetic.bounded import Floats
from oracle.arithmetic.native import Float64Values
from oracle.arithmetic.plain import Plain, PlainNumber
from oracle.arithmetic.power import Power, combined


class Double(PlainNumber):
    """A float64 array."""

    __slots__ = ()

    def __init__(self, xp: Doubles, data: Any) -> None:
        self.xp = xp
        self.data = np.asarray(data, np.float64)


class _Values(Float64Values):
    """The functions of float64 arrays, those of matrices too."""

    @classmethod
    def smallest_eigenvalue(cls, a: Floats) -> Floats:
        """Return the smallest eigenvalue of a symmetric matrix."""
        return np.asarray(cls.eigh(a)[0][0])

    @classmethod
    def spectral(cls, a: Floats, power: Power, x: Floats) -> Floats:
        """Return f(a) @ x."""
        eigenvalues, vectors = cls.eigh(a)
        return np.asarray(combined(cls, eigenvalues, vectors, power, x))


def _by_numpy(function: Callable[..., Any]) -> Callable[..., Double]:
    """Return the method that computes a function of arrays: these are most of a run."""

    def method(xp: Doubles, *operands: Operand) -> Double:
        return Double(xp, function(*[xp.lift(a).data for a in operands]))

    return method


class Doubles(Plain):
    """The arithmetic of numpy's float64."""

    add = _by_numpy(_Values.add)
    subtract = _by_numpy(_Values.subtract)
    multiply = _by_numpy(_Values.multiply)
    divide = _by_numpy(_Values.divide)
    power = _by_numpy(_Values.power)
    square = _by_numpy(_Values.square)
    sqrt = _by_numpy(_Values.sqrt)

    def __init__(self) -> None:
        self.values = _Values
        self.pi = Double(self, np.pi)

    def _number(self, data: Any) -> Double:
        return Double(self, data)

    def constant(self, value: float | int | str, argument: str = "*") -> Double:
        """Bring in a hyperparameter; a decimal string is rounded."""
        return Double(self, float(value))

    def lift(self, value: Any) -> Double:
        """Turn a literal of a formula into a number."""
        return value if isinstance(value, Double) else self.constant(value)

    def array(self, values: Any) -> Double:
        """Bring in an array of parameters or gradients."""
        return Double(self, np.asarray(values).astype(np.float64))

    def _conditions(self, name: str, a: Number, b: Number) -> Condition:
        assert isinstance(a, Double)
        assert isinstance(b, Double)
        true = np.asarray(getattr(self.values, name)(a.data, b.data))
        return Condition(true, np.ones_like(true))


def as_floats(number: Number) -> Floats:
    """Return the numbers themselves."""
    assert isinstance(number, Double)
    return number.data.astype(np.float64, copy=False)
