"""The error bound: each operation of a rule, with the rounding that an honest candidate may add.

Running error analysis (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., ch. 3.3),
with the errors of the operands propagated to every order. What a rounding may cost:

* a product, a root or a sum, one unit roundoff of the result, but a sum never more than either
  operand, which is itself a number of the type;
* ``exp``, ``log``, ``cos`` and powers, 4 ulp;
* what a device is declared to lose more, or less, in an operation: `oracle.operations`;
* a function of a symmetric matrix, see `oracle.arithmetic.spectral`;
* a sum of n terms, n - 1 roundings up to n = 4096, above it 4 sqrt(n) (Higham & Mary 2019);
* where a result may be subnormal, half the smallest subnormal, or the smallest normal number if the
  candidate flushes; where a result may overflow, everything: the bound is infinite;
* what the other forms of the formula lose more: `oracle.arithmetic.rewritings.table`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from oracle.arithmetic import bounded
from oracle.arithmetic.bounded import Bounded, Floats
from oracle.arithmetic.frame import once_for_hosts
from oracle.arithmetic.functions import Functions
from oracle.arithmetic.made import Made, Operator, terms_of
from oracle.arithmetic.orthogonal import Orthogonalization
from oracle.arithmetic.rewritings.products import lost_in_reciprocal
from oracle.arithmetic.rewritings.sums import additions, one_addition
from oracle.arithmetic.spectral import Spectra
from oracle.arithmetic.switches import Switches
from oracle.dtypes import FloatType


class Rounding(Functions, Switches, Orthogonalization, Spectra):
    """Values of another arithmetic, each with a bound on the error of an honest candidate.

    ``values`` computes the values: mpmath's (`MpValues`) where they must be exact, or float64
    (`Float64Values`), whose own rounding is then charged to the bound at every operation.
    """

    @once_for_hosts
    def add(self, a: Bounded, b: Bounded) -> Bounded:
        made = Made(Operator.ADD, a, b)
        total = self._made(self._sum_of(a, b, self.values.add, made), made)
        made.operands = ()
        return total

    @once_for_hosts
    def subtract(self, a: Bounded, b: Bounded) -> Bounded:
        made = Made(Operator.SUBTRACT, a, b)
        return self._made(self._sum_of(a, b, self.values.subtract, made), made)

    def _sum_of(self, a: Bounded, b: Bounded, function: Any, made: Made) -> Bounded:
        a, b, kind = self._meet(a, b)
        value = function(a.value, b.value)
        if a.kind is None and b.kind is None:
            return self._exact(value)
        subtracts = made.operator is Operator.SUBTRACT
        propagated = bounded.sum_error(a, b, subtracts=subtracts)
        positive = a.positive and b.positive and not subtracts
        magnitude = self.magnitude(value, positive=positive)
        size = magnitude + propagated
        most = a.most + b.most
        roundings, loose = self._roundings(made, kind), self.model.in_sums(kind) > 1
        if roundings == 1:
            charge = one_addition(made, a, b, self.unit(kind), size, most, loose=loose)
        else:
            charge = additions(made, a, b, kind, self.unit(kind), roundings, loose=loose)
        if self.model.flushes_subnormals and not _adds_nothing(a, b):
            charge = charge + bounded.smaller(size, np.asarray(self.model.underflow(kind)))
        elif loose:
            charge = charge + np.where(size > 0, roundings * self.model.underflow(kind), 0.0)
        total = self._result(
            value, propagated, size, (a, b), kind, charge=charge, positive=positive, most=most
        )
        total.divides_evenly = self._divides_evenly(value, a, b, kind)
        total.magnitude = magnitude
        return total

    def _divides_evenly(self, value: Any, a: Bounded, b: Bounded, kind: FloatType) -> bool:
        """Whether a sum would be exact if the quotients in it were."""
        if not (a.divides_evenly or b.divides_evenly):
            return False
        exact = all(number.exact or number.divides_evenly for number in (a, b))
        return exact and not self._representation(value, kind).any()

    def _exact(self, value: Any) -> Bounded:
        """Return the result of exact integer literals, in which no candidate rounds."""
        error = self._representation(value, self.model.compute)
        positive = self._never_negative(value, error)
        return Bounded(self, value, error, kind=None, host=True, positive=positive)

    @once_for_hosts
    def multiply(self, a: Bounded, b: Bounded) -> Bounded:
        made = Made(Operator.MULTIPLY, a, b)
        a, b, kind = self._meet(a, b)
        value = self.values.multiply(a.value, b.value)
        propagated, relative = bounded.product_error(a, b)
        positive, most = a.positive and b.positive, a.most * b.most
        size = self._size_of_product(a, b, value)
        product = self._result(
            value, propagated, size, (a, b), kind, relative=relative, positive=positive, most=most
        )
        return self._made(product, made)

    def _size_of_product(self, a: Bounded, b: Bounded, value: Any) -> Floats:
        """Return the largest magnitude that a product may have: 0 for nothing but 0."""
        size = a.reach * b.reach
        if self.model.compute.bits < 64:
            return size
        return np.maximum(size, self.magnitude(value))

    @once_for_hosts
    def square(self, a: Bounded) -> Bounded:
        a, _, kind = self._meet(a, a)
        value = self.values.square(a.value)
        propagated = a.error if a.exact else (a.size + a.reach) * a.error
        size = self._size_of_product(a, a, value)
        square = self._result(
            value, propagated, size, (a,), kind, positive=True, most=a.most * a.most
        )
        return self._made(square, Made(Operator.SQUARE, a))

    def _is_quotient(self, value: Any, a: Bounded, b: Bounded) -> bool:
        """Whether hyperparameters divide evenly: float64 holds every quotient that it rounds."""
        numbers = np.broadcast(*(self.values.floats(x) for x in (value, a.value, b.value)))
        return all(
            np.isfinite((float(q), float(x), float(y))).all()
            and Fraction(float(q)) * Fraction(float(y)) == Fraction(float(x))
            for q, x, y in numbers
        )

    @once_for_hosts
    def divide(self, a: Bounded, b: Bounded) -> Bounded:
        """Return a / b; x/0 is an infinity and 0/0 is NaN."""
        made = Made(Operator.DIVIDE, a, b)
        a, b, kind = self._meet(a, b)
        value = self.values.divide(a.value, b.value)
        positive = a.positive and b.positive
        quotient = self.magnitude(value, positive=positive)
        propagated = bounded.quotient_error(quotient, a, b)
        accuracy = self.model.accuracy("divide", kind)
        exact = a.host and b.host and accuracy is None and not propagated.any()
        exact = exact and self._is_quotient(value, a, b)
        divided = exact and not self.model.reciprocal_math
        roundings = self._roundings(made, kind)
        if roundings > 1:
            propagated = propagated + lost_in_reciprocal(self, a, b, kind)
        if accuracy is not None:
            roundings += accuracy.roundings(kind) - 1.0
        roundings = max(roundings, self._by_reciprocal_root(b, kind))
        size = quotient + propagated
        charge = np.zeros_like(quotient) if divided else None
        result = self._result(
            value, propagated, size, (a, b), kind, roundings, charge=charge, positive=positive
        )
        result.magnitude, result.divides_evenly = quotient, exact
        self.charge_besides(result, accuracy, size, b)
        if not b.positive:
            zero_without_sign = (b.size == 0) & (a.reach > 0)
            result.error = np.where(zero_without_sign, np.inf, result.error)
        return self._made(result, made)

    def _by_reciprocal_root(self, b: Bounded, kind: FloatType) -> float:
        """Return the roundings of x * rsqrt(y), besides those that the root of y was charged."""
        rsqrt, made = self.model.accuracy("rsqrt", kind), b.made_by
        if rsqrt is None or made is None or made.operator is not Operator.ROOT:
            return 1.0
        sqrt = self.model.accuracy("sqrt", kind)
        return 1.0 + rsqrt.roundings(kind) - (1.0 if sqrt is None else sqrt.roundings(kind))

    @once_for_hosts
    def negative(self, a: Bounded) -> Bounded:
        value = self.values.negative(a.value)
        opposite = Bounded(self, value, a.error, kind=a.kind, host=a.host)
        opposite.made_by = Made(Operator.NEGATIVE, a)
        opposite.made_by.terms = terms_of(a)
        opposite.divides_evenly = a.divides_evenly
        return opposite

    @once_for_hosts
    def abs(self, x: Bounded) -> Bounded:
        value = self.values.absolute(x.value)
        return Bounded(self, value, x.error, kind=x.kind, host=x.host, positive=True)


def _adds_nothing(a: Bounded, b: Bounded) -> bool:
    """Whether a host adds an exact 0: no candidate's sum is then subnormal where it is not."""
    return a.host and b.host and not (a.reach.any() and b.reach.any())
