"""The error bound: each operation of a rule, with the rounding that an honest candidate may add.

Running error analysis (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., ch. 3.3),
with the errors of the operands propagated to every order. What a rounding may cost:

* a product, a root or a sum, one unit roundoff of the result, but a sum never more than either
  operand, which is itself a number of the type; a sum of sums, as many as it has additions, of the
  sum of magnitudes (its terms may be taken in any order), also where it is multiplied, see
  `oracle.arithmetic.distributed`; a quotient, two (a candidate may multiply
  by the reciprocal); a mean, or a share that is taken off, what other forms of it lose, see
  `oracle.arithmetic.means`;
* ``exp``, ``log``, ``cos`` and powers, 4 ulp; ``beta**t``, no less than t (a running product);
* a function of a symmetric matrix, see `oracle.arithmetic.spectral`;
* a sum of n terms, n - 1 roundings up to n = 4096, above it 4 sqrt(n) (Higham & Mary 2019);
* where a result may be subnormal, half the smallest subnormal, or the smallest normal number if the
  candidate flushes; of three factors and more, where any part of their product may be, see
  `oracle.arithmetic.chains`; where a result may overflow, everything: the bound is infinite.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from oracle.arithmetic import bounded
from oracle.arithmetic.bounded import Bounded, Floats
from oracle.arithmetic.distributed import Distributed
from oracle.arithmetic.frame import once_for_hosts
from oracle.arithmetic.terms import is_made, sum_terms
from oracle.dtypes import FloatType

_FUNCTION_ROUNDINGS = 8.0
"""4 ulp in unit roundoffs: what CUDA documents for powf."""
_QUOTIENT_ROUNDINGS = 2.0


class Rounding(Distributed):
    """Values of another arithmetic, each with a bound on the error of an honest candidate.

    ``values`` computes the values: mpmath's (`MpValues`) where they must be exact, or float64
    (`Float64Values`), whose own rounding is then charged to the bound at every operation.
    """

    @once_for_hosts
    def add(self, a: Bounded, b: Bounded) -> Bounded:
        """Return a + b."""
        return self._mean(a, b, self._sum_of(a, b, self.values.add, subtracts=False))

    @once_for_hosts
    def subtract(self, a: Bounded, b: Bounded) -> Bounded:
        """Return a - b."""
        difference = self._sum_of(a, b, self.values.subtract, subtracts=True)
        if a.kind is None and b.host and a.exact and np.all(a.size == 1):
            difference.complement = b
        if not a.host:
            difference.minuend, difference.subtrahend = a, b
        return self._moved(a, b, difference)

    def _sum_of(self, a: Bounded, b: Bounded, function: Any, *, subtracts: bool) -> Bounded:
        a, b, kind = self._meet(a, b)
        value = function(a.value, b.value)
        if a.kind is None and b.kind is None:
            return self._exact(value)
        propagated = bounded.sum_error(a, b, subtracts=subtracts)
        positive = a.positive and b.positive and not subtracts
        magnitude = self.magnitude(value, positive=positive)
        size = magnitude + propagated
        most = a.most + b.most
        terms, charge = sum_terms(a, b, kind, self._unit(kind), size, most)
        if self.model.flushes_subnormals and not _adds_nothing(a, b):
            charge = charge + bounded.smaller(size, np.asarray(self.model.underflow(kind)))
        total = self._result(
            value, propagated, size, (a, b), kind, charge=charge, positive=positive, most=most
        )
        terms.closed = not (is_made(a) or is_made(b))
        total.divides_evenly = self._divides_evenly(value, a, b, kind)
        total.magnitude, total.terms = magnitude, terms
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
        """Return a * b."""
        factors = (a, b) if a.host else (b, a) if b.host else None
        whole_a, whole_b = a, b
        a, b, kind = self._meet(a, b)
        value = self.values.multiply(a.value, b.value)
        propagated, relative = bounded.product_error(a, b)
        positive = a.positive and b.positive
        size = self._size_of_product(a, b, value)
        product = self._result(
            value,
            propagated,
            size,
            (a, b),
            kind,
            relative=relative,
            positive=positive,
            most=a.most * b.most,
        )
        if factors is not None:
            product.factors = factors
            product.multiple_of = factors[1].multiple_of or factors[1]
        self._regrouped(product, kind, whole_a, whole_b)
        return self._distributed(product, whole_a, whole_b, roundings=1.0)

    def _size_of_product(self, a: Bounded, b: Bounded, value: Any) -> Floats:
        """Return the largest magnitude that a product may have: 0 for nothing but 0."""
        size = a.reach * b.reach
        if self.model.compute.bits < 64:
            return size
        return np.maximum(size, self.magnitude(value))

    @once_for_hosts
    def square(self, a: Bounded) -> Bounded:
        """Return a * a."""
        a, _, kind = self._meet(a, a)
        value = self.values.square(a.value)
        propagated = a.error if a.exact else (a.size + a.reach) * a.error
        size = self._size_of_product(a, a, value)
        square = self._result(
            value, propagated, size, (a,), kind, positive=True, most=a.most * a.most
        )
        return self._regrouped(square, kind, a, a)

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
        whole_a, whole_b = a, b
        a, b, kind = self._meet(a, b)
        value = self.values.divide(a.value, b.value)
        positive = a.positive and b.positive
        quotient = self.magnitude(value, positive=positive)
        propagated = bounded.quotient_error(quotient, a, b)
        exact = a.host and b.host and not propagated.any()
        exact = exact and self._is_quotient(value, a, b)
        divided = exact and not self.model.reciprocal_math
        propagated = propagated + self._lost_in_reciprocal(a, b, kind)
        result = self._result(
            value,
            propagated,
            quotient + propagated,
            (a, b),
            kind,
            roundings=_QUOTIENT_ROUNDINGS,
            charge=np.zeros_like(quotient) if divided else None,
            positive=positive,
        )
        result.magnitude, result.divides_evenly = quotient, exact
        if not b.positive:
            zero_without_sign = (b.size == 0) & (a.reach > 0)
            result.error = np.where(zero_without_sign, np.inf, result.error)
        self._regrouped(result, kind, whole_a, whole_b, divides=True)
        self._under_one_root(result, kind)
        return self._distributed(
            result, whole_a, whole_b, roundings=_QUOTIENT_ROUNDINGS, divides=True
        )

    def _lost_in_reciprocal(self, a: Bounded, b: Bounded, kind: FloatType) -> Floats:
        """Return what a * (1/b) loses where 1/b is subnormal."""
        largest = 0.5 / kind.smallest_normal
        if not b.most > largest:
            return np.zeros(())
        lost = a.reach * self.model.underflow(kind)
        return np.where((b.reach > largest) & (lost < np.inf), lost, 0.0)

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
        steps = float(np.max(np.abs(exponent), initial=0.0)) if b.kind is None else 1.0
        roundings = max(_FUNCTION_ROUNDINGS, steps)
        charge = size * np.expm1(roundings * np.log1p(self._unit(kind)))
        charge = charge + np.where(size > 0, steps * self.model.underflow(kind), 0.0)
        result = self._result(
            value,
            propagated,
            size,
            (a, b),
            kind,
            roundings=roundings,
            charge=charge,
            positive=a.positive,
        )
        if b.error.any():
            result.least = lambda: bounded.least_power(power, a, exponent, b.error) - charge
        return result

    @once_for_hosts
    def negative(self, a: Bounded) -> Bounded:
        """Return -a."""
        value = self.values.negative(a.value)
        opposite = Bounded(self, value, a.error, kind=a.kind, host=a.host, terms=a.terms)
        opposite.divides_evenly = a.divides_evenly
        return opposite

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
        root = self._result(
            value, propagated, size, (x,), kind, charge=self._unit(kind) * size, positive=True
        )
        root.magnitude, root.radicand = magnitude, x
        return root

    def _function(
        self, x: Bounded, value: Any, propagated: Floats, *, positive: bool = False
    ) -> Bounded:
        kind = x.kind or self.model.hyper["*"]
        size = self.magnitude(value) + propagated
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
        return self._function(x, value, self.magnitude(value) * np.expm1(x.error), positive=True)

    @once_for_hosts
    def log(self, x: Bounded) -> Bounded:
        """Return the natural logarithm; -inf at 0, NaN below."""
        value = self.values.log(x.value)
        shift = -np.log1p(-np.minimum(x.error / x.size, 1.0))
        return self._function(x, value, np.where(x.error == 0, 0.0, shift))

    @once_for_hosts
    def cos(self, x: Bounded) -> Bounded:
        """Return the cosine of an angle in radians."""
        propagated = np.where(np.isinf(x.error), np.inf, np.minimum(x.error, 2.0))
        return self._function(x, self.values.cos(x.value), propagated)

    @once_for_hosts
    def abs(self, x: Bounded) -> Bounded:
        """Return |a|."""
        value = self.values.absolute(x.value)
        return Bounded(self, value, x.error, kind=x.kind, host=x.host, positive=True)


def _adds_nothing(a: Bounded, b: Bounded) -> bool:
    """Whether a host adds an exact 0: no candidate's sum is then subnormal where it is not."""
    return a.host and b.host and not (a.reach.any() and b.reach.any())
