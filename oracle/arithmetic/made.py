"""How a number was made, remembered as long as a candidate may rearrange it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum, auto
from functools import cached_property
from typing import TypeAlias

import numpy as np

from oracle.arithmetic.bounded import ZERO, Bounded, Floats

_LONGEST = 6
"""How many factors a product may have; of a longer one, what was computed first counts as one."""


class Operator(IntEnum):
    """What a number may be the result of."""

    ADD = 0
    SUBTRACT = auto()
    MULTIPLY = auto()
    SQUARE = auto()
    DIVIDE = auto()
    POWER = auto()
    ROOT = auto()
    NEGATIVE = auto()
    AVERAGE = auto()
    """Of numbers that come one a step."""


_PRODUCTS = (Operator.MULTIPLY, Operator.SQUARE, Operator.DIVIDE)


class Made:
    """An operation and its operands, and what their result is as a sum and as a product."""

    __slots__ = ("_factors", "_sides", "charged", "is_product", "operands", "operator", "terms")

    def __init__(self, operator: Operator, *operands: Bounded) -> None:
        self.operator = operator
        self.is_product = operator in _PRODUCTS
        self.operands = operands
        """None any more once a sum is charged: its terms tell all that is asked of it."""
        self.terms: Terms | None = None
        """What it is the sum of, where it is one, or a product of one."""
        self.charged: Floats = ZERO
        """What was charged for those parts of a product that were computed, in its own scale."""
        self._sides: tuple[Part, Part] | None = None
        self._factors: Part | None = None

    @property
    def minuend(self) -> Bounded | None:
        """What a difference of arrays takes something off."""
        if self.operator is not Operator.SUBTRACT or self.operands[0].host:
            return None
        return self.operands[0]

    @property
    def subtrahend(self) -> Bounded | None:
        """What a difference of arrays takes off."""
        if self.operator is not Operator.SUBTRACT or self.operands[1].host:
            return None
        return self.operands[1]

    @property
    def cancels(self) -> bool:
        """Whether it is an a - (a - c), in whose error there is nothing of that of a."""
        if self.operator is not Operator.SUBTRACT:
            return False
        a, b = self.operands
        return b.made_by is not None and b.made_by.minuend is a

    @property
    def sides(self) -> tuple[Part, Part]:
        """The factors of the one operand of a product and of the other."""
        if self._sides is None:
            a, b = self.operands[0], self.operands[-1]
            x, y = factors_of(a), factors_of(b)
            if len(x) + len(y) > _LONGEST:
                x = (Factor(a),)
            if len(x) + len(y) > _LONGEST:
                y = (Factor(b),)
            self._sides = x, y
        return self._sides

    @property
    def factors(self) -> Part:
        """All that it is the product of."""
        if self._factors is None:
            x, y = self.sides
            if self.operator is Operator.DIVIDE:
                y = tuple(factor.inverted() for factor in y)
            self._factors = x + y
        return self._factors


class Terms:
    """What a sum is made of; a candidate may take its terms in any order."""

    __slots__ = ("_size", "charged", "closed", "parts", "rest", "roundings")

    def __init__(
        self, roundings: float, parts: tuple[Floats, Floats], rest: Floats, charged: Floats
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


@dataclass(frozen=True, eq=False)
class Factor:
    """A number that others are multiplied or divided by."""

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


def factors_of(number: Bounded) -> Part:
    """Return what any number is the product of: it alone, if it is none."""
    made = number.made_by
    return made.factors if made is not None and made.is_product else (Factor(number),)


def terms_of(number: Bounded) -> Terms | None:
    """Return what a number is the sum of, if it is one."""
    return None if number.made_by is None else number.made_by.terms


def is_made(number: Bounded) -> bool:
    """Whether a number is a product, or a sum; where no term is, nobody multiplies term by term."""
    made = number.made_by
    return made is not None and (made.terms is not None or made.is_product)


def open_terms(number: Bounded) -> Terms | None:
    """Return the terms of a sum that a candidate may multiply one by one, else None."""
    terms = terms_of(number)
    return None if terms is None or terms.closed or number.host else terms


def scaled(number: Bounded) -> tuple[Bounded, Bounded] | None:
    """Return h and x of a product h*x with a hyperparameter h, else None."""
    made = number.made_by
    if made is None or made.operator is not Operator.MULTIPLY:
        return None
    a, b = made.operands
    return (a, b) if a.host else (b, a) if b.host else None
