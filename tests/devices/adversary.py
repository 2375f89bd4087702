"""Where an adversary puts a result: as far off the exact one as its loss allows, and no further."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from oracle.dtypes import FloatType
from oracle.operations import Accuracy

Floats = npt.NDArray[np.float64]
DIRECTIONS = ("up", "away", "alternating", "hash")
_SPARE = 1 - 2.0**-20
"""What float64 itself may be off on the way."""


def spacing(values: Floats, kind: FloatType) -> Floats:
    """Return the distance of numbers of a type where the magnitude of ``values`` is."""
    exponent = np.frexp(values)[1] - kind.precision
    least = kind.min_exponent - kind.precision + 1
    return np.ldexp(1.0, np.maximum(exponent, least))


def rounded(values: Floats, kind: FloatType) -> Floats:
    """Return the nearest numbers of a type, of tfloat32 too, which numpy does not have."""
    if kind.name != "tfloat32":
        return kind.round(values)
    gap = spacing(values, kind)
    return np.round(values / gap) * gap


@dataclass
class Adversary:
    """Goes one way, or by turns, or by a hash of the exact result."""

    direction: str
    seed: int = 0
    _turn: int = field(default=0, init=False)

    def sign(self, exact: Floats) -> Floats:
        """Return which way each element goes."""
        if self.direction == "up":
            return np.ones_like(exact)
        if self.direction == "away":
            return np.where(np.signbit(exact), -1.0, 1.0)
        if self.direction == "alternating":
            self._turn += 1
            places = np.arange(exact.size).reshape(exact.shape)
            return np.where((places + self._turn) % 2, 1.0, -1.0)
        return np.where(self._hashed(exact) & np.uint64(1), 1.0, -1.0)

    def settled(self, exact: Any, loss: Accuracy, kind: FloatType, argument: Any) -> Floats:
        """Return a number of the type, as far from the exact result as the loss allows."""
        exact = np.asarray(exact, np.float64)
        nearest = rounded(exact, kind)
        gap = spacing(exact, kind)
        allowed = loss.ulp * gap + loss.relative * np.abs(exact) + loss.absolute
        allowed = allowed + loss.ulp_of_argument * np.abs(argument) * gap
        far = np.maximum(allowed * _SPARE - gap / 2, 0.0)
        moved = rounded(exact + self.sign(exact) * far, kind)
        return np.where(np.isfinite(nearest) & (exact != 0), moved, nearest)

    def stored(self, values: Floats, kind: FloatType) -> Floats:
        """Return a number of a narrower type, the next above or the next below."""
        gap = spacing(values, kind)
        low = np.floor(values / gap)
        held = np.where(self._hashed(values) & np.uint64(1), low, np.ceil(values / gap)) * gap
        return np.where(np.isfinite(values), held, values)

    def order(self, count: int) -> npt.NDArray[np.intp]:
        """Return the order in which threads happen to add so many terms."""
        self._turn += 1
        return np.random.default_rng([self.seed, self._turn]).permutation(count)

    def _hashed(self, exact: Floats) -> npt.NDArray[np.uint64]:
        self._turn += 1
        bits = np.ascontiguousarray(exact).view(np.uint64)
        salt = np.uint64((self.seed * 2654435761 + self._turn * 40503) % 2**63)
        hashed = ((bits ^ salt) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(33)
        return hashed.reshape(exact.shape)
