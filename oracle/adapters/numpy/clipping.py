"""The ways in which Keras bounds gradients, each as the library orders its operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from oracle.adapters.numpy.base import Array, Number


def sum_of_squares(g: Array) -> Number:
    """Return the squared Euclidean norm of an array of any rank, in its dtype."""
    return np.sum(g * g, dtype=g.dtype)


def clip_by_value(g: Array, limit: Number) -> Array:
    """Return ``g`` held between ``-limit`` and ``limit``; NaN stays NaN."""
    clipped: Array = np.maximum(np.minimum(g, limit), -limit)
    return clipped


def clip_by_norm(g: Array, limit: Number) -> Array:
    """Return ``g`` scaled down to the norm ``limit`` where its own norm is larger."""
    norm = np.sqrt(sum_of_squares(g))
    clipped: Array = (g * limit) / np.maximum(norm, limit)
    return clipped


def clip_by_global_norm(grads: Mapping[int, Array], limit: Number) -> dict[int, Array]:
    """Return the gradients scaled by one factor that holds their common norm to ``limit``.

    A norm that is not finite turns every gradient into NaN, so that nobody trains on.
    """
    norm = global_norm(grads)
    one = norm.dtype.type(1)
    scale = limit * np.minimum(one / norm, one / limit) + (norm - norm)
    return {k: g * scale for k, g in grads.items()}


def keras2_clip_by_norm(
    grads: Mapping[int, Array], norm: Number, limit: Number
) -> dict[int, Array]:
    """Return the gradients scaled by ``limit / norm`` where their common norm reaches ``limit``.

    Keras 2 compares first: a norm of NaN leaves the gradients as they are.
    """
    if not norm >= limit:
        return dict(grads)
    scale = limit / norm
    return {k: scale * g for k, g in grads.items()}


def global_norm(grads: Mapping[int, Array]) -> Any:
    """Return the Euclidean norm of all gradients taken as one vector."""
    squares = np.stack([np.asarray(sum_of_squares(g)) for g in grads.values()])
    return np.sqrt(np.sum(squares, dtype=squares.dtype))
