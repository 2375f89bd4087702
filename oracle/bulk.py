"""Truth and bound for many elements at once: float64, vectorised, its own rounding charged too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from oracle.arithmetic.base import Number
from oracle.arithmetic.bounded import Floats, as_bounded
from oracle.arithmetic.model import Model
from oracle.arithmetic.native import native
from oracle.arithmetic.rounding import Rounding
from oracle.systems import spec as find_spec
from oracle.systems.base import Program
from oracle.trajectories import Bounds, Gradients, Problem, run

_CHUNK = 8192
"""Elements worked on at once where they are independent: what fits a core's cache."""


@dataclass(frozen=True)
class Bulk:
    """Parameters, slots and bounds after every step, as float64 arrays."""

    params: list[list[Floats]]
    bounds: list[list[Floats]]
    slots: list[dict[str, list[Floats]]]
    slot_bounds: list[dict[str, list[Floats]]]


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
    pieces = [
        _run(native(model), program, _cut(problem, slice(start, start + chunk)))
        for start in range(0, max(whole, 1), max(chunk, 1))
    ]
    return _join(pieces, program, [p.shape for p in problem.params])


def _cut(problem: Problem, part: slice) -> Problem:
    """Return the problem of one part of every parameter, flattened."""

    def cut(array: Any) -> Any:
        return None if array is None else array.reshape(-1)[part]

    params = tuple(cut(p) for p in problem.params)
    return Problem(params, tuple(tuple(cut(g) for g in step) for step in problem.grads))


def _run(xp: Rounding, program: Program, problem: Problem) -> Bulk:
    states = run(xp, program, problem)
    bounds = Bounds(xp, states)
    return Bulk(
        [[_values(p) for p in state.params] for state in states],
        bounds.params,
        [{name: [_values(s) for s in ks] for name, ks in state.slots.items()} for state in states],
        bounds.slots,
    )


def _values(number: Number) -> Floats:
    values: Floats = as_bounded(number).value
    return values


def _join(pieces: list[Bulk], program: Program, shapes: list[tuple[int, ...]]) -> Bulk:
    """Put the parts of every array together again, in the shape of its parameter."""

    def join(parts: list[Floats], shape: tuple[int, ...]) -> Floats:
        return np.concatenate(parts).reshape(shape)

    def params(of: str, t: int) -> list[Floats]:
        return [join([getattr(b, of)[t][k] for b in pieces], s) for k, s in enumerate(shapes)]

    def slots(of: str, t: int) -> dict[str, list[Floats]]:
        joined = {}
        for name, slot in program.slots.items():
            parts = [[getattr(b, of)[t][name][k] for b in pieces] for k in range(len(shapes))]
            joined[name] = [
                p[0] if slot.scalar else join(p, s) for p, s in zip(parts, shapes, strict=True)
            ]
        return joined

    steps = range(len(pieces[0].params))
    return Bulk(
        [params("params", t) for t in steps],
        [params("bounds", t) for t in steps],
        [slots("slots", t) for t in steps],
        [slots("slot_bounds", t) for t in steps],
    )
