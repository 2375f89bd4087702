"""A run as arrays: what a program comes to after every step, and how far rounding may take it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from oracle.arithmetic.doubles import Doubles, as_floats
from oracle.arithmetic.model import Model
from oracle.bulk import Bulk
from oracle.errors import OracleError
from oracle.golden import Case
from oracle.problem import Problem
from oracle.specification.spec import Program
from oracle.trajectories import states
from oracle.truth import Array, Truth

Name: TypeAlias = tuple[str, int]
"""A slot's name, or an empty one for a parameter, and the number of the parameter."""

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
    truths: Mapping[Name, Truth]
    bounds: Mapping[Name, Array]


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


def ratios(tensors: Tensors, name: Name, shown: Mapping[Name, Any]) -> Array:
    """Return each element's error over its bound: 0 for what the program does not have."""
    truth = tensors.truths.get(name)
    if truth is None or truth.shape != np.shape(shown[name]):
        return np.zeros(1)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        found: Array = truth.error_of(shown[name]) / tensors.bounds[name]
    return np.where(np.isnan(found), 0.0, found)


def ratios_of_hypothesis(tensors: Tensors, name: Name, shown: Mapping[Name, Any]) -> Array:
    """Return the same for a hypothesis: a finite number is not what is no number, or infinite."""
    found, truth = ratios(tensors, name, shown), tensors.truths.get(name)
    if truth is None or truth.shape != np.shape(shown[name]) or np.isfinite(truth.hi).all():
        return found
    contradicted = np.isfinite(np.asarray(shown[name]).astype(np.float64)) & ~np.isfinite(truth.hi)
    return np.where(contradicted, np.inf, found)
