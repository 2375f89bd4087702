"""The interface that a rule is written against: all that an arithmetic does."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.arithmetic.elements import BoolArray, Condition, Elementwise, Number, Operand

__all__ = ["ACROSS", "Arithmetic", "BoolArray", "Condition", "Factors", "Number", "Operand"]

Factors: TypeAlias = tuple[Number, Number, Number]
"""The factors p, q and r of a Newton-Schulz step."""


def _element(i: int, a: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return one element of an array, counted along its rows, as an array without axes."""
    return a.reshape(-1)[i : i + 1].reshape(())


class Arithmetic(Elementwise):
    """What a rule may use: `Elementwise`, and the functions that look across elements."""

    @abstractmethod
    def sum(self, a: Operand, axis: int | None = None) -> Number:
        """Return the sum over all elements, or over those along an axis, which is gone then."""

    def mean(self, a: Operand) -> Number:
        """Return the mean of all elements."""
        x = self.lift(a)
        return self.sum(x) / math.prod(self.shape(x))

    def row_means(self, a: Number) -> Number:
        """Return the mean of each row along the last axis, which is gone then."""
        return self.sum(a, -1) / self.shape(a)[-1]

    def column_means(self, a: Number) -> Number:
        """Return the mean of each column of the last two axes, the first of which is gone then."""
        return self.sum(a, -2) / self.shape(a)[-2]

    def over_row_means(self, a: Number) -> Number:
        """Return each number over the mean of its row along the last axis."""
        return a / self.rearranged(partial(np.expand_dims, axis=-1), self.row_means(a))

    def outer(self, a: Number, b: Number) -> Number:
        """Return the products of all of ``a`` with all of ``b``, along their last axes."""
        column = self.rearranged(partial(np.expand_dims, axis=-1), a)
        return column * self.rearranged(partial(np.expand_dims, axis=-2), b)

    def norm(self, a: Operand) -> Number:
        """Return the Euclidean norm over all elements."""
        return self.sqrt(self.sum(self.square(self.lift(a))))

    def max(self, *arrays: Operand) -> Number:
        """Return the largest of all elements, -inf where there are none; NaN if one is NaN."""
        largest = self.lift(-self.inf)
        for a in map(self.lift, arrays):
            for i in range(math.prod(self.shape(a))):
                largest = self.maximum(largest, self.rearranged(partial(_element, i), a))
        return largest

    @abstractmethod
    def matmul(self, a: Number, b: Number) -> Number:
        """Return the matrix product."""

    @abstractmethod
    def rearranged(self, move: Callable[..., Any], *arrays: Number) -> Number:
        """Return what ``move``, which only moves elements about, makes of numpy arrays."""

    def longest_side(self, a: Number) -> Number:
        """Return the length of the longest axis."""
        return self.constant(max(self.shape(a)))

    def orthogonalized(self, a: Number, p: Number, q: Number, r: Number, steps: Number) -> Number:
        """Return ``a`` over its norm after so many Newton-Schulz steps.

        To the norm 1e-7 is added (Keras).
        """
        x = a / (self.norm(a) + 1e-7)
        return self.newton_schulz(x, [(p, q, r)] * self.integer(steps))

    def newton_schulz(
        self, x: Number, factors: Sequence[Factors], scale: Number | None = None
    ) -> Number:
        """Return ``x`` after a step x -> p x + q (x x^T) x + r (x x^T)^2 x for each p, q and r.

        ``scale`` is what the rows of ``x`` have been multiplied by, where a candidate multiplies
        the first x x^T by it as well, instead of forming it anew.
        """
        for p, q, r in factors:
            gram = self.matmul(x, self.transpose(x))
            x = p * x + self.matmul(q * gram + r * self.matmul(gram, gram), x)
        return x

    @abstractmethod
    def integer(self, a: Number) -> int:
        """Return a hyperparameter that is a whole number."""

    def transpose(self, a: Number) -> Number:
        """Return the transposed matrix."""
        return self.rearranged(np.transpose, a)

    def slide(self, window: Number, row: Number) -> Number:
        """Return the matrix without its first row, and with a new last one."""
        return self.rearranged(lambda old, new: np.concatenate([old[1:], new[None]]), window, row)

    def rows(self, a: Number) -> Number:
        """Return how many rows a matrix has."""
        return self.constant(self.shape(a)[0])

    def row_sums(self, a: Number) -> Number:
        """Return the sum of each row of a matrix, as a column."""
        return self.matmul(a, self.array(np.ones((self.shape(a)[1], 1))))

    def identity_like(self, a: Number) -> Number:
        """Return the identity matrix of the size of a square matrix."""
        return self.array(np.eye(self.shape(a)[0]))

    @abstractmethod
    def smallest_eigenvalue(self, a: Number) -> Number:
        """Return the smallest eigenvalue of a symmetric matrix."""

    @abstractmethod
    def matrix_power(self, a: Number, exponent: Operand, x: Number) -> Number:
        """Return a**exponent @ x: ``a`` is symmetric and positive, the exponent not positive.

        ``x`` is a vector, or a matrix whose columns are mapped each by itself.
        """

    @abstractmethod
    def root_power(self, a: Number, shift: Operand, exponent: Operand, x: Number) -> Number:
        """Return (sqrt(a) + shift * identity)**exponent @ x, all else as in `matrix_power`."""


ACROSS = frozenset(name for name in vars(Arithmetic) if not name.startswith("_"))
"""The functions by which an element's step comes to depend on other elements."""
