"""The error bound: each operation of a rule, with the rounding that an honest candidate may add.

Running error analysis (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., ch. 3.3),
with the errors of the operands propagated to every order. What a rounding may cost:

* a product or a root, one unit roundoff of the result; a sum, one of the sum of magnitudes (its
  terms may be taken in any order), but never more than either operand, which is itself a number of
  the type; a quotient, two (a candidate may multiply by the reciprocal);
* ``exp``, ``log``, ``cos`` and powers, 4 ulp; ``beta**t``, no less than t (a running product);
* a sum of n terms, n - 1 roundings up to n = 4096, above it 4 sqrt(n) (Higham & Mary 2019);
* where a result may be subnormal, half the smallest subnormal, or the smallest normal number if the
  candidate flushes; where it may overflow, everything: the bound is infinite.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from oracle.arithmetic import bounded
from oracle.arithmetic.base import Condition, Number, Operand
from oracle.arithmetic.bounded import Bounded, Floats, as_bounded
from oracle.arithmetic.frame import Frame

_FUNCTION_ROUNDINGS = 8.0
"""4 ulp in unit roundoffs: what CUDA documents for powf."""
_QUOTIENT_ROUNDINGS = 2.0
_WORST_CASE_TERMS = 4096


def once_for_hosts(operation: Callable[..., Bounded]) -> Callable[..., Bounded]:
    """Take operands of any kind; remember the result where all are made of hyperparameters."""

    @wraps(operation)
    def wrapper(xp: Rounding, *operands: Operand) -> Bounded:
        numbers = [as_bounded(xp.lift(x)) for x in operands]
        if all(x.host for x in numbers):
            return xp.once(operation, *numbers)
        return operation(xp, *numbers)

    return wrapper


class Rounding(Frame):
    """Values of another arithmetic, each with a bound on the error of an honest candidate.

    ``values`` computes the values: mpmath's (`MpValues`) where they must be exact, or float64
    (`Float64Values`), whose own rounding is then charged to the bound at every operation.
    """

    # -- the operations ---------------------------------------------------------------------

    @once_for_hosts
    def add(self, a: Bounded, b: Bounded) -> Bounded:
        """Return a + b."""
        return self._sum_of(a, b, self.values.add, subtracts=False)

    @once_for_hosts
    def subtract(self, a: Bounded, b: Bounded) -> Bounded:
        """Return a - b."""
        return self._sum_of(a, b, self.values.subtract, subtracts=True)

    def _sum_of(self, a: Bounded, b: Bounded, function: Any, *, subtracts: bool) -> Bounded:
        a, b, kind = self._meet(a, b)
        value = function(a.value, b.value)
        if a.kind is None and b.kind is None:
            return self._exact(value)
        size = a.reach + b.reach
        charge = np.minimum(self._unit(kind) * size, np.minimum(a.reach, b.reach))
        if self.model.flushes_subnormals:
            charge = charge + np.minimum(size, self.model.underflow(kind))
        positive = a.positive and b.positive and not subtracts
        return self._result(
            value, a.error + b.error, size, (a, b), kind, charge=charge, positive=positive
        )

    def _exact(self, value: Any) -> Bounded:
        """Return the result of exact integer literals, in which no candidate rounds."""
        error = self._representation(value, self.model.compute)
        positive = self._never_negative(value, error)
        return Bounded(self, value, error, kind=None, host=True, positive=positive)

    @once_for_hosts
    def multiply(self, a: Bounded, b: Bounded) -> Bounded:
        """Return a * b."""
        a, b, kind = self._meet(a, b)
        value = self.values.multiply(a.value, b.value)
        propagated = bounded.product_error(a, b)
        positive = a.positive and b.positive
        return self._result(value, propagated, a.reach * b.reach, (a, b), kind, positive=positive)

    @once_for_hosts
    def square(self, a: Bounded) -> Bounded:
        """Return a * a."""
        a, _, kind = self._meet(a, a)
        value = self.values.square(a.value)
        propagated = (a.size + a.reach) * a.error
        return self._result(value, propagated, a.reach * a.reach, (a,), kind, positive=True)

    @once_for_hosts
    def divide(self, a: Bounded, b: Bounded) -> Bounded:
        """Return a / b; x/0 is an infinity and 0/0 is NaN."""
        a, b, kind = self._meet(a, b)
        value = self.values.divide(a.value, b.value)
        quotient = self._size_of(value)
        propagated = bounded.quotient_error(quotient, a, b)
        exact = a.host and b.host and not propagated.any()
        exact = exact and not self._representation(value, kind).any()
        return self._result(
            value,
            propagated,
            quotient + propagated,
            (a, b),
            kind,
            roundings=_QUOTIENT_ROUNDINGS,
            charge=np.zeros_like(quotient) if exact else None,
            positive=a.positive and b.positive,
        )

    @once_for_hosts
    def power(self, a: Bounded, b: Bounded) -> Bounded:
        """Return a**b; NaN for a negative base with a fractional exponent."""
        a, b, kind = self._meet(a, b)
        value = self.values.power(a.value, b.value)
        base, exponent = self.values.floats(a.value), self.values.floats(b.value)
        size = self._size_of(value)
        relative = bounded.power_error(np.abs(base), a.error, exponent, b.error)
        at_zero = np.where(a.error == 0, 0.0, np.power(a.error, exponent))
        propagated = np.where(base == 0, at_zero, size * relative)
        propagated = np.where((a.error == 0) & (b.error == 0), 0.0, propagated)
        steps = float(np.max(np.abs(exponent), initial=0.0)) if b.kind is None else 0.0
        return self._result(
            value,
            propagated,
            size + propagated,
            (a, b),
            kind,
            roundings=max(_FUNCTION_ROUNDINGS, steps),
            positive=a.positive,
        )

    @once_for_hosts
    def negative(self, a: Bounded) -> Bounded:
        """Return -a."""
        return Bounded(self, self.values.negative(a.value), a.error, kind=a.kind, host=a.host)

    @once_for_hosts
    def sqrt(self, x: Bounded) -> Bounded:
        """Return the square root; NaN for a negative number."""
        value = self.values.sqrt(x.value)
        propagated = bounded.root_error(
            self.values.floats(value), self.values.floats(x.value), x.error, x.positive
        )
        size = self._size_of(value) + propagated
        kind = x.kind or self.model.hyper["*"]
        charge = self._unit(kind) * size
        return self._result(value, propagated, size, (x,), kind, charge=charge, positive=True)

    def _function(
        self, x: Bounded, value: Any, propagated: Floats, *, positive: bool = False
    ) -> Bounded:
        kind = x.kind or self.model.hyper["*"]
        size = self._size_of(value) + propagated
        return self._result(
            value,
            propagated,
            size,
            (x,),
            kind,
            roundings=_FUNCTION_ROUNDINGS,
            positive=positive,
        )

    @once_for_hosts
    def exp(self, x: Bounded) -> Bounded:
        """Return e**a."""
        value = self.values.exp(x.value)
        return self._function(x, value, self._size_of(value) * np.expm1(x.error), positive=True)

    @once_for_hosts
    def log(self, x: Bounded) -> Bounded:
        """Return the natural logarithm; -inf at 0, NaN below."""
        value = self.values.log(x.value)
        shift = -np.log1p(-np.minimum(x.error / x.size, 1.0))
        return self._function(x, value, np.where(x.error == 0, 0.0, shift))

    @once_for_hosts
    def cos(self, x: Bounded) -> Bounded:
        """Return the cosine of an angle in radians."""
        return self._function(x, self.values.cos(x.value), np.minimum(x.error, 2.0))

    @once_for_hosts
    def floor(self, x: Bounded) -> Bounded:
        """Return the largest integer that is not above a."""
        value = self.values.floor(x.value)
        exact = self.values.floats(x.value)
        low, high = np.floor(exact - x.error), np.floor(exact + x.error)
        middle = self.values.floats(value)
        error = np.maximum(high - middle, middle - low)
        return Bounded(self, value, error, kind=x.kind, host=x.host, positive=x.positive)

    @once_for_hosts
    def abs(self, x: Bounded) -> Bounded:
        """Return |a|."""
        value = self.values.absolute(x.value)
        return Bounded(self, value, x.error, kind=x.kind, host=x.host, positive=True)

    @once_for_hosts
    def sign(self, x: Bounded) -> Bounded:
        """Return -1, 0 or 1; NaN for NaN."""
        error = bounded.sign_error(self.values.floats(x.value), x.error, x.positive)
        return Bounded(
            self, self.values.sign(x.value), error, kind=x.kind, host=x.host, positive=x.positive
        )

    @once_for_hosts
    def maximum(self, a: Bounded, b: Bounded) -> Bounded:
        """Return the larger of both; NaN if one is NaN."""
        x, y, kind = self._meet(a, b)
        difference = self.values.floats(self.values.subtract(x.value, y.value))
        error = bounded.maximum_error(difference, x.error, y.error)
        value = self.values.maximum(x.value, y.value)
        positive = x.positive or y.positive
        return Bounded(self, value, error, kind=kind, host=x.host and y.host, positive=positive)

    # -- decisions and reductions -----------------------------------------------------------

    def less(self, a: Number, b: Number) -> Condition:
        """Return where a < b; False for NaN."""
        return self._compare(self.values.less, as_bounded(a), as_bounded(b))

    def less_equal(self, a: Number, b: Number) -> Condition:
        """Return where a <= b; False for NaN."""
        return self._compare(self.values.less_equal, as_bounded(a), as_bounded(b))

    def _compare(self, function: Any, a: Bounded, b: Bounded) -> Condition:
        a, b, _ = self._meet(a, b)
        true = np.asarray(function(a.value, b.value), dtype=bool)
        gap = self._size_of(self.values.subtract(a.value, b.value))
        doubt = a.error + b.error
        return Condition(true, (doubt == 0) | (gap > doubt))

    def where(self, condition: Condition, a: Operand, b: Operand) -> Bounded:
        """Return a where the condition holds, else b; both are allowed where it is not sure."""
        x, y, kind = self._meet(as_bounded(self.lift(a)), as_bounded(self.lift(b)))
        value = np.where(condition.true, x.value, y.value)
        error = np.where(condition.true, x.error, y.error)
        if not condition.sure.all():
            gap = self._size_of(self.values.subtract(x.value, y.value))
            either = np.maximum(x.error, y.error) + np.where(np.isnan(gap), np.inf, gap)
            error = np.where(condition.sure, error, either)
        host = x.host and y.host and condition.true.ndim == 0
        positive = x.positive and y.positive
        return Bounded(self, value, error, kind=kind, host=host, positive=positive)

    def sum(self, a: Operand) -> Bounded:
        """Return the sum over all elements."""
        x = as_bounded(self.lift(a))
        value = self.values.sum(x.value)
        propagated = np.asarray(np.sum(np.broadcast_to(x.error, x.size.shape)))
        size = np.asarray(np.sum(x.reach))
        kind = x.kind or self.model.hyper["*"]
        charge = _summation(x.size.size - 1) * self._unit(kind) * size
        whole = Bounded(self, value, propagated, kind=kind, host=x.host)
        return self._result(
            value, propagated, size, (whole,), kind, charge=charge, positive=x.positive
        )

    def matmul(self, a: Number, b: Number) -> Bounded:
        """Return the matrix product."""
        a, b, kind = self._meet(as_bounded(a), as_bounded(b))
        value = self.values.matmul(a.value, b.value)
        size = a.reach @ b.reach
        error_a, error_b = (np.broadcast_to(x.error, x.size.shape) for x in (a, b))
        propagated = a.reach @ error_b + error_a @ b.size
        terms = a.size.shape[-1]
        charge = _summation(terms) * self._unit(kind) * size + terms * self.model.underflow(kind)
        whole = Bounded(self, value, propagated, kind=kind, host=a.host and b.host)
        return self._result(value, propagated, size, (whole,), kind, charge=charge)


def _summation(roundings: int) -> float:
    """Return how many unit roundoffs of the sum of magnitudes a chain of additions may lose."""
    if roundings < _WORST_CASE_TERMS:
        return float(max(roundings, 0))
    return 4.0 * float(np.sqrt(roundings))
