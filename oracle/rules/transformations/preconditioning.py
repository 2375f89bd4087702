"""Shampoo's mathematics along one axis of a tensor (Gupta, Koren & Singer 2018, algorithm 2).

A tensor is unfolded along an axis to a matrix whose rows are what varies along it. ``g`` is the
gradient, unfolded; ``x`` is what the axes before have made of it, unfolded likewise; ``s`` is what
the axis has seen: a matrix of its length, or for a long axis the diagonal of that as a column.
``alpha`` is the axis's share of the whole exponent.
"""

from __future__ import annotations

from oracle.arithmetic.base import Arithmetic, Number


def seen(
    xp: Arithmetic, g: Number, s: Number, decay: Number, weight: Number, interval: Number
) -> Number:
    """Return what an axis has seen with this gradient, which stands for an interval of them."""
    return s + ((decay - 1) * s + weight * interval * xp.matmul(g, xp.transpose(g)))


def seen_along_a_long_axis(
    xp: Arithmetic, g: Number, s: Number, decay: Number, weight: Number
) -> Number:
    """Return the same for a long axis of several: a mean over the rows."""
    return s + ((decay - 1) * s + weight * (xp.row_sums(g**2) / xp.rows(g)))


def seen_along_a_long_vector(
    xp: Arithmetic, g: Number, s: Number, decay: Number, weight: Number
) -> Number:
    """Return the same for a long axis that is the only one."""
    return s + ((decay - 1) * s + weight * g**2)


def seen_along_a_long_axis_of_slices(
    xp: Arithmetic, g: Number, s: Number, weight: Number
) -> Number:
    """Return the same for a long axis where the gradient is sparse: a sum, that nothing leaves."""
    return s + weight * xp.row_sums(g**2)


def preconditioned(xp: Arithmetic, x: Number, s: Number, alpha: Number, epsilon: Number) -> Number:
    """Return (s / rows + epsilon)**-alpha @ x."""
    return xp.matrix_power(s / xp.rows(s) + epsilon * xp.identity_like(s), -alpha, x)


def preconditioned_along_a_long_axis(xp: Arithmetic, x: Number, s: Number, alpha: Number) -> Number:
    """Return each row scaled by s**-alpha, or dropped if nothing was seen of it."""
    return xp.where(s > 0, s**-alpha, 0) * x
