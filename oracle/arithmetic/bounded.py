"""Numbers with an error bound: the truth, and how far an honest candidate may be off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.arithmetic.base import Arithmetic, Number
from oracle.dtypes import FloatType

Floats: TypeAlias = npt.NDArray[np.float64]
_ZERO = np.zeros(())


@dataclass(frozen=True)
class Terms:
    """What a sum is made of; a candidate may take its terms in any order."""

    roundings: int
    """How many additions it has."""
    size: Floats
    """The sum of the terms' magnitudes."""
    rest: Floats
    """The same without the largest term."""
    charged: Floats
    """What its additions have been charged."""

    @classmethod
    def of(cls, x: Bounded, kind: FloatType) -> Terms:
        """Return the terms of a sum in ``kind``; any other number is one term."""
        if x.terms is None or x.kind != kind:
            return cls(0, x.reach, _ZERO, _ZERO)
        return x.terms

    def plus(self, other: Terms, unit: float, reach: Floats) -> Terms:
        """Return the terms of the sum of both (``reach`` at most), charged for the worst order.

        An addition loses at most its unit roundoff of the sum, and never more than its smaller
        operand, as the other one is a number of the type; the largest term is in one of them only.
        The truth is rounded as well: that doubles the second limit.
        """
        size = self.size + other.size
        if self.roundings == other.roundings == 0:
            rest = np.minimum(self.size, other.size)
            return Terms(1, size, rest, np.minimum(unit * reach, 2.0 * rest))
        roundings = self.roundings + other.roundings + 1
        rest = np.minimum(self.rest + other.size, other.rest + self.size)
        return Terms(roundings, size, rest, roundings * np.minimum(unit * size, 2.0 * rest))


class Bounded(Number):
    """A value and the largest error that a candidate's number in its place may have.

    ``error`` is an array in the shape of the value, or one number for all of its elements.
    ``kind`` is the type in which the candidate holds it, or None for an exact integer literal;
    ``host`` tells numbers made of hyperparameters alone, which a library may hold in another
    precision than its arrays. ``positive`` says that no candidate's number can be negative.
    What it was made by is known as long as a candidate may rearrange it: the ``terms`` of a sum,
    the ``factors`` of a hyperparameter times an array, and for 1 - h the ``complement`` h.
    """

    __slots__ = (
        "_reach",
        "_size",
        "complement",
        "error",
        "factors",
        "host",
        "kind",
        "positive",
        "terms",
        "value",
    )

    xp: Any

    def __init__(
        self,
        xp: Arithmetic,
        value: Any,
        error: Floats,
        *,
        kind: FloatType | None,
        host: bool,
        positive: bool = False,
        terms: Terms | None = None,
    ) -> None:
        super().__init__(xp)
        self.value = value
        self.error = error
        self.kind = kind
        self.host = host
        self.positive = positive
        self.terms = terms
        self.factors: tuple[Bounded, Bounded] | None = None
        self.complement: Bounded | None = None
        self._size: Floats | None = None
        self._reach: Floats | None = None

    @property
    def size(self) -> Floats:
        """The magnitude of the value, as float64."""
        if self._size is None:
            self._size = self.xp.values.magnitude(self.value)
        return self._size

    @property
    def reach(self) -> Floats:
        """The largest magnitude that a candidate's number may have."""
        if self._reach is None:
            self._reach = self.size if self.exact else self.size + self.error
        return self._reach

    def alone(self) -> Bounded:
        """Return the same number as what it is, for a result that nobody can rearrange."""
        if self.terms is None and self.factors is None:
            return self
        same = Bounded(
            self.xp,
            self.value,
            self.error,
            kind=self.kind,
            host=self.host,
            positive=self.positive,
        )
        same._size, same._reach = self._size, self._reach
        return same

    @property
    def exact(self) -> bool:
        """Whether no candidate can be off anywhere; the error is then a single 0."""
        return self.error.ndim == 0 and self.error == 0


def as_bounded(number: Number) -> Bounded:
    """Return ``number`` as what every number of a bounding arithmetic is."""
    assert isinstance(number, Bounded)
    return number


def weighted_mean(a: Bounded, b: Bounded) -> tuple[Bounded, Bounded, Bounded, Bounded] | None:
    """Return h, x, 1 - h and y if a + b is h*x + (1 - h)*y, else None."""
    if a.factors is None or b.factors is None:
        return None
    (h, x), (c, y) = a.factors, b.factors
    if c.complement is h:
        return h, x, c, y
    return (c, y, h, x) if h.complement is c else None


def product_error(a: Bounded, b: Bounded) -> Floats:
    """Return the error of a*b that the errors of both operands make."""
    if a.exact or b.exact:
        exact, other = (a, b) if a.exact else (b, a)
        return other.error if other.exact else exact.size * other.error
    return a.reach * b.error + b.size * a.error


def quotient_error(size: Floats, a: Bounded, b: Bounded) -> Floats:
    """Return the error of a/b (of magnitude ``size``): infinite where b may be 0."""
    room = b.size - b.error
    error: Floats = (a.error + size * b.error) / room
    if np.min(room, initial=1.0) > 0:
        return error
    unbounded = (room <= 0) & ~((b.error == 0) & (b.size == 0))
    return np.where(unbounded, np.inf, np.where(a.error + b.error == 0, 0.0, error))


def root_error(root: Floats, value: Floats, error: Floats, positive: bool) -> Floats:
    """Return the error of the square root; infinite where the operand may be negative."""
    low = value - error
    below: Floats = error / (root + np.sqrt(np.maximum(low, 0.0)))
    if np.min(low, initial=1.0) > 0:
        return below
    above = np.sqrt(value + error)
    from_zero = np.maximum(root, above - root) if positive else np.full_like(root, np.inf)
    return np.where(error == 0, 0.0, np.where(error <= value, below, from_zero))


def power_error(size: Floats, a: Bounded, exponent: Floats, error_b: Floats) -> Floats:
    """Return the error of a**b (of magnitude ``size``): infinite where the base may be negative."""
    exact = (a.error == 0) & (error_b == 0)
    shift = -np.log1p(-np.minimum(a.error / a.size, 1.0))
    relative = (np.abs(exponent) + error_b) * shift + error_b * np.abs(np.log(a.size))
    near: Floats = size * np.expm1(relative)
    if np.all(a.size > a.error):
        return np.where(exact, 0.0, near)
    low, high = exponent - error_b, exponent + error_b
    largest = np.maximum(np.power(a.reach, low), np.power(a.reach, high))
    from_zero = np.where((low > 0) & a.positive, np.maximum(size, largest - size), np.inf)
    zeroth = exact | ((exponent == 0) & (error_b == 0))
    return np.where(zeroth, 0.0, np.where(a.size > a.error, near, from_zero))


def maximum_error(difference: Floats, error_a: Floats, error_b: Floats) -> Floats:
    """Return the error of max(a, b), where ``difference`` is a - b."""
    error: Floats = np.maximum(
        error_a - np.maximum(-difference, 0.0), error_b - np.maximum(difference, 0.0)
    )
    return np.where(np.isnan(error), np.maximum(error_a, error_b), error)


def floor_error(fraction: Floats, error: Floats) -> Floats:
    """Return how far the floor of a number may be off, ``fraction`` being what it cuts off."""
    off = np.maximum(np.ceil(error - fraction), np.floor(error + fraction))
    return np.where(error == 0, 0.0, np.where(np.isnan(off), np.inf, off))


def sign_error(size: Floats, error: Floats, positive: bool) -> Floats:
    """Return how far the sign of a number of magnitude ``size`` may be off; it may be NaN's."""
    flip = np.where((size == 0) | positive, 1.0, 2.0)
    flip = np.where(np.isinf(error), np.inf, flip)
    return np.where((size > error) | (error == 0), 0.0, flip)
