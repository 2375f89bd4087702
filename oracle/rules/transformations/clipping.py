"""Gradient clipping, each library's rule as its own short function of a list of gradients.

Every function maps gradients to gradients of the same shapes. The norm of zero gradients clips
nothing; what an infinite or NaN norm does is part of each definition.
"""

import math
from collections.abc import Sequence

import numpy as np

from oracle.arithmetic.base import Arithmetic, Condition, Number
from oracle.errors import ShapeError


def by_value(xp: Arithmetic, gradients: list[Number], clip_value: Number) -> list[Number]:
    """Move each element into [-clip_value, clip_value]; NaN stays NaN."""
    return [xp.maximum(xp.minimum(g, clip_value), -clip_value) for g in gradients]


def by_norm(xp: Arithmetic, gradients: list[Number], clip_norm: Number) -> list[Number]:
    """Scale each gradient on its own down to the norm ``clip_norm`` (tf.clip_by_norm).

    An infinite norm turns finite elements to 0 and infinite ones to NaN; a NaN norm turns all to
    NaN.
    """
    return [g * clip_norm / xp.maximum(xp.norm(g), clip_norm) for g in gradients]


def global_norm(xp: Arithmetic, gradients: list[Number]) -> Number:
    """Return the Euclidean norm over the elements of all gradients."""
    total = xp.constant(0)
    for g in gradients:
        total = total + xp.sum(g**2)
    return xp.sqrt(total)


def by_global_norm(xp: Arithmetic, gradients: list[Number], clip_norm: Number) -> list[Number]:
    """Scale all gradients down to a common norm (Keras 3, clip_by_global_norm).

    A norm that is not finite turns every element to NaN, so that the trouble shows.
    """
    norm = global_norm(xp, gradients)
    scale = xp.where(norm < xp.inf, clip_norm / xp.maximum(norm, clip_norm), xp.nan)
    return [g * scale for g in gradients]


def if_larger(
    xp: Arithmetic, gradients: list[Number], norm: Number, clip_norm: Number
) -> list[Number]:
    """Scale all gradients when their common norm reaches ``clip_norm`` (Keras 2.3.1, clip_norm).

    A NaN norm compares false and clips nothing; an infinite one turns finite elements to 0.
    """
    clips = norm >= clip_norm
    return [xp.where(clips, clip_norm / norm * g, g) for g in gradients]


def by_interval(xp: Arithmetic, gradients: list[Number], low: Number, high: Number) -> list[Number]:
    """Move each element into [low, high] (tf.clip_by_value); NaN stays NaN.

    The lower end is taken last: where it is the larger one, everything becomes it.
    """
    return [xp.maximum(xp.minimum(g, high), low) for g in gradients]


def by_average_norm(xp: Arithmetic, gradients: list[Number], clip_norm: Number) -> list[Number]:
    """Scale each gradient down to a norm of ``clip_norm`` per element (tf.clip_by_average_norm).

    What is compared is the norm over the number of elements. An infinite norm turns finite elements
    to 0 and infinite ones to NaN.
    """
    averages = [xp.norm(g) / math.prod(xp.shape(g)) for g in gradients]
    return [
        g * clip_norm / xp.maximum(average, clip_norm)
        for g, average in zip(gradients, averages, strict=True)
    ]


def by_global_norm_of_zero(
    xp: Arithmetic, gradients: list[Number], clip_norm: Number
) -> list[Number]:
    """Scale all gradients to nothing, for a threshold of 0 (tf.clip_by_global_norm).

    A norm of 0 is scaled by 0 / 0, and one that is not finite by NaN.
    """
    norm = global_norm(xp, gradients)
    scale = xp.where(norm < xp.inf, clip_norm / norm, xp.nan)
    return [g * scale for g in gradients]


def by_negative_global_norm(xp: Arithmetic, gradients: list[Number]) -> list[Number]:
    """Clip nothing, as a negative threshold does (tf.clip_by_global_norm).

    A norm that is not finite turns every element to NaN all the same.
    """
    norm = global_norm(xp, gradients)
    return [g * xp.where(norm < xp.inf, 1, xp.nan) for g in gradients]


def by_norm_along(
    xp: Arithmetic, gradients: list[Number], clip_norm: Number, axes: Sequence[int] | None
) -> list[Number]:
    """Scale each gradient where its norm along ``axes`` exceeds ``clip_norm`` (tf.clip_by_norm).

    None means all axes. An infinite norm turns finite elements to 0 and infinite ones to NaN; a NaN
    norm turns all to NaN; a norm of 0 with a threshold of 0 is 0 / 0.
    """
    norms = [xp.sqrt(sum_along(xp, g**2, axes)) for g in gradients]
    return [
        g * clip_norm / xp.maximum(norm, clip_norm)
        for g, norm in zip(gradients, norms, strict=True)
    ]


def by_norm_of_rows(
    xp: Arithmetic, layers: list[Number], clip_norm: Number, axes: Sequence[int] | None
) -> list[Number]:
    """Do the same to rows that are given in layers, 0 where a layer has none (IndexedSlices).

    Along axis 0 lie all rows that are given: a norm along it, and one along all axes, is a norm of
    all layers together.
    """
    sums = [sum_along(xp, g**2, axes) for g in layers]
    rank = len(xp.shape(layers[0]))
    if axes is None or any(axis % rank == 0 for axis in axes):
        together = sums[0]
        for other in sums[1:]:
            together = together + other
        sums = [together for _ in layers]
    norms = [xp.sqrt(total) for total in sums]
    return [
        g * clip_norm / xp.maximum(norm, clip_norm) for g, norm in zip(layers, norms, strict=True)
    ]


def sum_along(xp: Arithmetic, a: Number, axes: Sequence[int] | None) -> Number:
    """Return the sum along some axes in the place of each of its terms.

    Raises `ShapeError` for an axis that ``a`` does not have. A sum is bounded as if all elements
    were in it, most of them zeros.
    """
    shape = xp.shape(a)
    if axes is None:
        return xp.sum(a)
    wrong = [axis for axis in axes if not -len(shape) <= axis < len(shape)]
    if wrong:
        raise ShapeError(f"there is no axis {wrong[0]} in an array of shape {shape}")
    if not axes:
        return a
    added = {axis % len(shape) for axis in axes}
    lengths = [1 if axis in added else length for axis, length in enumerate(shape)]
    sums = xp.zeros_like(a)
    for place in np.ndindex(*lengths):
        mask = np.zeros(shape, dtype=bool)
        mask[tuple(slice(None) if k in added else i for k, i in enumerate(place))] = True
        here = Condition(mask, np.ones_like(mask))
        sums = xp.where(here, xp.sum(xp.where(here, a, 0)), sums)
    return sums
