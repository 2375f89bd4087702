"""All numbers of a run in one vector: by how much a version differs, over what rounding may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from oracle.record import Interval, Name, Record
from oracle.truth import Array

Layout: TypeAlias = "tuple[tuple[int, Name, tuple[int, ...]], ...]"
"""Of each array the step, the name and the shape, in the order in which they are put together."""


@dataclass(frozen=True, eq=False)
class Flat:
    """Truths and bounds of several steps, end to end."""

    layout: Layout
    hi: Array
    lo: Array
    bounds: Array

    @classmethod
    def of(cls, several: Iterable[Record[Interval]]) -> Flat:
        """Put records together in their order."""
        layout, parts = [], []
        for record in several:
            for name, interval in record.arrays.items():
                layout.append((record.step, name, interval.shape))
                wide = (interval.truth.hi, interval.truth.lo, interval.bound)
                parts.append([np.broadcast_to(x, interval.shape).ravel() for x in wide])
        joined = [np.concatenate(row) if row else np.zeros(0) for row in zip(*parts, strict=True)]
        return cls(tuple(layout), *(joined or [np.zeros(0)] * 3))

    def alike(self, other: Flat) -> tuple[Flat, Flat] | None:
        """Return what both have of the same steps and names; None where a shape differs."""
        if self.layout == other.layout:
            return self, other
        mine = {(step, name): shape for step, name, shape in self.layout}
        theirs = {(step, name): shape for step, name, shape in other.layout}
        shared = mine.keys() & theirs.keys()
        if any(mine[key] != theirs[key] for key in shared):
            return None
        return self._only(shared), other._only(shared)

    def _only(self, keys: set[tuple[int, Name]]) -> Flat:
        kept, place = list[tuple[int, int, int]](), 0
        layout = []
        for number, (step, name, shape) in enumerate(self.layout):
            size = int(np.prod(shape))
            if (step, name) in keys:
                kept.append((number, place, place + size))
                layout.append((step, name, shape))
            place += size
        order = sorted(range(len(kept)), key=lambda i: layout[i][:2])
        index = np.concatenate([np.arange(*kept[i][1:]) for i in order] or [np.zeros(0, int)])
        index = index.astype(np.intp)
        ordered = tuple(layout[i] for i in order)
        return Flat(ordered, self.hi[index], self.lo[index], self.bounds[index])


def effect(right: Flat, wrong: Flat) -> float:
    """Return the largest difference over the sum of both bounds; infinite for a stray NaN.

    Where the wrong version's own bound is infinite (it may overflow, say), its exact value counts:
    whatever an honest candidate has there, it is not the truth for that.
    """
    pair = right.alike(wrong)
    if pair is None:
        return np.inf
    mine, other = pair
    with np.errstate(all="ignore"):
        error = np.abs((other.hi - mine.hi) - mine.lo)
        same = (other.hi == mine.hi) | (np.isnan(other.hi) & np.isnan(mine.hi))
        finite = np.isfinite(other.hi) & np.isfinite(mine.hi)
        error = np.where(finite, error, np.where(same, 0.0, np.inf))
        ratio = error / (mine.bounds + np.where(np.isinf(other.bounds), 0.0, other.bounds))
    ratio = np.where(np.isnan(ratio), 0.0, ratio)
    stray = np.isfinite(mine.hi) & ~np.isfinite(other.hi) & np.isfinite(mine.bounds)
    return float(np.max(np.where(stray, np.inf, ratio), initial=0.0))
