"""L-BFGS: what pairs of differences tell of the inverse Hessian, all parameters being one vector.

``s`` is how far the parameters went in a step, ``y`` how far their gradient; both are vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from oracle.arithmetic.base import Arithmetic, Condition, Number
from oracle.rules.rule import Shape


class Differences(NamedTuple):
    """The two differences of a step, and one over their inner product."""

    s: Number
    y: Number
    rho: Number


def dot(xp: Arithmetic, a: Number, b: Number) -> Number:
    """Return the inner product of two vectors."""
    return xp.sum(a * b)


def preconditioned(
    xp: Arithmetic, g: Number, pairs: Sequence[Differences], gamma: Number
) -> Number:
    """Return the inverse Hessian that pairs tell of, times g (Nocedal & Wright 2006, alg. 7.4).

    The oldest pair comes first; without any it is gamma times the identity.
    """
    q, alphas = g, dict[int, Number]()
    for i in reversed(range(len(pairs))):
        alphas[i] = pairs[i].rho * dot(xp, pairs[i].s, q)
        q = q - alphas[i] * pairs[i].y
    r = gamma * q
    for i, pair in enumerate(pairs):
        beta = pair.rho * dot(xp, pair.y, r)
        r = r + (alphas[i] - beta) * pair.s
    return r


def flat(xp: Arithmetic, arrays: Sequence[Number]) -> Number:
    """Return the elements of all arrays as one vector."""
    return xp.rearranged(_joined, *arrays)


def _joined(*arrays: np.ndarray) -> np.ndarray:
    return np.concatenate([a.reshape(-1) for a in arrays])


def split(xp: Arithmetic, vector: Number, like: Sequence[Number]) -> list[Number]:
    """Return the arrays, in the shapes of others, whose elements a vector has."""
    shapes = [xp.shape(a) for a in like]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    return [
        xp.rearranged(partial(_part, int(end), shape), vector)
        for end, shape in zip(ends, shapes, strict=True)
    ]


def _part(end: int, shape: Shape, vector: np.ndarray) -> np.ndarray:
    return vector[end - int(np.prod(shape)) : end].reshape(shape)


def settled(xp: Arithmetic, condition: Condition, a: Number) -> Number:
    """Return what a condition has decided: anything where rounding may decide it otherwise."""
    return xp.where(Condition(np.ones_like(condition.true), condition.sure), a, xp.nan)
