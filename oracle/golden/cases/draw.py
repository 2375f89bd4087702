"""Numbers for the cases: few significant bits, so that every dtype carries them exactly.

Only ``getrandbits`` of the standard library's generator is used, because its stream is promised
not to change; numpy promises that for none of its generators.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from oracle.golden.cases.plan import Plan
from oracle.rules.rule import Shape
from oracle.sparse import Sparse
from oracle.truth import Array

Flat: TypeAlias = list[float]
Family: TypeAlias = Callable[["Stream", Sequence[Shape], int], list[list[Flat]]]

_NORM_3_AND_4 = (1.0, -2.0, 2.0)
TINY = -40
"""By which power of two tiny gradients are scaled down."""
_LEVELS = (0.5, 1.0, -1.0, 1.5, -2.5, 0.0)


class Stream:
    """A stream of numbers with six significant bits and magnitudes from 1/8 to 2."""

    def __init__(self, name: str) -> None:
        seed = hashlib.sha256(name.encode()).digest()[:8]
        self._random = random.Random(int.from_bytes(seed, "big"))

    def coin(self) -> bool:
        """Return True or False, evenly."""
        return self._random.getrandbits(1) == 1

    def below(self, end: int) -> int:
        """Return a whole number from 0 to ``end`` - 1, all as likely to a millionth."""
        return self._random.getrandbits(32) * end >> 32

    def magnitude(self) -> float:
        """Return a positive number."""
        return math.ldexp(32 + self._random.getrandbits(5), self._random.getrandbits(2) - 8)

    def number(self) -> float:
        """Return a number of either sign."""
        return self.magnitude() if self.coin() else -self.magnitude()

    def numbers(self, shape: Shape) -> Flat:
        """Return the elements of a tensor."""
        return [self.number() for _ in range(math.prod(shape))]


def inputs(spec: str, plan: Plan) -> tuple[list[Array], list[list[Array | Sparse | None]]]:
    """Return the start and the gradients of a case; the same for ever, from its name alone."""
    stream = Stream(plan.drawn_for(spec))
    start = [_start(plan.start, stream, shape) for shape in plan.shapes]
    drawn = FAMILIES[plan.gradients](stream, plan.shapes, plan.steps)
    grads: list[list[Array | Sparse | None]] = [
        [
            None if (step, k) in plan.missing else np.array(flat, np.float64).reshape(shape)
            for k, (flat, shape) in enumerate(zip(flats, plan.shapes, strict=True))
        ]
        for step, flats in enumerate(drawn, start=1)
    ]
    for row, indices in zip(grads, plan.rows, strict=False):
        row[0] = _sparse_gradient(plan, stream, indices)
    return start, grads


def _sparse_gradient(plan: Plan, stream: Stream, indices: tuple[int, ...]) -> Sparse:
    shape = (len(indices), *plan.shapes[0][1:])
    flat = stream.numbers(shape)
    if plan.gradients == "zero-last":
        flat = [0.0 for _ in flat]
    return Sparse(np.array(indices, np.int64), np.array(flat, np.float64).reshape(shape))


def _start(kind: str, stream: Stream, shape: Shape) -> Array:
    flat = stream.numbers(shape) if kind == "mixed" else [0.0] * math.prod(shape)
    return np.array(flat, np.float64).reshape(shape)


def _mixed(stream: Stream, shapes: Sequence[Shape], steps: int) -> list[list[Flat]]:
    return [[stream.numbers(shape) for shape in shapes] for _ in range(steps)]


def _scaled(exponent: int) -> Family:
    def family(stream: Stream, shapes: Sequence[Shape], steps: int) -> list[list[Flat]]:
        return _map(_mixed(stream, shapes, steps), lambda g, step, k, i: math.ldexp(g, exponent))

    return family


def _steady(stream: Stream, shapes: Sequence[Shape], steps: int) -> list[list[Flat]]:
    return _mixed(stream, shapes, 1) * steps


def _sign_changing(stream: Stream, shapes: Sequence[Shape], steps: int) -> list[list[Flat]]:
    return _map(
        _mixed(stream, shapes, steps), lambda g, step, k, i: abs(g) * (-1.0) ** (step + k + i)
    )


def _zero_first(stream: Stream, shapes: Sequence[Shape], steps: int) -> list[list[Flat]]:
    return _map(_mixed(stream, shapes, steps), lambda g, step, k, i: 0.0 if 2 * step < steps else g)


def _zero_last(stream: Stream, shapes: Sequence[Shape], steps: int) -> list[list[Flat]]:
    return _map(_mixed(stream, shapes, steps), lambda g, step, k, i: g if step == 0 else 0.0)


def _sparse(stream: Stream, shapes: Sequence[Shape], steps: int) -> list[list[Flat]]:
    return _map(
        _mixed(stream, shapes, steps),
        lambda g, step, k, i: 0.0 if (i == 0 and k == 0) or stream.coin() else g,
    )


def _fading(stream: Stream, shapes: Sequence[Shape], steps: int) -> list[list[Flat]]:
    return _map(_mixed(stream, shapes, steps), lambda g, step, k, i: math.ldexp(g, 2 - 2 * step))


def _norms(stream: Stream, shapes: Sequence[Shape], steps: int) -> list[list[Flat]]:
    """Norm 3 for the matrix and 4 for the scalar, 5 together, in steps of 1/2, 1, 2, 1/2, ..."""
    flats = [
        [_NORM_3_AND_4[i] if shape and i < 3 else 0.0 if shape else -4.0 for i in _range(shape)]
        for shape in shapes
    ]
    return _map([flats] * steps, lambda g, step, k, i: math.ldexp(g, step % 3 - 1))


def _levels(stream: Stream, shapes: Sequence[Shape], steps: int) -> list[list[Flat]]:
    """Elements inside, at and outside the interval from -1 to 1, moving on by one a step."""
    flats = [[0.0 for _ in _range(shape)] for shape in shapes]
    return _map([flats] * steps, lambda g, step, k, i: _LEVELS[(step + 3 * k + i) % len(_LEVELS)])


def _not_finite(stream: Stream, shapes: Sequence[Shape], steps: int) -> list[list[Flat]]:
    """NaN in one element before the last step, infinity and minus infinity in two at the last.

    No step comes after the infinities: whether a slot stays infinite depends on how a mean is
    written, b * m + (1 - b) * g or m + (1 - b) * (g - m), and both are honest.
    """
    bad = {(steps - 2, 0, 0): math.nan, (steps - 1, 0, 1): math.inf, (steps - 1, 0, 2): -math.inf}
    return _map(_mixed(stream, shapes, steps), lambda g, step, k, i: bad.get((step, k, i), g))


def _one_infinite(stream: Stream, shapes: Sequence[Shape], steps: int) -> list[list[Flat]]:
    return _map(
        _mixed(stream, shapes, steps),
        lambda g, step, k, i: math.inf if (step, k, i) == (steps - 1, 0, 1) else g,
    )


def _interrupted(stream: Stream, shapes: Sequence[Shape], steps: int) -> list[list[Flat]]:
    """Infinity in one element of the second gradient, NaN in one of the fifth."""
    bad = {(1, 0, 1): math.inf, (4, 0, 0): math.nan}
    return _map(_mixed(stream, shapes, steps), lambda g, step, k, i: bad.get((step, k, i), g))


def _map(
    grads: list[list[Flat]], change: Callable[[float, int, int, int], float]
) -> list[list[Flat]]:
    return [
        [[change(g, step, k, i) for i, g in enumerate(flat)] for k, flat in enumerate(flats)]
        for step, flats in enumerate(grads)
    ]


def _range(shape: Shape) -> range:
    return range(math.prod(shape))


FAMILIES: dict[str, Family] = {
    "mixed": _mixed,
    "steady": _steady,
    "sign-changing": _sign_changing,
    "zero-first": _zero_first,
    "zero-last": _zero_last,
    "sparse": _sparse,
    "fading": _fading,
    "small": _scaled(-6),
    "tiny": _scaled(TINY),
    "vanishing": _scaled(-400),
    "huge": _scaled(40),
    "enormous": _scaled(400),
    "norms": _norms,
    "levels": _levels,
    "not-finite": _not_finite,
    "one-infinite": _one_infinite,
    "interrupted": _interrupted,
}
