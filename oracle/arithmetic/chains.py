"""What products and quotients of three or more numbers lose in another order.

Any part of them may be taken first, and that part be subnormal where the formula's own are not:
``learning_rate * m / d`` loses up to half a subnormal over d where ``learning_rate / d`` is taken
first it loses none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np

from oracle.arithmetic.averages import Averages
from oracle.arithmetic.bounded import ZERO, Bounded, Floats
from oracle.arithmetic.terms import Terms, open_terms
from oracle.dtypes import FloatType

_LONGEST = 6
"""How many factors a chain may have; of a longer one, what was computed first counts as one."""


@dataclass(frozen=True, eq=False)
class Factor:
    """A number that a chain is multiplied or divided by."""

    number: Bounded
    divides: bool = False

    @property
    def terms(self) -> Terms | None:
        """What it is the sum of, where each term may be multiplied by itself."""
        return None if self.divides else open_terms(self.number)

    @cached_property
    def near_zero(self) -> Floats:
        """The least magnitude that a candidate's number, or a term that is not 0, may have."""
        least = np.asarray(np.maximum(self.number.low, 0.0))
        if self.terms is None:
            return least
        term = self.terms.rest if self.terms.roundings == 1 else ZERO
        return np.where(self.terms.rest > 0, np.minimum(least, term), least)

    @property
    def high(self) -> Floats:
        """The most that it contributes to a magnitude, or its terms together."""
        if self.terms is not None:
            return np.maximum(self.number.reach, self.terms.size)
        return 1.0 / self.near_zero if self.divides else self.number.reach

    @property
    def low(self) -> Floats:
        """The least that it contributes to a magnitude."""
        return 1.0 / self.number.reach if self.divides else self.near_zero

    @cached_property
    def least(self) -> float:
        """No more than the least magnitude that any of its elements has that is not 0."""
        quickly = self.number.size.min(initial=np.inf) - self.number.error.max(initial=0.0)
        if quickly > 0 and self.terms is None:
            return float(quickly)
        there = self.number.reach > 0
        return float(np.min(self.near_zero, where=there, initial=np.inf))

    def inverted(self) -> Factor:
        """The same on the other side of the stroke."""
        return replace(self, divides=not self.divides)


Part: TypeAlias = tuple[Factor, ...]


@dataclass(frozen=True, eq=False)
class Chain:
    """What a number is the product of."""

    factors: Part
    charged: Floats
    """What was charged for those of its parts that were computed, in its own scale."""

    @classmethod
    def of(cls, number: Bounded) -> Chain:
        """Return the chain of any number: it alone, if it is no product."""
        return number.chain or cls((Factor(number),), ZERO)


class Chains(Averages):
    """The errors of products that have subnormal parts in some order."""

    def _regrouped(
        self, result: Bounded, kind: FloatType, a: Bounded, b: Bounded, *, divides: bool = False
    ) -> Bounded:
        """Charge a*b, or a/b, for what it loses more in another order."""
        x, y = Chain.of(a), Chain.of(b)
        if len(x.factors) + len(y.factors) > _LONGEST:
            x = Chain((Factor(a),), ZERO)
        if len(x.factors) + len(y.factors) > _LONGEST:
            y = Chain((Factor(b),), ZERO)
        factors = (*x.factors, *(f.inverted() if divides else f for f in y.factors))
        charged = ZERO
        if len(factors) > 2 and not result.host:
            with np.errstate(all="ignore"):
                if _least(factors) < 2.0 * kind.smallest_normal:
                    charged = self._both(x, y, a, b, kind, divides=divides)
                    charged = np.where(np.isnan(charged), 0.0, charged)
                    charged = self._charge(result, kind, factors, charged)
        result.chain = Chain(factors, charged)
        return result

    def _both(
        self, x: Chain, y: Chain, a: Bounded, b: Bounded, kind: FloatType, *, divides: bool
    ) -> Floats:
        """Return what the charges of two chains come to in their product, or quotient."""
        of_a, of_b = self._carried(x, a, kind), self._carried(y, b, kind)
        if not divides:
            return of_a * b.reach + of_b * a.reach
        low = Factor(b).near_zero
        return (of_a + of_b * (a.reach / low)) / low

    def _carried(self, chain: Chain, number: Bounded, kind: FloatType) -> Floats:
        """Return what was charged for the parts of a chain, now that itself is a part."""
        if len(chain.factors) == 1 or number.host:
            return ZERO
        return chain.charged + self._underflow(number.reach, number.error, 0.0, kind)

    def _charge(self, result: Bounded, kind: FloatType, factors: Part, charged: Floats) -> Floats:
        """Charge a chain for its worst order, and return what its parts are charged then."""
        lost = self.model.underflow(kind)
        worst = _largest_loss(factors, lost, 2.0 * kind.smallest_normal)
        needed = (len(factors) - 2) * worst
        needed = np.where(self.values.isfinite(result.value) & ~np.isnan(needed), needed, 0.0)
        needed = np.maximum(needed, charged)
        more = np.where(needed > charged, needed - charged, 0.0)
        if more.any():
            overflows = (more > 0) & (result.size + result.error + more > kind.largest)
            result.charge(np.where(overflows, np.inf, more))
        return needed


def _least(factors: Part) -> float:
    """Return no more than any part of a chain can be, where it is not 0."""
    least = divisor = 1.0
    for factor in factors:
        if factor.divides:
            least /= max(1.0, factor.number.most)
            divisor *= min(1.0, factor.least)
        else:
            least *= min(1.0, factor.least)
    return min(least, divisor)


def _largest_loss(factors: Part, lost: float, normal: float) -> Floats:
    """Return the most that a chain loses where a part that is not ``normal`` loses ``lost``.

    What may be multiplied first is any two factors and more, but not all. Nothing is lost of 0, and
    no more than all of what is multiplied; a divisor that may become 0 loses everything.
    """
    highs = _products([factor.high for factor in factors])
    lows = _products([factor.low for factor in factors])
    divisors = sum(1 << i for i, factor in enumerate(factors) if factor.divides)
    near_zeros = _products([f.near_zero for f in factors]) if divisors & (divisors - 1) else []
    everything = len(highs) - 1
    whole = highs[everything]
    worst = np.zeros_like(whole)
    for part in range(1, everything):
        divides = part & divisors == part
        size = near_zeros[part] if divides and near_zeros else lows[part]
        if part & (part - 1) == 0 or size.min(initial=np.inf) >= normal:
            continue
        if divides:
            loss = np.where(size > lost, whole * (lost / (size - lost)), np.inf)
        else:
            loss = np.minimum(lost * highs[everything ^ part], whole)
        worst = np.maximum(worst, np.where(size < normal, loss, 0.0))
    return np.where(whole == 0, 0.0, worst)


def _products(numbers: Sequence[Floats]) -> list[Floats]:
    """Return the product of each choice of numbers; number i is in choice c if c has bit i."""
    products = [np.ones(())]
    for number in numbers:
        products += [product * number if c else number for c, product in enumerate(products)]
    return products
