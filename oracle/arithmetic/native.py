"""The bulk arithmetic: float64 values with the bound, vectorised over millions of elements.

It judges candidates of 32 bits and fewer. Its own rounding, one unit of float64 an operation, is
charged to the bound together with the candidate's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from oracle.arithmetic.bounded import Floats
from oracle.arithmetic.model import Model
from oracle.arithmetic.rewritings.rewriting import Rewriting
from oracle.arithmetic.rewritings.table import REWRITINGS
from oracle.arithmetic.rounding import Rounding


class Float64Values:
    """The functions of float64 arrays: numpy's own, which follow IEEE 754."""

    own_unit = 2.0**-53
    pi = np.pi
    dtype = np.dtype(np.float64)
    add = staticmethod(np.add)
    subtract = staticmethod(np.subtract)
    multiply = staticmethod(np.multiply)
    divide = staticmethod(np.divide)
    power = staticmethod(np.power)
    square = staticmethod(np.square)
    negative = staticmethod(np.negative)
    absolute = staticmethod(np.abs)
    sqrt = staticmethod(np.sqrt)
    exp = staticmethod(np.exp)
    log = staticmethod(np.log)
    cos = staticmethod(np.cos)
    floor = staticmethod(np.floor)
    sign = staticmethod(np.sign)
    maximum = staticmethod(np.maximum)
    less = staticmethod(np.less)
    less_equal = staticmethod(np.less_equal)
    magnitude = staticmethod(np.abs)
    isfinite = staticmethod(np.isfinite)
    matmul = staticmethod(np.matmul)

    @staticmethod
    def scalar(value: Any) -> float:
        """Return one number; a decimal string is rounded to float64."""
        return float(value)

    @classmethod
    def lost(cls, value: Any) -> float:
        """Return how far `scalar` may be from what it was given."""
        rounded = float(value)
        exact = rounded == value or not np.isfinite(rounded)
        return 0.0 if exact else cls.own_unit * abs(rounded)

    @staticmethod
    def exactly(values: Any) -> Floats:
        """Return an array of numbers as float64."""
        return np.asarray(values).astype(np.float64)

    @staticmethod
    def floats(data: Floats) -> Floats:
        """Return the values themselves."""
        return data

    @staticmethod
    def eigh(a: Floats) -> tuple[Floats, Floats]:
        """Return the eigenvalues, the smallest first, and the eigenvectors as columns."""
        try:
            found = np.linalg.eigh(a)
        except np.linalg.LinAlgError:
            return np.full(len(a), np.nan), np.full(a.shape, np.nan)
        return found[0], found[1]

    @staticmethod
    def sum(data: Floats) -> Floats:
        """Return the sum over all elements."""
        return np.asarray(np.sum(data))


def native(model: Model, honest: Sequence[Rewriting] = REWRITINGS) -> Rounding:
    """Return the bulk arithmetic for candidates of ``model``."""
    return Rounding(Float64Values(), model, honest)
