"""Random runs: every element is an optimizer of its own, with its own kind of gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.bulk import bulk
from oracle.dtypes import FloatType, float_type
from oracle.implementation import Claim
from oracle.truth import Truth
from oracle.verdict import Checkpoint, Observation, Verdict, judge

Array: TypeAlias = npt.NDArray[np.float64]
Random: TypeAlias = np.random.Generator

LONGEST = 30


@dataclass(frozen=True, eq=False)
class Run:
    """What an optimizer starts from, what it is told, and the gradients it meets."""

    spec: str
    dtype: str
    hyper: Mapping[str, Any]
    start: Array
    grads: Array
    """One row for each step."""

    def truth(self) -> Checkpoint:
        """Return the answers and bounds of all steps, one row for each, as a single checkpoint."""
        found = bulk(
            self.spec,
            [self.start],
            [[g] for g in self.grads],
            self.hyper,
            dtype=self.dtype,
            compute_dtype="float32",
        )
        names = found.slots[0]

        def rows(states: list[Any]) -> Array:
            return np.stack(states[1:])

        return Checkpoint(
            len(self.grads),
            [Truth.of(rows([p[0] for p in found.params]))],
            [rows([b[0] for b in found.bounds])],
            {name: [Truth.of(rows([s[name][0] for s in found.slots]))] for name in names},
            {name: [rows([s[name][0] for s in found.slot_bounds])] for name in names},
        )

    def observe(self, claim: Claim) -> Observation:
        """Return what an implementation shows after each step, in the same form."""
        kind = float_type(self.dtype).numpy
        optimizer = claim.factory([self.start.astype(kind)], **self.hyper)
        params, slots = [], []
        for g in self.grads.astype(kind):
            params.append(optimizer.step([g])[0])
            slots.append({name: values[0] for name, values in optimizer.slots().items()})
        shown = {name: [np.stack([row[name] for row in slots])] for name in slots[0]}
        return Observation(len(self.grads), [np.stack(params)], shown)

    def verdict(self, truth: Checkpoint, claim: Claim) -> Verdict:
        start = [np.broadcast_to(self.start, self.grads.shape)]
        return judge(self.dtype, start, [truth], [self.observe(claim)])


def random_runs(spec: str, dtype: str, number: int, elements: int = 64) -> Iterator[Run]:
    """Yield runs that are the same every time, of 1 to 30 steps, short ones more often."""
    rng = np.random.Generator(np.random.PCG64(list(f"{spec} {dtype}".encode())))
    kind = float_type(dtype)
    for _ in range(number):
        steps = round(LONGEST ** (rng.random() ** 5))
        start = _numbers(rng, kind, (elements,), -4, 2) * rng.choice([0, 1], elements)
        yield Run(spec, dtype, HYPER[spec](rng), start, gradients(rng, kind, steps, elements))


def _share(rng: Random) -> float:
    """How much of an average is kept: nothing, the usual, as near 1 as can be, or anything."""
    usual = float(rng.choice([0.0, 0.5, 0.9, 0.99, 0.999]))
    return float(rng.choice([usual, usual, 1 - 10 ** rng.uniform(-6, -2), rng.random()]))


def _power_of_ten(rng: Random, low: float, high: float) -> float:
    return float(10 ** rng.uniform(low, high))


def _adam(rng: Random) -> dict[str, Any]:
    return {
        "learning_rate": _power_of_ten(rng, -4, 0),
        "beta_1": _share(rng),
        "beta_2": _share(rng),
        "epsilon": _power_of_ten(rng, -10, -1),
    }


def _sgd(rng: Random) -> dict[str, Any]:
    return {
        "learning_rate": _power_of_ten(rng, -4, 0),
        "momentum": _share(rng),
        "nesterov": bool(rng.integers(2)),
    }


def _rmsprop(rng: Random) -> dict[str, Any]:
    return {
        "learning_rate": _power_of_ten(rng, -4, 0),
        "rho": _share(rng),
        "epsilon": _power_of_ten(rng, -10, -1),
    }


HYPER: dict[str, Callable[[Random], dict[str, Any]]] = {
    "keras3/Adam": _adam,
    "keras3/SGD": _sgd,
    "keras3/RMSprop": _rmsprop,
}


def _numbers(
    rng: Random, kind: FloatType, shape: tuple[int, ...], low: float, high: float
) -> Array:
    return kind.round(rng.normal(size=shape) * 10 ** rng.uniform(low, high, shape))


def gradients(rng: Random, kind: FloatType, steps: int, elements: int) -> Array:
    """Return one row for each step: scales from 1e-8 to 1e4, a family for each element.

    A float16 gradient stays so small that a velocity without the learning rate in it, which
    somebody may keep, does not overflow in 30 steps.
    """
    scale = 10 ** rng.uniform(-8, 4, elements)
    family = rng.integers(len(FAMILIES), size=elements)
    normal, t = rng.normal(size=(steps, elements)), np.arange(steps)[:, None]
    drawn = [draw(rng, normal, t) for draw in FAMILIES.values()]
    limit = kind.largest / (2 * LONGEST)
    grads = np.choose(family, drawn) * scale
    return kind.round(np.clip(grads, -limit, limit))


def _times(rng: Random, normal: Array, t: Array, *, low: float, high: float) -> Array:
    """The first gradient again and again, times a constant factor of its own."""
    return normal[0] * (10 ** rng.uniform(low, high, normal.shape[1])) ** t


Family: TypeAlias = Callable[[Random, Array, Array], Array]
FAMILIES: dict[str, Family] = {
    "normal": lambda rng, normal, t: normal,
    "constant": lambda rng, normal, t: np.broadcast_to(normal[0], normal.shape),
    "sign-changing": lambda rng, normal, t: normal[0] * (-1.0) ** t,
    "decaying": partial(_times, low=-2, high=0),
    "growing": partial(_times, low=0, high=0.5),
    "sparse": lambda rng, normal, t: normal * (rng.random(normal.shape) < 0.3),
    "spikes": lambda rng, normal, t: normal * np.where(rng.random(normal.shape) < 0.2, 1e4, 1),
    "tiny": lambda rng, normal, t: normal * 1e-12,
    "huge": lambda rng, normal, t: normal * 1e4,
    "any size": lambda rng, normal, t: normal * 10 ** rng.uniform(-8, 0, normal.shape),
}
