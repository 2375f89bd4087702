"""What products and quotients of sums lose where each term is multiplied, or divided, by itself.

``(x + y)*z`` is also ``x*z + y*z``, and ``p - (x + y)*z`` is ``p - x*z - y*z``, two steps one after
the other. Where the terms cancel, each of them is rounded relative to more than the whole is. The
terms of a product stay known, so that a sum that it is in is charged for its worst order. A sum
that is kept for the next step is one number for everybody, and so are a parameter, a gradient, a
sum that divides, and one whose terms are neither products nor sums: nobody gains anything there.
"""

from __future__ import annotations

import numpy as np

from oracle.arithmetic.bounded import ZERO, Bounded, Floats, smaller
from oracle.arithmetic.chains import Chain, Factor
from oracle.arithmetic.roots import Roots
from oracle.arithmetic.terms import Terms, open_terms
from oracle.dtypes import FloatType


class Distributed(Roots):
    """The errors of products of sums, one product for each term."""

    def _distributed(
        self, product: Bounded, a: Bounded, b: Bounded, *, roundings: float, divides: bool = False
    ) -> Bounded:
        """Charge a*b, or a/b, of ``roundings`` each, for what it loses more term by term."""
        if open_terms(a) is None and not divides:
            a, b = b, a
        terms = open_terms(a)
        if terms is None or product.host:
            return product
        kind = self.model.compute
        by = Factor(self._as_array(b), divides)
        with np.errstate(all="ignore"):
            high = np.where(np.isfinite(by.high), by.high, 0.0)
            size = 1.0 / by.number.size if divides else by.number.size
            product_terms = terms.scaled(high, np.where(np.isfinite(size), size, 0.0))
            share = roundings * self._unit(kind) + _folded(b) * self._unit(b.kind or kind)
            apart = np.maximum(product_terms.size - product.size, 0.0)
            lost = np.expm1(share) * apart + self._lost_by_small_terms(product_terms, kind)
            if not product.most + np.max(lost, initial=0.0) <= kind.largest:
                lost = self._settled(product, lost, kind)
        product.charge(lost)
        product.terms = product_terms
        return product

    def _lost_by_small_terms(self, terms: Terms, kind: FloatType) -> Floats:
        """Return what the terms lose by being subnormal, where the smallest one may be."""
        least = np.min(terms.rest, initial=np.inf)
        if terms.roundings == 1 and least >= 2.0 * kind.smallest_normal:
            return ZERO
        lost = terms.roundings * smaller(terms.rest, np.asarray(self.model.underflow(kind)))
        may_be_small = terms.rest < 2.0 * kind.smallest_normal
        return np.where(may_be_small | (terms.roundings > 1), lost, 0.0)

    def _settled(self, product: Bounded, lost: Floats, kind: FloatType) -> Floats:
        """Return the charge, infinite where a product overflows, and none where it is special."""
        settled = self.values.isfinite(product.value) & ~np.isnan(lost)
        lost = np.where(settled, lost, 0.0)
        overflows = (lost > 0) & (product.size + product.error + lost > kind.largest)
        return np.where(overflows, np.inf, lost)


def _folded(number: Bounded) -> float:
    """Return how many roundings a factor has of its own, which each term may have by itself."""
    return 2.0 * (len(Chain.of(number).factors) - 1)
