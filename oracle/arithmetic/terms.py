"""What a sum is made of, and what its additions lose in the worst order."""

from __future__ import annotations

import numpy as np

from oracle.arithmetic.bounded import ZERO, Bounded, Floats, smaller
from oracle.dtypes import FloatType


class Terms:
    """What a sum is made of; a candidate may take its terms in any order."""

    __slots__ = ("_size", "charged", "closed", "parts", "rest", "roundings")

    def __init__(
        self, roundings: int, parts: tuple[Floats, Floats], rest: Floats, charged: Floats
    ) -> None:
        self.roundings = roundings
        """How many additions it has."""
        self.parts = parts
        """Magnitudes that add up to that of all terms."""
        self.rest = rest
        """The sum of the terms' magnitudes without the largest one."""
        self.charged = charged
        """What its additions have been charged."""
        self.closed = False
        """Whether it is one number in every product, as a candidate keeps it."""
        self._size: Floats | None = None

    @property
    def size(self) -> Floats:
        """The sum of the terms' magnitudes."""
        if self._size is None:
            self._size = self.parts[0] + self.parts[1]
        return self._size

    def scaled(self, high: Floats, size: Floats) -> Terms:
        """Return the terms of a multiple, by a number of magnitude ``size``, at most ``high``."""
        parts = self.size * high, ZERO
        return Terms(self.roundings, parts, self.rest * high, self.charged * size)


def is_made(number: Bounded) -> bool:
    """Whether a number is a product, or a sum; where no term is, nobody multiplies term by term."""
    return number.terms is not None or (number.chain is not None and len(number.chain.factors) > 1)


def open_terms(number: Bounded) -> Terms | None:
    """Return the terms of a sum that a candidate may multiply one by one, else None."""
    terms = number.terms
    return None if terms is None or terms.closed or number.host else terms


def sum_terms(
    a: Bounded, b: Bounded, kind: FloatType, unit: float, reach: Floats, most: float
) -> tuple[Terms, Floats]:
    """Return the terms of a + b (``reach`` at most, nowhere over ``most``), and what + is charged.

    An addition loses at most its unit roundoff of the sum, and never more than its smaller operand,
    as the other one is a number of the type; the largest term is in one of them only. The truth is
    rounded as well: that doubles the second limit. Each sum is charged for its worst order.
    """
    of_a = a.terms if a.kind == kind else None
    of_b = b.terms if b.kind == kind else None
    size_a = a.reach if of_a is None else of_a.size
    size_b = b.reach if of_b is None else of_b.size
    if of_a is None and of_b is None:
        rest = smaller(size_a, size_b)
        charged = unit * reach
        if not 2.0 * rest.min(initial=np.inf) >= unit * most:
            charged = np.minimum(charged, 2.0 * rest)
        return Terms(1, (size_a, size_b), rest, charged), charged
    additions_a, rest_a, charged_a = _addends(of_a)
    additions_b, rest_b, charged_b = _addends(of_b)
    additions = additions_a + additions_b + 1
    rest = smaller(rest_a + size_b, rest_b + size_a)
    charged = additions * smaller(unit * (size_a + size_b), 2.0 * rest)
    terms = Terms(additions, (size_a, size_b), rest, charged)
    return terms, charged - charged_a - charged_b


def _addends(terms: Terms | None) -> tuple[int, Floats, Floats]:
    """Return a sum's number of additions, its rest and its charge; any other number has none."""
    return (0, ZERO, ZERO) if terms is None else (terms.roundings, terms.rest, terms.charged)
