"""Truth and bound for many elements at once: float64, vectorised, its own rounding charged too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from oracle.arithmetic.base import Number
from oracle.arithmetic.bounded import Floats, as_bounded
from oracle.arithmetic.model import Model
from oracle.arithmetic.native import native
from oracle.systems import spec as find_spec
from oracle.systems.base import State
from oracle.trajectories import Bounds, Gradients, Problem, run

_CHUNK = 16384
"""Elements worked on at once where they are independent: what fits a core's cache."""


@dataclass(frozen=True)
class _Piece:
    """The states and bounds of one part of every parameter, flattened."""

    states: list[State]
    bounds: Bounds


@dataclass(frozen=True)
class Bulk:
    """Parameters, slots and bounds after every step, as float64 arrays.

    ``params[t][k]`` and ``bounds[t][k]`` belong to parameter k after step t, ``slots[t][name][k]``
    and ``slot_bounds[t][name][k]`` to its slots. Each is put together when it is first asked for.
    """

    pieces: list[_Piece]
    shapes: list[tuple[int, ...]]
    scalars: frozenset[str]
    """The slots that hold one number for a parameter."""

    @cached_property
    def params(self) -> list[list[Floats]]:
        """The parameters; step 0 is the start."""
        return self._joined(lambda piece, t: [_values(p) for p in piece.states[t].params])

    @cached_property
    def bounds(self) -> list[list[Floats]]:
        """The most by which an honest implementation's parameters may differ."""
        return self._joined(lambda piece, t: piece.bounds.params[t])

    @cached_property
    def slots(self) -> list[dict[str, list[Floats]]]:
        """The slots that the hyperparameters ask for, by name."""
        return self._slots(lambda piece, t, name: [_values(s) for s in piece.states[t].slots[name]])

    @cached_property
    def slot_bounds(self) -> list[dict[str, list[Floats]]]:
        """The most by which an honest implementation's slots may differ."""
        return self._slots(lambda piece, t, name: piece.bounds.slots[t][name])

    def _joined(self, part: Callable[[_Piece, int], list[Floats]]) -> list[list[Floats]]:
        return [
            self._join([part(piece, t) for piece in self.pieces])
            for t in range(len(self.pieces[0].states))
        ]

    def _slots(
        self, part: Callable[[_Piece, int, str], list[Floats]]
    ) -> list[dict[str, list[Floats]]]:
        first = self.pieces[0]
        joined: list[dict[str, list[Floats]]] = []
        for t in range(len(first.states)):
            parts = {n: [part(piece, t, n) for piece in self.pieces] for n in first.states[t].slots}
            joined.append(
                {n: p[0] if n in self.scalars else self._join(p) for n, p in parts.items()}
            )
        return joined

    def _join(self, parts: list[list[Floats]]) -> list[Floats]:
        """Put the parts of every array together again, in the shape of its parameter."""
        return [
            np.concatenate([part[k] for part in parts]).reshape(shape)
            for k, shape in enumerate(self.shapes)
        ]


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
) -> Bulk:
    """Return the trajectory of a spec with its bound, as `oracle.trajectory` would, in float64.

    The bound includes the error of float64 itself, so it is meant for candidates of 32 bits and
    fewer. Shapes, declarations and errors are those of `Trajectory.bound`.
    """
    spec = find_spec(id)
    program = spec.program(hyper)
    problem = Problem.checked(spec, params, grads)
    if flushes_subnormals is None:
        flushes_subnormals = spec.library.flushes_subnormals
    model = Model.declared(dtype, hyper_dtype, compute_dtype, flushes_subnormals)
    whole = max((p.size for p in problem.params), default=0)
    chunk = whole if program.couples_elements else _CHUNK
    xp = native(model)
    pieces = []
    for start in range(0, max(whole, 1), max(chunk, 1)):
        states = run(xp, program, _cut(problem, slice(start, start + chunk)))
        pieces.append(_Piece(states, Bounds(xp, states)))
    scalars = frozenset(name for name, slot in program.slots.items() if slot.scalar)
    return Bulk(pieces, [p.shape for p in problem.params], scalars)


def _cut(problem: Problem, part: slice) -> Problem:
    """Return the problem of one part of every parameter, flattened."""

    def cut(array: Any) -> Any:
        return None if array is None else array.reshape(-1)[part]

    params = tuple(cut(p) for p in problem.params)
    return Problem(params, tuple(tuple(cut(g) for g in step) for step in problem.grads))


def _values(number: Number) -> Floats:
    values: Floats = as_bounded(number).value
    return values
