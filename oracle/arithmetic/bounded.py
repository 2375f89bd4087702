"""Numbers with an error bound: the truth, and how far an honest candidate may be off."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.arithmetic.base import Arithmetic, Number
from oracle.dtypes import FloatType

Floats: TypeAlias = npt.NDArray[np.float64]


class Bounded(Number):
    """A value and the largest error that a candidate's number in its place may have.

    ``error`` is an array in the shape of the value, or one number for all of its elements.
    ``kind`` is the type in which the candidate holds it, or None for an exact integer literal;
    ``host`` tells numbers made of hyperparameters alone, which a library may hold in another
    precision than its arrays. ``positive`` says that no candidate's number can be negative.
    """

    __slots__ = ("_reach", "_size", "error", "host", "kind", "positive", "value")

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
    ) -> None:
        super().__init__(xp)
        self.value = value
        self.error = error
        self.kind = kind
        self.host = host
        self.positive = positive
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

    @property
    def exact(self) -> bool:
        """Whether no candidate can be off anywhere; the error is then a single 0."""
        return self.error.ndim == 0 and self.error == 0


def as_bounded(number: Number) -> Bounded:
    """Return ``number`` as what every number of a bounding arithmetic is."""
    assert isinstance(number, Bounded)
    return number


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


def power_error(base: Floats, error_a: Floats, exponent: Floats, error_b: Floats) -> Floats:
    """Return the relative error of base**exponent for a base above 0."""
    log_base = np.abs(np.log(base))
    shift = -np.log1p(-np.minimum(error_a / base, 1.0))
    relative: Floats = np.expm1((np.abs(exponent) + error_b) * shift + error_b * log_base)
    return relative


def maximum_error(difference: Floats, error_a: Floats, error_b: Floats) -> Floats:
    """Return the error of max(a, b), where ``difference`` is a - b."""
    error: Floats = np.fmax(
        error_a - np.maximum(-difference, 0.0), error_b - np.maximum(difference, 0.0)
    )
    return np.where(np.isnan(error), np.maximum(error_a, error_b), error)


def sign_error(value: Floats, error: Floats, positive: bool) -> Floats:
    """Return how far the sign may be off: 0 where it is certain, at most 2."""
    flip = np.where((value == 0) | positive, 1.0, 2.0)
    return np.where((np.abs(value) > error) | (error == 0), 0.0, flip)
