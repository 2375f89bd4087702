"""A run as arrays: what a program comes to after every step, and how far rounding may take it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from oracle.arithmetic.doubles import Doubles, as_floats
from oracle.arithmetic.model import Model
from oracle.bulk import Bulk
from oracle.errors import OracleError
from oracle.golden import Case
from oracle.problem import Problem
from oracle.systems.base import Program
from oracle.trajectories import states
from oracle.truth import Array, Truth

CANNOT_RUN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    OracleError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What a wrong version may raise: shapes that do not fit each other, say. Nobody ships such one."""


@dataclass(frozen=True, eq=False)
class Tensors:
    """Every array after one step with its bounds: parameters and then slots, by name and number."""

    step: int
    truths: Mapping[tuple[str, int], Truth]
    bounds: Mapping[tuple[str, int], Array]


def run(program: Program, problem: Problem, model: Model) -> Iterator[Tensors]:
    """Yield what a program comes to after every step, and how far rounding may take it."""
    for moment in Bulk(program, problem, model).moments():
        if moment.step:
            pairs = {"": moment.params, **moment.slots}
            yield Tensors(
                moment.step,
                {(n, k): Truth.of(a) for n, both in pairs.items() for k, a in enumerate(both[0])},
                {(n, k): b for n, both in pairs.items() for k, b in enumerate(both[1])},
            )


def plainly(program: Program, problem: Problem) -> Iterator[Tensors]:
    """Yield what a program comes to after every step in float64, as if that were exact."""
    unbounded = np.zeros(())
    for step, state in enumerate(states(Doubles(), program, problem)):
        if step:
            held = {"": state.params, **state.slots}
            values = {(n, k): x for n, both in held.items() for k, x in enumerate(both)}
            truths = {name: Truth.of(as_floats(x)) for name, x in values.items()}
            yield Tensors(step, truths, dict.fromkeys(truths, unbounded))


def recorded(case: Case, dtype: str) -> Iterator[Tensors]:
    """Yield what a golden case has on record."""
    for point in case.checkpoints:
        bounds = point.bounds[dtype]
        exact = {"": point.params, **point.slots}
        limits = {"": bounds.params, **bounds.slots}
        yield Tensors(
            point.step,
            {(n, k): Truth(x.hi, x.lo) for n, xs in exact.items() for k, x in enumerate(xs)},
            {(n, k): b for n, bs in limits.items() for k, b in enumerate(bs)},
        )
