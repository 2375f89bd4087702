"""Numbers with an error bound: the truth, and how far an honest candidate may be off."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.arithmetic.base import Arithmetic, Number
from oracle.dtypes import FloatType

if TYPE_CHECKING:
    from oracle.arithmetic.made import Made

Floats: TypeAlias = npt.NDArray[np.float64]
ZERO = np.zeros(())

_FEW = 512
"""Of how many numbers at most it does not matter how fast each of them is."""


def smaller(a: Floats, b: Floats) -> Floats:
    """Return the smaller of both; numpy vectorizes that for two arrays of one shape only."""
    if a.shape != b.shape and (a.size > _FEW or b.size > _FEW):
        a, b = (np.array(x) for x in np.broadcast_arrays(a, b))
    least: Floats = np.minimum(a, b)
    return least


class Bounded(Number):
    """A value and the largest error that a candidate's number in its place may have.

    ``error`` is an array in the shape of the value, or one number for all of its elements.
    ``kind`` is the type in which the candidate holds it, or None for an exact integer literal;
    ``host`` tells numbers made of hyperparameters alone, which a library may hold in another
    precision than its arrays. ``positive`` says that no candidate's number can be negative.
    ``made_by`` is the operation and its operands, as long as a candidate may rearrange them.
    """

    __slots__ = (
        "_most",
        "_reach",
        "divides_evenly",
        "error",
        "host",
        "kind",
        "least",
        "limit",
        "made_by",
        "magnitude",
        "positive",
        "stored",
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
    ) -> None:
        super().__init__(xp)
        self.value = value
        self.error = error
        self.kind = kind
        self.host = host
        self.positive = positive
        self.made_by: Made | None = None
        self.divides_evenly = False
        """Whether it is exact if quotients in it are divided, not multiplied by the reciprocal."""
        self.stored = False
        """Whether its error includes what storing it loses."""
        self.magnitude: Floats | None = None
        """What is known of `size`."""
        self.least: Callable[[], Floats] | None = None
        """Returns a magnitude that no candidate's number falls short of, beside size - error."""
        self.limit: tuple[float, Floats, Floats] | None = None
        """A factor, an array and what is added to their product to make `reach`."""
        self._reach: Floats | None = None
        self._most: float | None = None

    @property
    def size(self) -> Floats:
        """The magnitude of the value, as float64."""
        if self.magnitude is None:
            self.magnitude = self.xp.magnitude(self.value, positive=self.positive)
        return self.magnitude

    @property
    def reach(self) -> Floats:
        """The largest magnitude that a candidate's number may have."""
        if self._reach is None:
            if self.exact:
                self._reach = self.size
            elif self.limit is not None and self.magnitude is None:
                factor, size, more = self.limit
                self._reach = factor * size if more is ZERO else factor * size + more
            else:
                self._reach = self.size + self.error
        return self._reach

    @property
    def low(self) -> Floats:
        """The least magnitude that a candidate's number may have; not above 0 if it may be 0."""
        low = self.size - self.error
        return low if self.least is None else np.fmax(low, self.least())

    @property
    def most(self) -> float:
        """A magnitude that nowhere a candidate's number exceeds; NaN if there is a NaN."""
        if self._most is None:
            self._most = float(self.reach.max(initial=0.0))
        return self._most

    @most.setter
    def most(self, most: float) -> None:
        self._most = most

    def alone(self) -> Bounded:
        """Return the same number as what it is, for a result that nobody can rearrange."""
        if self.made_by is None:
            return self
        same = Bounded(
            self.xp, self.value, self.error, kind=self.kind, host=self.host, positive=self.positive
        )
        same.stored = self.stored
        same.magnitude, same.least, same.limit = self.magnitude, self.least, self.limit
        same._reach, same._most = self._reach, self._most
        return same

    def charge(self, more: Floats) -> None:
        """Let a candidate be further off."""
        self.error = self.error + more
        self.least = self.limit = self._reach = self._most = None

    @property
    def exact(self) -> bool:
        """Whether no candidate can be off anywhere; the error is then a single 0."""
        return self.error.ndim == 0 and self.error == 0


def as_bounded(number: Number) -> Bounded:
    """Return ``number`` as what every number of a bounding arithmetic is."""
    assert isinstance(number, Bounded)
    return number


def sum_error(a: Bounded, b: Bounded, *, subtracts: bool) -> Floats:
    """Return the error of a + b, or a - b, that the errors of both operands make.

    In a - (a - c) the same number of a candidate is taken off again, whatever it is; in a + (c - a)
    it is added again. It cancels once.
    """
    both = a.error + b.error
    made = b.made_by
    taken = made and (made.minuend if subtracts else made.subtrahend)
    if made is None or taken is not a or made.cancels:
        return both
    rest = b.error - a.error
    return np.where(np.isfinite(both), rest, both)


def product_error(a: Bounded, b: Bounded) -> tuple[Floats, float]:
    """Return the error of a*b that the errors of both operands make.

    It comes in two parts: an error, and one relative to the largest magnitude of the product.
    """
    if a.exact or b.exact:
        exact, other = (a, b) if a.exact else (b, a)
        return (other.error if other.exact else exact.size * other.error), 0.0
    if b.host:
        a, b = b, a
    if a.host and a.reach.ndim == 0 and 0 < a.reach < np.inf:
        return a.reach * b.error, float(a.error / a.reach)
    return a.reach * b.error + b.size * a.error, 0.0


def quotient_error(size: Floats, a: Bounded, b: Bounded) -> Floats:
    """Return the error of a/b (of magnitude ``size``): infinite where b may be 0 and a is not.

    An epsilon that underflows is no excuse: a gradient that is 0 for everybody moves nothing. A
    correction that rounds to 0 is one, as 1 - beta**t is where bfloat16 takes beta for 1.
    """
    room = b.size - b.error
    error: Floats = (a.error + size * b.error) / room
    if room.min(initial=1.0) > 0:
        return error
    if b.least is not None:
        room = b.low
        error = (a.error + size * b.error) / room
    nothing = (a.reach == 0) & (b.size > 0) & np.isfinite(b.reach) & (not b.host)
    unbounded = (room <= 0) & ~((b.error == 0) & (b.size == 0))
    certain = nothing | (a.error + b.error == 0)
    return np.where(certain, 0.0, np.where(unbounded, np.inf, error))


def root_error(root: Floats, value: Floats, error: Floats, positive: bool) -> Floats:
    """Return the error of the square root; infinite where the operand may be negative."""
    low = value - error
    if low.min(initial=np.inf) > 0:
        below: Floats = error / (root + np.sqrt(low))
        return below
    below = error / (root + np.sqrt(np.maximum(low, 0.0)))
    if low.min(initial=1.0) > 0:
        return below
    above = np.sqrt(value + error)
    from_zero = np.maximum(root, above - root) if positive else np.full_like(root, np.inf)
    return np.where(error == 0, 0.0, np.where(error <= value, below, from_zero))


def power_error(
    size: Floats, a: Bounded, exponent: Floats, error_b: Floats, positive: bool
) -> Floats:
    """Return the error of a**b, of magnitude ``size``.

    It is infinite where the base may be negative, which ``positive`` rules out, and the exponent no
    whole number.
    """
    exact = (a.error == 0) & (error_b == 0)
    shift = -np.log1p(-np.minimum(a.error / a.size, 1.0))
    relative = (np.abs(exponent) + error_b) * shift + error_b * np.abs(np.log(a.size))
    near: Floats = size * np.expm1(relative)
    if (a.size > a.error).all():
        return np.where(exact, 0.0, near)
    low, high = exponent - error_b, exponent + error_b
    largest = np.maximum(np.power(a.reach, low), np.power(a.reach, high))
    whole = (exponent == np.floor(exponent)) & (error_b == 0)
    beyond = np.power(np.maximum(a.error - a.size, 0.0), np.abs(exponent))
    from_zero = np.maximum(size + np.where(positive, 0.0, beyond), largest - size)
    from_zero = np.where((low > 0) & (whole | positive), from_zero, np.inf)
    zeroth = exact | ((exponent == 0) & (error_b == 0))
    return np.where(zeroth, 0.0, np.where(a.size > a.error, near, from_zero))


def least_power(size: Floats, a: Bounded, exponent: Floats, error_b: Floats) -> Floats:
    """Return what no a**b (of magnitude ``size``) falls short of, b being off by ``error_b``.

    That is more than its error leaves where the exponent may be another whole number.
    """
    relative = (np.abs(exponent) + error_b) * -np.log1p(-np.minimum(a.error / a.size, 1.0))
    relative = relative + error_b * np.abs(np.log(a.size))
    least: Floats = size * np.exp(-relative)
    return np.where(np.isfinite(relative) & np.isfinite(size), least, 0.0)


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
