"""Truth and bound for many elements at once: float64, vectorised, its own rounding charged too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, TypeAlias

import numpy as np

from oracle.arithmetic.base import Number
from oracle.arithmetic.bounded import Floats, as_bounded
from oracle.arithmetic.model import Model
from oracle.arithmetic.native import native
from oracle.problem import Gradients, Layers, Problem
from oracle.specification.spec import Program
from oracle.systems import spec as find_spec
from oracle.trajectories import bound, states

_CHUNK = 16384
"""Elements worked on at once where they are independent: what fits a core's cache."""


Arrays: TypeAlias = "tuple[list[Floats], list[Floats]]"
"""The values and the bounds of one array for each parameter."""


@dataclass(frozen=True)
class Moment:
    """One part of every array after ``step`` steps, as float64 arrays.

    ``part`` is where it lies in each flattened array; it is None for the whole arrays, which then
    have their own shapes.
    """

    step: int
    part: slice | None
    params: Arrays
    slots: dict[str, Arrays]


@dataclass(frozen=True)
class Bulk:
    """A trajectory with its bounds, computed part by part as it is asked for.

    ``params[t][k]`` and ``bounds[t][k]`` belong to parameter k after step t, ``slots[t][name][k]``
    and ``slot_bounds[t][name][k]`` to its slots; they keep all of it.
    """

    program: Program
    problem: Problem
    model: Model

    def moments(self) -> Iterator[Moment]:
        """Yield every part's moments, step 0 first; nothing of it is kept."""
        xp = native(self.model)
        parts = self._parts()
        for part in parts:
            whole = len(parts) == 1
            problem = self.problem if whole else _cut(self.problem, part)
            for t, state in enumerate(states(xp, self.program, problem)):
                kept = partial(_kept, factor=xp.inflation())
                slots = {name: kept(numbers) for name, numbers in state.slots.items()}
                yield Moment(t, None if whole else part, kept(state.params), slots)

    def _parts(self) -> list[slice]:
        """Return what is worked on at once: all, or what fits a core's cache."""
        largest = max((p.size for p in self.problem.params), default=0)
        size = largest if self.program.couples_elements else _CHUNK
        return [slice(start, start + size) for start in range(0, max(largest, 1), max(size, 1))]

    @property
    def params(self) -> list[list[Floats]]:
        """The parameters; step 0 is the start."""
        return [self._join([m.params[0] for m in parts]) for parts in self._by_step]

    @property
    def bounds(self) -> list[list[Floats]]:
        """The most by which an honest implementation's parameters may differ."""
        return [self._join([m.params[1] for m in parts]) for parts in self._by_step]

    @property
    def slots(self) -> list[dict[str, list[Floats]]]:
        """The slots that the hyperparameters ask for, by name."""
        return [self._slots(parts, 0) for parts in self._by_step]

    @property
    def slot_bounds(self) -> list[dict[str, list[Floats]]]:
        """The most by which an honest implementation's slots may differ."""
        return [self._slots(parts, 1) for parts in self._by_step]

    @cached_property
    def _by_step(self) -> list[list[Moment]]:
        by_step: list[list[Moment]] = [[] for _ in range(len(self.problem.grads) + 1)]
        for moment in self.moments():
            by_step[moment.step].append(moment)
        return by_step

    def _slots(self, parts: list[Moment], which: int) -> dict[str, list[Floats]]:
        slots = {name: [m.slots[name][which] for m in parts] for name in parts[0].slots}
        scalars = {name for name, slot in self.program.slots.items() if slot.scalar}
        return {n: p[0] if n in scalars else self._join(p) for n, p in slots.items()}

    def _join(self, parts: list[list[Floats]]) -> list[Floats]:
        """Put the parts of every array together again, in the shape of its parameter."""
        if len(parts) == 1:
            return parts[0]
        return [
            np.concatenate([part[k] for part in parts]).reshape(param.shape)
            for k, param in enumerate(self.problem.params)
        ]


def _kept(numbers: Sequence[Number], factor: float) -> Arrays:
    """Return the values and the bounds; ``factor`` covers the rounding of the bounds."""
    held = [as_bounded(number) for number in numbers]
    return [h.value for h in held], [bound(h, factor) for h in held]


def bulk(
    id: str,
    params: Sequence[Any],
    grads: Gradients,
    hyper: Mapping[str, Any] | None = None,
    *,
    dtype: str,
    hyper_dtype: str | Mapping[str, str] | None = None,
    compute_dtype: str | None = None,
    flushes_subnormals: bool | None = None,
    reciprocal_math: bool = False,
) -> Bulk:
    """Return the trajectory of a spec with its bound, as `oracle.trajectory` does, in float64.

    The bound includes the error of float64 itself, so it is meant for candidates of 32 bits and
    fewer. Shapes, declarations and errors are those of `Trajectory.bound`.
    """
    spec = find_spec(id)
    program = spec.program(hyper)
    problem = Problem.checked(spec, params, grads)
    if flushes_subnormals is None:
        flushes_subnormals = spec.library.flushes_subnormals
    model = Model.declared(dtype, hyper_dtype, compute_dtype, flushes_subnormals, reciprocal_math)
    return Bulk(program, problem, model)


def _cut(problem: Problem, part: slice) -> Problem:
    """Return the problem of one part of every parameter, flattened."""

    def cut(given: Any) -> Any:
        if isinstance(given, Layers):
            places = replace(given.places, row_of=cut(given.places.row_of))
            return Layers(tuple(cut(array) for array in given.arrays), places)
        return None if given is None else given.reshape(-1)[part]

    params = tuple(cut(p) for p in problem.params)
    return Problem(params, tuple(tuple(cut(g) for g in step) for step in problem.grads))
