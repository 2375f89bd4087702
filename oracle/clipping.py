"""Gradient clipping, each library's rule as its own short function of a list of gradients.

Every function maps gradients to gradients of the same shapes. The norm of zero gradients clips
nothing; what an infinite or NaN norm does is part of each definition.
"""

from oracle.arithmetic.base import Arithmetic, Number


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


def by_global_norm_if_larger(
    xp: Arithmetic, gradients: list[Number], clip_norm: Number
) -> list[Number]:
    """Scale all gradients when their common norm reaches ``clip_norm`` (Keras 2.3.1, clip_norm).

    A NaN norm compares false and clips nothing; an infinite one turns finite elements to 0.
    """
    norm = global_norm(xp, gradients)
    clips = norm >= clip_norm
    return [xp.where(clips, clip_norm / norm * g, g) for g in gradients]
