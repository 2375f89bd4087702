"""The bound of Newton-Schulz steps x -> f(x) = p x + q (x x^T) x + r (x x^T)^2 x, as a whole.

Element by element an error grows by |p| + |q| + |r| a step, though f brings singular values near 1.
f acts on the singular values alone, and is odd: where those of x and of what the candidate holds
are at most s, |f(x) - f(y)| <= L |x - y| in the Frobenius norm, L the largest |f'| on [0, s]. (The
derivative of such a function is, in the basis of singular vectors, a product with the divided
differences of f between singular values and their negatives: Noferini 2017.)

To L times the error so far comes what a step itself loses: each of its three matrix products a unit
roundoff of the product of the absolute values for each term, each sum and product of its elements
one. A candidate may transpose a matrix to have the smaller x x^T, so that a product has as many
terms as the longer side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from oracle.arithmetic.base import Factors, Number
from oracle.arithmetic.bounded import Bounded, Floats, as_bounded
from oracle.arithmetic.reductions import Reductions

_BEYOND_FLOAT64 = 1 + 1e-9
"""Covers that norms are computed in float64."""
_SCALED_TWICE = 3.0
"""Roundings of the products with two numbers, and of the square of one."""


@dataclass(frozen=True)
class _Factor:
    """A coefficient of f: its size, and how far the candidate's may be from it."""

    value: float
    size: float
    error: float

    @classmethod
    def of(cls, number: Number) -> _Factor:
        held = as_bounded(number)
        value, error = float(held.value), float(held.error)
        return cls(value, abs(value) + error, error)


@dataclass(frozen=True)
class _First:
    """What x x^T of the first step may have lost besides a product's own roundings."""

    roundings: float = 0.0
    enlarged: float = 1.0
    """By how much what underflowed is multiplied."""

    @classmethod
    def of(cls, xp: Reductions, scale: Number | None) -> _First:
        """Return it where both sides of an x x^T are multiplied by numbers."""
        if scale is None:
            return cls()
        reach = xp.as_array(as_bounded(scale)).reach
        return cls(_SCALED_TWICE, max(1.0, float(np.max(reach, initial=0.0))) ** 2)


class Orthogonalization(Reductions):
    """The function that Muon is made of."""

    def newton_schulz(
        self, x: Number, factors: Sequence[Factors], scale: Number | None = None
    ) -> Number:
        """Return ``x`` after a Newton-Schulz step for each p, q and r."""
        start = self.as_array(as_bounded(x))
        error = float(np.linalg.norm(np.broadcast_to(start.error, start.size.shape)))
        if not np.isfinite(error) or not self.values.isfinite(start.value).all():
            return super().newton_schulz(x, factors, scale)
        value, beside = start.value, _First.of(self, scale)
        for p, q, r in factors:
            sizes = (_Factor.of(p), _Factor.of(q), _Factor.of(r))
            error = self._lost(self.values.floats(value), error, *sizes, beside)
            value = self._step(value, *(as_bounded(factor).value for factor in (p, q, r)))
            beside = _First()
        everywhere = np.full(start.size.shape, error)
        return Bounded(self, value, everywhere, kind=self.model.compute, host=False)

    def _step(self, x: Floats, p: Floats, q: Floats, r: Floats) -> Floats:
        values = self.values
        gram = values.matmul(x, x.T)
        square = values.matmul(gram, gram)
        inner = values.add(values.multiply(q, gram), values.multiply(r, square))
        moved: Floats = values.add(values.multiply(p, x), values.matmul(inner, x))
        return moved

    def _lost(
        self, x: Floats, error: float, p: _Factor, q: _Factor, r: _Factor, beside: _First
    ) -> float:
        """Return the Frobenius norm of the error after a step."""
        kind = self.model.compute
        u = self.unit(kind)
        tiny = max(self.model.underflow(kind), self.accumulator(kind).smallest_subnormal / 2)
        largest = np.linalg.norm(x, 2) * _BEYOND_FLOAT64 + error if x.size else np.float64(0)
        size = np.linalg.norm(x) * _BEYOND_FLOAT64 + error
        terms = max(x.shape)
        product, flushed = self.of_products(terms, kind), terms * terms * tiny
        gram = size * size
        of_gram = (product + beside.roundings * u) * gram + beside.enlarged * flushed
        square = gram * gram
        of_square = 2 * largest**2 * of_gram + of_gram**2 + product * (square + of_gram * gram)
        of_square += flushed
        inner = q.size * (gram + of_gram) + r.size * (square + of_square)
        of_inner = q.error * gram + q.size * of_gram + r.error * square + r.size * of_square
        of_inner += 3 * u * inner + 2 * flushed
        of_product = of_inner * largest + product * (inner + of_inner) * size + flushed
        own = p.error * size + 2 * u * p.size * size + flushed
        own += of_product + u * ((inner + of_inner) * largest + of_product)
        lost = float((_steepest(largest, p, q, r) * error + own) * _BEYOND_FLOAT64)
        return lost if np.isfinite(lost) else np.inf


def _steepest(largest: Any, p: _Factor, q: _Factor, r: _Factor) -> float:
    """Return the largest |f'| on [0, ``largest``]; f'(s) = p + 3 q s^2 + 5 r s^4."""
    ends = [0.0, largest**2]
    turn = -3 * q.value / (10 * r.value) if r.value else 0.0
    squares = [*ends, turn] if 0 < turn < ends[1] else ends
    return float(max(abs(p.value + 3 * q.value * y + 5 * r.value * y * y) for y in squares))
