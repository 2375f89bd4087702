"""Roots, powers, exponentials, logarithms and cosines, as exact as a device has them."""

from __future__ import annotations

from typing import Any

import numpy as np

from oracle.arithmetic import bounded
from oracle.arithmetic.bounded import Bounded, Floats
from oracle.arithmetic.forms import Forms
from oracle.arithmetic.frame import once_for_hosts
from oracle.arithmetic.made import Made, Operator
from oracle.dtypes import FloatType
from oracle.operations import ThroughLogarithm

_FUNCTION_ROUNDINGS = 8.0
"""4 ulp in unit roundoffs, where nothing is declared."""


class Functions(Forms):
    """The functions whose results no standard has correctly rounded, and the square root."""

    @once_for_hosts
    def power(self, a: Bounded, b: Bounded) -> Bounded:
        """Return a**b; NaN for a negative base with a fractional exponent.

        A base that is 0 if quotients are divided must not be less: it would turn all to NaN.
        """
        a, b, kind = self._meet(a, b)
        positive = a.positive or (a.divides_evenly and not np.any(a.value < 0))
        value = self.values.power(a.value, b.value)
        exponent = self.values.floats(b.value)
        power = self.magnitude(value)
        propagated = bounded.power_error(power, a, exponent, b.error, positive)
        size = power + propagated
        steps = self._roundings(Made(Operator.POWER, a, b), kind)
        through = self.model.operations.logarithmic if kind == self.model.compute else None
        roundings = steps if through else max(self._roundings_of("power", kind), steps)
        charge = size * np.expm1(roundings * np.log1p(self.unit(kind)))
        if through is not None:
            charge = np.maximum(charge, self._lost_in_logarithm(through, size, a, b, kind))
        charge = charge + np.where(size > 0, steps * self.model.underflow(kind), 0.0)
        operands, positive = (a, b), a.positive
        result = self._result(
            value, propagated, size, operands, kind, roundings, charge=charge, positive=positive
        )
        self.charge_besides(result, self.model.accuracy("power", kind), size, b)
        if b.error.any():
            result.least = lambda: bounded.least_power(power, a, exponent, b.error) - charge
        return result

    def _lost_in_logarithm(
        self, through: ThroughLogarithm, size: Floats, a: Bounded, b: Bounded, kind: FloatType
    ) -> Floats:
        """Return what exp2(b * log2(a)) loses: what the exponent is off by counts absolutely.

        Where the exponent is 0, only exp2 loses; where the base may be 0, everything is lost.
        """
        unit = self.unit(kind)
        with np.errstate(all="ignore"):
            shift = -np.log1p(-np.minimum(a.error / a.size, 1.0))
            logarithm = (np.abs(np.log(a.size)) + shift) / np.log(2.0)
            off = through.log2.roundings(kind) * unit * logarithm + through.log2.absolute
            off = b.reach * (off * (1.0 + unit) + unit * logarithm)
            of_exponent = 2.0 * through.exp2.ulp_of_argument * unit * b.reach * logarithm
            relative = np.log(2.0) * off + through.exp2.roundings(kind) * unit + of_exponent
            lost: Floats = size * np.expm1(relative) + through.exp2.absolute
            of_one = size * np.expm1(through.exp2.roundings(kind) * unit) + through.exp2.absolute
        lost = np.where(np.isnan(lost), np.inf, lost)
        lost = np.where((b.size == 0) & (b.error == 0), of_one, lost)
        return np.where(size == 0, 0.0, lost)

    @once_for_hosts
    def sqrt(self, x: Bounded) -> Bounded:
        """Return the square root; NaN for a negative number."""
        value = self.values.sqrt(x.value)
        propagated = bounded.root_error(
            self.values.floats(value), self.values.floats(x.value), x.error, x.positive
        )
        magnitude = self.magnitude(value, positive=True)
        size = magnitude + propagated
        kind = x.kind or self.model.hyper["*"]
        accuracy = self.model.accuracy("sqrt", kind)
        roundings = 1.0 if accuracy is None else accuracy.roundings(kind)
        charge = roundings * self.unit(kind) * size
        root = self._result(
            value, propagated, size, (x,), kind, roundings, charge=charge, positive=True
        )
        root.magnitude = magnitude
        self.charge_besides(root, accuracy, size, x)
        return self._made(root, Made(Operator.ROOT, x))

    def _roundings_of(self, operation: str, kind: FloatType) -> float:
        accuracy = self.model.accuracy(operation, kind)
        return _FUNCTION_ROUNDINGS if accuracy is None else accuracy.roundings(kind)

    def _function(
        self, name: str, x: Bounded, value: Any, propagated: Floats, *, positive: bool = False
    ) -> Bounded:
        kind = x.kind or self.model.hyper["*"]
        size = self.magnitude(value) + propagated
        roundings = self._roundings_of(name, kind)
        result = self._result(value, propagated, size, (x,), kind, roundings, positive=positive)
        return self.charge_besides(result, self.model.accuracy(name, kind), size, x)

    @once_for_hosts
    def exp(self, x: Bounded) -> Bounded:
        value = self.values.exp(x.value)
        propagated = self.magnitude(value) * np.expm1(x.error)
        return self._function("exp", x, value, propagated, positive=True)

    @once_for_hosts
    def log(self, x: Bounded) -> Bounded:
        """Return the natural logarithm; -inf at 0, NaN below."""
        value = self.values.log(x.value)
        shift = -np.log1p(-np.minimum(x.error / x.size, 1.0))
        return self._function("log", x, value, np.where(x.error == 0, 0.0, shift))

    @once_for_hosts
    def cos(self, x: Bounded) -> Bounded:
        """Return the cosine of an angle in radians."""
        propagated = np.where(np.isinf(x.error), np.inf, np.minimum(x.error, 2.0))
        return self._function("cos", x, self.values.cos(x.value), propagated)
