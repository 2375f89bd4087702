"""Norms of every order, clipping by them, and clipping of elements, as PyTorch does it."""

import math
from collections.abc import Sequence

import numpy as np

from oracle.arithmetic.base import Arithmetic, Number


def vector_norm(xp: Arithmetic, a: Number, order: float, p: Number) -> Number:
    """Return (sum of |a|**p)**(1 / p); the largest, the smallest, or how many are not 0 (p = 0).

    ``order`` is the number ``p`` as it was given.
    """
    size = xp.abs(a)
    if order == math.inf:
        return xp.max(size)
    if order == -math.inf:
        return -xp.max(-size)
    if order == 0:
        return xp.sum(xp.where(size <= 0, 0, 1))
    if order == 1:
        return xp.sum(size)
    return xp.norm(a) if order == 2 else xp.sum(size**p) ** (1 / p)


def total_norm(xp: Arithmetic, gradients: Sequence[Number], order: float, p: Number) -> Number:
    """Return the norm of the norms of all gradients."""
    norms = [vector_norm(xp, g, order, p) for g in gradients]
    return vector_norm(xp, xp.rearranged(_stacked, *norms), order, p)


def _stacked(*norms: np.ndarray) -> np.ndarray:
    return np.stack(norms)


def by_total_norm(
    xp: Arithmetic, gradients: Sequence[Number], norm: Number, max_norm: Number
) -> list[Number]:
    """Scale all gradients by max_norm over their norm and a little more, but by 1 at most."""
    scale = xp.minimum(max_norm / (norm + 1e-6), 1)
    return [g * scale for g in gradients]


def by_size(xp: Arithmetic, gradients: Sequence[Number], clip_value: Number) -> list[Number]:
    """Raise elements to -clip_value, then lower them to clip_value; NaN stays NaN."""
    return [xp.minimum(xp.maximum(g, -clip_value), clip_value) for g in gradients]
