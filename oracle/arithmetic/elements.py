"""Numbers with their operators, and what an arithmetic does to each element of them."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.errors import SpecError

if TYPE_CHECKING:
    from oracle.arithmetic.base import Arithmetic

BoolArray: TypeAlias = npt.NDArray[np.bool_]


class Condition:
    """A comparison: what holds for the truth, and where no rounding can change it."""

    __slots__ = ("sure", "true")

    def __init__(self, true: BoolArray, sure: BoolArray) -> None:
        self.true = true
        self.sure = sure

    def __bool__(self) -> bool:
        raise SpecError(
            "a comparison holds for some elements and not for others, so it is neither true nor "
            "false: write xp.where(condition, a, b)"
        )


class Number:
    """An array of numbers of one arithmetic; operators hand their operands to the arithmetic."""

    __slots__ = ("xp",)
    __array_ufunc__ = None

    def __init__(self, xp: Arithmetic) -> None:
        self.xp = xp

    def __add__(self, other: Operand) -> Number:
        return self.xp.add(self, self.xp.lift(other))

    def __radd__(self, other: Operand) -> Number:
        return self.xp.add(self.xp.lift(other), self)

    def __sub__(self, other: Operand) -> Number:
        return self.xp.subtract(self, self.xp.lift(other))

    def __rsub__(self, other: Operand) -> Number:
        return self.xp.subtract(self.xp.lift(other), self)

    def __mul__(self, other: Operand) -> Number:
        return self.xp.multiply(self, self.xp.lift(other))

    def __rmul__(self, other: Operand) -> Number:
        return self.xp.multiply(self.xp.lift(other), self)

    def __truediv__(self, other: Operand) -> Number:
        return self.xp.divide(self, self.xp.lift(other))

    def __rtruediv__(self, other: Operand) -> Number:
        return self.xp.divide(self.xp.lift(other), self)

    def __pow__(self, other: Operand) -> Number:
        if isinstance(other, int) and other == 2:
            return self.xp.square(self)
        return self.xp.power(self, self.xp.lift(other))

    def __rpow__(self, other: Operand) -> Number:
        return self.xp.power(self.xp.lift(other), self)

    def __neg__(self) -> Number:
        return self.xp.negative(self)

    def __lt__(self, other: Operand) -> Condition:
        return self.xp.less(self, self.xp.lift(other))

    def __gt__(self, other: Operand) -> Condition:
        return self.xp.less(self.xp.lift(other), self)

    def __le__(self, other: Operand) -> Condition:
        return self.xp.less_equal(self, self.xp.lift(other))

    def __ge__(self, other: Operand) -> Condition:
        return self.xp.less_equal(self.xp.lift(other), self)


Operand: TypeAlias = "Number | int | float"


class Elementwise(ABC):
    """What a rule may use: the operators of `Number`, and the functions below.

    ``constant`` brings a hyperparameter in, ``array`` a parameter or a gradient, ``full`` the
    start of a slot; ``store`` is what happens to a number that is kept for the next step.
    """

    inf = float("inf")
    nan = float("nan")
    pi: Number
    keeps = False
    """Whether it is to be told which numbers of a step are slots, by `keep`."""

    @abstractmethod
    def constant(self, value: float | int | str, argument: str = "*") -> Number:
        """Bring in a hyperparameter: a float at its binary, a string at its decimal value."""

    @abstractmethod
    def array(self, values: Any) -> Number:
        """Bring in an array of parameters or gradients at exactly the values it has."""

    @abstractmethod
    def shape(self, a: Number) -> tuple[int, ...]:
        """Return the shape of an array."""

    def zeros_like(self, a: Number) -> Number:
        """Return an array of zeros in the shape of ``a``."""
        return self.full(self.shape(a), self.constant(0))

    @abstractmethod
    def full(self, shape: tuple[int, ...], value: Number) -> Number:
        """Fill an array of ``shape`` with the scalar ``value``."""

    def lift(self, value: Operand) -> Number:
        """Turn a literal of a formula into a number."""
        return value if isinstance(value, Number) else self.constant(value)

    def store(self, new: Number, old: Number) -> Number:
        """Keep ``new`` in the place of ``old`` until the next step."""
        return new

    def keep(self, new: Number, old: Number) -> Number:
        """Return the slot ``new``, in the place of ``old``, as the rest of the step uses it."""
        return new

    def whole(self, a: Number) -> Number:
        """Return the same number, which everybody computes as one, whatever it is a sum of."""
        return a

    def either(self, one: Number, other: Number) -> Number:
        """Return ``one``, which honest code also computes in the way of ``other``."""
        return one

    def averaged(self, mean: Number, numbers: Sequence[Number]) -> Number:
        """Return the mean of numbers that came one a step, in whatever way it was formed."""
        return mean

    def in_type_of(self, argument: str, compute: Callable[[Any], Number]) -> Number:
        """Return the scalar that ``compute`` makes, in the type in which ``argument`` is held."""
        return compute(self)

    @abstractmethod
    def add(self, a: Number, b: Number) -> Number:
        """Return a + b."""

    @abstractmethod
    def subtract(self, a: Number, b: Number) -> Number:
        """Return a - b."""

    @abstractmethod
    def multiply(self, a: Number, b: Number) -> Number:
        """Return a * b."""

    @abstractmethod
    def divide(self, a: Number, b: Number) -> Number:
        """Return a / b; x/0 is an infinity and 0/0 is NaN."""

    @abstractmethod
    def power(self, a: Number, b: Number) -> Number:
        """Return a**b; NaN for a negative base with a fractional exponent."""

    @abstractmethod
    def square(self, a: Number) -> Number:
        """Return a * a."""

    @abstractmethod
    def negative(self, a: Number) -> Number:
        """Return -a."""

    @abstractmethod
    def sqrt(self, a: Operand) -> Number:
        """Return the square root; NaN for a negative number."""

    @abstractmethod
    def exp(self, a: Operand) -> Number:
        """Return e**a."""

    @abstractmethod
    def log(self, a: Operand) -> Number:
        """Return the natural logarithm; -inf at 0, NaN below."""

    @abstractmethod
    def cos(self, a: Operand) -> Number:
        """Return the cosine of an angle in radians."""

    @abstractmethod
    def floor(self, a: Operand) -> Number:
        """Return the largest integer that is not above a."""

    def ceil(self, a: Operand) -> Number:
        """Return the smallest integer that is not below a."""
        return -self.floor(-self.lift(a))

    @abstractmethod
    def abs(self, a: Operand) -> Number:
        """Return |a|."""

    @abstractmethod
    def sign(self, a: Operand) -> Number:
        """Return -1, 0 or 1; NaN for NaN."""

    @abstractmethod
    def maximum(self, a: Operand, b: Operand) -> Number:
        """Return the larger of both; NaN if one is NaN."""

    def minimum(self, a: Operand, b: Operand) -> Number:
        """Return the smaller of both; NaN if one is NaN."""
        return -self.maximum(-self.lift(a), -self.lift(b))

    @abstractmethod
    def less(self, a: Number, b: Number) -> Condition:
        """Return where a < b; False for NaN."""

    @abstractmethod
    def less_equal(self, a: Number, b: Number) -> Condition:
        """Return where a <= b; False for NaN."""

    def is_finite(self, a: Number) -> bool:
        """Return whether all elements are numbers, and none is infinite."""
        return bool(self.less(self.abs(a), self.constant(math.inf)).true.all())

    @abstractmethod
    def where(self, condition: Condition, a: Operand, b: Operand) -> Number:
        """Return a where the condition holds, else b."""
