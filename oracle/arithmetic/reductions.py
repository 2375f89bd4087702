"""Sums over all elements and matrix products, whose terms a candidate may add in any order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from oracle.arithmetic.base import Number, Operand
from oracle.arithmetic.bounded import ZERO, Bounded, Floats, as_bounded
from oracle.arithmetic.frame import Frame
from oracle.arithmetic.plain import along
from oracle.dtypes import FloatType, float_type
from oracle.operations import FACTORS

_WORST_CASE_TERMS = 4096


class Reductions(Frame):
    """The functions that make one number of many."""

    def sum(self, a: Operand, axis: int | None = None) -> Bounded:
        """Return the sum over all elements, or over those along an axis."""
        x = as_bounded(self.lift(a))
        value = along(self.values.sum, x.value, axis)
        propagated = np.asarray(np.sum(np.broadcast_to(x.error, x.size.shape), axis))
        size = np.asarray(np.sum(x.reach, axis))
        kind = x.kind or self.model.hyper["*"]
        additions = max((x.size.size if axis is None else x.size.shape[axis]) - 1, 0)
        charge = self._adding(additions, kind) * size + self._beneath(size, additions, kind)
        if self.model.flushes_subnormals:
            charge = charge + np.minimum(size, additions * self.model.underflow(kind))
        settled = ~self.values.isfinite(value) & np.isfinite(propagated)
        whole = Bounded(self, value, np.where(settled, 0.0, propagated), kind=kind, host=x.host)
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
        products = (a.reach > 0).astype(np.float64) @ (b.reach > 0).astype(np.float64)
        charge = self.of_products(terms, kind) * size + products * self.model.underflow(kind)
        charge = charge + self._beneath(size, terms, kind)
        whole = Bounded(self, value, propagated, kind=kind, host=a.host and b.host)
        return self._result(value, propagated, size, (whole,), kind, charge=charge)

    def accumulator(self, kind: FloatType) -> FloatType:
        """Return the type in which the terms of a sum in a type are added up."""
        held = self.model.operations.accumulator
        return kind if held is None or kind != self.model.compute else float_type(held)

    def _adding(self, additions: int, kind: FloatType) -> float:
        """Return what a chain of additions loses, relative to the sum of the magnitudes.

        A narrower accumulator rounds each term, a wider one what comes out. Roundings cancel out in
        a long sum only where they are to nearest, and small beside its terms.
        """
        held = self.accumulator(kind)
        cancels = self.model.in_sums(kind) == 1.0 and held.precision >= kind.precision
        roundings = summation(additions) if cancels else float(additions)
        if held is kind:
            return roundings * self.unit(kind)
        unit = held.unit_roundoff + float(self.values.own_unit)
        longest = roundings + (held.precision < kind.precision)
        return float(np.expm1(longest * np.log1p(unit) + np.log1p(self.unit(kind))))

    def _beneath(self, size: Floats, additions: int, kind: FloatType) -> Floats:
        """Return what is lost because an accumulator has a smaller range than its terms."""
        held = self.accumulator(kind)
        if held.min_exponent <= kind.min_exponent:
            return ZERO
        lost = np.minimum(size, (additions + 1) * held.smallest_subnormal / 2)
        return np.where(size <= held.largest, lost, np.inf)

    def of_products(self, terms: int, kind: FloatType) -> float:
        """Return what a sum of products loses, relative to the sum of the magnitudes.

        The first of the additions takes a product's own rounding with it: a term has as many
        roundings as there are terms. Rounding both factors to a narrower type is two more.
        """
        held, factors = self._adding(terms, kind), self.model.operations.products
        if factors is None or kind != self.model.compute:
            return held
        narrow = FACTORS[factors].unit_roundoff
        return float((1.0 + held) * (1.0 + narrow) ** 2 - 1.0)

    def either(self, one: Number, other: Number) -> Bounded:
        """Return ``one`` with what it may lose in the one way or in the other."""
        x, y = as_bounded(one), as_bounded(other)
        error = np.maximum(x.error, y.error)
        return Bounded(self, x.value, error, kind=self.model.compute, host=False)

    def integer(self, a: Number) -> int:
        """Return a hyperparameter that is a whole number."""
        return int(as_bounded(a).size)

    def rearranged(self, move: Callable[..., Any], *arrays: Number) -> Bounded:
        """Return what ``move``, which only moves elements about, makes of numpy arrays."""
        numbers = [self.as_array(as_bounded(number)) for number in arrays]
        error = move(*(np.broadcast_to(x.error, np.shape(x.value)) for x in numbers))
        value = move(*(x.value for x in numbers))
        positive = all(x.positive for x in numbers)
        return Bounded(self, value, error, kind=self.model.compute, host=False, positive=positive)


def summation(roundings: int) -> float:
    """Return how many unit roundoffs of the sum of magnitudes a chain of additions may lose."""
    if roundings < _WORST_CASE_TERMS:
        return float(roundings)
    return 4.0 * float(np.sqrt(roundings))
