"""Truth and bound for many elements at once: float64, vectorised, its own rounding charged too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

from oracle.arithmetic.model import Model
from oracle.arithmetic.native import native
from oracle.problem import Gradients, Layers, Problem
from oracle.record import Interval, Record
from oracle.specification.spec import Program
from oracle.systems import spec as find_spec
from oracle.trajectories import interval, model_of, records

_CHUNK = 16384
"""Elements worked on at once where they are independent: what fits a core's cache."""


@dataclass(frozen=True)
class Bulk:
    """A trajectory with its bounds, computed part by part as it is gone through."""

    program: Program
    problem: Problem
    model: Model

    def __iter__(self) -> Iterator[Record[Interval]]:
        """Yield the records of every part, from the first step on; nothing of it is kept."""
        xp = native(self.model)
        parts = self._parts()
        for part in parts:
            whole = len(parts) == 1
            problem = self.problem if whole else _cut(self.problem, part)
            for record in islice(records(xp, self.program, problem), 1, None):
                kept = record.map(partial(interval, factor=xp.inflation()))
                yield kept if whole else replace(kept, part=part)

    def _parts(self) -> list[slice]:
        """Return what is worked on at once: all, or what fits a core's cache."""
        largest = max((p.size for p in self.problem.params), default=0)
        size = largest if self.program.couples_elements else _CHUNK
        return [slice(start, start + size) for start in range(0, max(largest, 1), max(size, 1))]


def bulk(
    id: str,
    params: Sequence[Any],
    grads: Gradients,
    hyper: Mapping[str, Any] | None = None,
    **declared: Any,
) -> Bulk:
    """Return the trajectory of a spec with its bound, as `oracle.trajectory` does, in float64.

    The bound includes the error of float64 itself, so it is meant for candidates of 32 bits and
    fewer. Shapes, declarations and errors are those of `Trajectory.bound`.
    """
    spec = find_spec(id)
    problem = Problem.checked(spec, params, grads)
    return Bulk(spec.program(hyper), problem, model_of(spec, **declared))


def _cut(problem: Problem, part: slice) -> Problem:
    """Return the problem of one part of every parameter, flattened."""

    def cut(given: Any) -> Any:
        if isinstance(given, Layers):
            places = replace(given.places, row_of=cut(given.places.row_of))
            return Layers(tuple(cut(array) for array in given.arrays), places)
        return None if given is None else given.reshape(-1)[part]

    params = tuple(cut(p) for p in problem.params)
    return Problem(params, tuple(tuple(cut(g) for g in step) for step in problem.grads))
