"""Matrices made nearly orthogonal: what they are divided by first, and Newton-Schulz steps.

The singular values have to be at most about 1 before the first step. Which of these a matrix is
divided by is a choice between what is cheap and what leaves the singular values large.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from oracle.arithmetic.base import Arithmetic, Factors, Number

_LEAST = 1e-8
"""The smallest number that Optax takes the root of."""


def over_frobenius(xp: Arithmetic, x: Number, eps: Number) -> Number:
    """Divide a matrix by its Frobenius norm (Jordan et al. 2024)."""
    return x / (xp.norm(x) + eps)


def over_spectral(xp: Arithmetic, x: Number, eps: Number) -> Number:
    """Divide a matrix by its largest singular value."""
    gram = xp.matmul(x, xp.transpose(x))
    return x / (xp.sqrt(-xp.smallest_eigenvalue(-gram)) + eps)


def almost_orthogonal_scale(xp: Arithmetic, x: Number) -> Number:
    """Return what scales each row of x: one over the root of its sum of |x x^T| (Boissin 2025)."""
    total = xp.sum(xp.abs(xp.matmul(x, xp.transpose(x))), -1)
    scale = 1 / xp.sqrt(xp.maximum(total, _LEAST))
    return xp.rearranged(partial(np.expand_dims, axis=-1), scale)


def schatten_scale(xp: Arithmetic, x: Number) -> Number:
    """Return one over the Schatten-4 norm: the fourth root of |x x^T|^2 (Grishina et al. 2025)."""
    norm = xp.norm(xp.matmul(x, xp.transpose(x)))
    return 1 / xp.sqrt(xp.maximum(norm, _LEAST))


def lying(xp: Arithmetic, x: Number) -> Number:
    """Return a matrix that is no higher than it is wide: transposed, if need be."""
    rows, columns = xp.shape(x)
    return xp.transpose(x) if rows > columns else x


def orthogonal(
    xp: Arithmetic, x: Number, preconditioning: str, eps: Number, factors: Sequence[Factors]
) -> Number:
    """Return a matrix with singular values near 1, by a Newton-Schulz step for each of factors."""
    if preconditioning == "frobenius":
        return xp.newton_schulz(over_frobenius(xp, x, eps), factors)
    if preconditioning == "spectral":
        return xp.newton_schulz(over_spectral(xp, x, eps), factors)
    if preconditioning == "schatten":
        scale = schatten_scale(xp, lying(xp, x))
        return xp.newton_schulz(x * scale, factors, scale)
    wide = lying(xp, x)
    scale = almost_orthogonal_scale(xp, wide)
    made = xp.newton_schulz(wide * scale, factors, scale)
    return made if wide is x else xp.transpose(made)
