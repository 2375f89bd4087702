"""Parameters and gradients of every kind, made from a short recipe and a seed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from oracle.conformance.run import Feed, Gradient
from oracle.dtypes import FloatType, float_type
from oracle.sparse import Sparse
from oracle.specification.shapes import takes_shape
from oracle.specification.spec import Spec
from oracle.truth import Array

Family = Callable[[np.random.Generator, FloatType, tuple[int, ...], int], list[Array]]
"""Makes the gradients of one parameter: generator, dtype, shape and number of steps."""


def _normal(
    rng: np.random.Generator, kind: FloatType, shape: tuple[int, ...], n: int
) -> list[Array]:
    return [rng.normal(size=shape) for _ in range(n)]


def _mixed(
    rng: np.random.Generator, kind: FloatType, shape: tuple[int, ...], n: int
) -> list[Array]:
    """Magnitudes of every order that squares within the dtype, different for each element."""
    reach = kind.max_exponent // 4
    scale = np.exp2(rng.uniform(-reach, reach, size=shape))
    return [scale * rng.normal(size=shape) for _ in range(n)]


def _tiny(rng: np.random.Generator, kind: FloatType, shape: tuple[int, ...], n: int) -> list[Array]:
    """Squares near the smallest normal number."""
    scale = 2.0 ** (kind.min_exponent // 2)
    return [scale * rng.normal(size=shape) for _ in range(n)]


def _huge(rng: np.random.Generator, kind: FloatType, shape: tuple[int, ...], n: int) -> list[Array]:
    """Squares within reach of the largest number, but not beyond it."""
    scale = 2.0 ** (kind.max_exponent // 2 - 5)
    return [scale * rng.uniform(-1, 1, size=shape) for _ in range(n)]


def _sparse(
    rng: np.random.Generator, kind: FloatType, shape: tuple[int, ...], n: int
) -> list[Array]:
    return [rng.normal(size=shape) * (rng.random(size=shape) < 0.2) for _ in range(n)]


def _constant(
    rng: np.random.Generator, kind: FloatType, shape: tuple[int, ...], n: int
) -> list[Array]:
    gradient = rng.normal(size=shape)
    return [gradient] * n


def _alternating(
    rng: np.random.Generator, kind: FloatType, shape: tuple[int, ...], n: int
) -> list[Array]:
    gradient = rng.normal(size=shape)
    return [gradient * (-1) ** t for t in range(n)]


def _decaying(
    rng: np.random.Generator, kind: FloatType, shape: tuple[int, ...], n: int
) -> list[Array]:
    gradient = rng.normal(size=shape)
    return [gradient * 0.5**t for t in range(n)]


EVERY_KIND = "of every kind"


def _every_kind(
    rng: np.random.Generator, kind: FloatType, shape: tuple[int, ...], n: int
) -> list[Array]:
    """All the others, dealt to the elements in turn."""
    families = [family for name, family in FAMILIES.items() if name != EVERY_KIND]
    turns = np.arange(math.prod(shape)).reshape(shape) % len(families)
    columns = [family(rng, kind, shape, n) for family in families]
    return [np.choose(turns, row) for row in zip(*columns, strict=True)]


FAMILIES: dict[str, Family] = {
    "normal": _normal,
    "constant": _constant,
    "alternating": _alternating,
    "decaying": _decaying,
    "sparse": _sparse,
    "mixed": _mixed,
    "tiny": _tiny,
    "huge": _huge,
    EVERY_KIND: _every_kind,
}

STARTS: dict[str, Callable[[np.random.Generator, tuple[int, ...]], Array]] = {
    "zeros": lambda rng, shape: np.zeros(shape),
    "normal": lambda rng, shape: rng.normal(size=shape),
    "small": lambda rng, shape: rng.normal(size=shape) * 2.0**-10,
    "some zeros": lambda rng, shape: rng.normal(size=shape) * rng.integers(0, 2, size=shape),
}


@dataclass(frozen=True)
class Tensor:
    """One parameter: its shape, where it starts, and the family of its gradients."""

    shape: tuple[int, ...]
    start: str
    gradients: str
    distinct: int | None = None
    """How many different elements it has, which then repeat; None if all are different."""

    @property
    def drawn(self) -> tuple[int, ...]:
        """The shape of what is drawn at random."""
        repeats = self.distinct is not None and self.distinct < math.prod(self.shape)
        return (self.distinct or 0,) if repeats else self.shape

    def filled(self, drawn: Array) -> Array:
        """Return the whole array, its elements repeated in turn."""
        return drawn if drawn.shape == self.shape else np.resize(drawn, self.shape)

    def __str__(self) -> str:
        """Say it in words."""
        repeats = f", {self.distinct} elements that repeat" if self.drawn != self.shape else ""
        return f"shape {self.shape}, start {self.start}, gradients {self.gradients}{repeats}"


def _some_rows(rng: np.random.Generator, kind: FloatType, gradient: Gradient) -> Gradient:
    """Return a gradient for half of the rows, drawn so that some come several times."""
    dense = np.asarray(gradient)
    if not dense.ndim or not dense.shape[0]:
        return gradient
    indices = rng.integers(0, dense.shape[0], size=dense.shape[0] // 2 + 2)
    factors = rng.choice([1.0, -0.5, 2.0], size=(indices.size, *(1,) * (dense.ndim - 1)))
    return Sparse(indices, kind.round(dense[indices] * factors))


@dataclass(frozen=True)
class Recipe:
    """All that a feed is made of."""

    tensors: tuple[Tensor, ...]
    steps: int
    seed: int
    skips: bool = False
    """Whether the last parameter gets no gradient at every second step."""
    sparse: bool = False
    """Whether the gradients are sparse, as far as parameters have rows."""

    def feed(self, dtype: str) -> Feed:
        """Make the arrays, rounded to ``dtype``; the same recipe always makes the same."""
        kind = float_type(dtype)
        rng = np.random.Generator(np.random.PCG64(self.seed))
        params = [t.filled(kind.round(STARTS[t.start](rng, t.drawn))) for t in self.tensors]
        columns: list[list[Gradient]] = [
            [t.filled(kind.round(g)) for g in FAMILIES[t.gradients](rng, kind, t.drawn, self.steps)]
            for t in self.tensors
        ]
        if self.sparse:
            columns = [[_some_rows(rng, kind, g) for g in column] for column in columns]
        grads: list[list[Gradient | None]] = [list(row) for row in zip(*columns, strict=True)]
        if self.skips:
            for row in grads[1::2]:
                row[-1] = None
        return Feed(dtype, params, grads)

    @property
    def condensed(self) -> Recipe:
        """The same without the repetitions."""
        if self.sparse:
            return self
        tensors = tuple(replace(t, shape=t.drawn, distinct=None) for t in self.tensors)
        return replace(self, tensors=tensors)

    def fitting(self, spec: Spec) -> Recipe:
        """The same with a row in the place of each vector, where a spec takes matrices alone."""
        if takes_shape(spec, (1,)):
            return self
        lying = (replace(t, shape=(1, *t.shape)) if len(t.shape) == 1 else t for t in self.tensors)
        return replace(self, tensors=tuple(lying))

    def __str__(self) -> str:
        tensors = "; ".join(map(str, self.tensors))
        skips = ", the last without a gradient at every second step" if self.skips else ""
        sparse = ", sparse gradients" if self.sparse else ""
        return f"{tensors}{skips}{sparse}; {self.steps} steps; seed {self.seed}"
