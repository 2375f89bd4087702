"""A run as arrays: what a program comes to after every step, and how far rounding may take it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

from oracle.arithmetic.doubles import Doubles, as_floats
from oracle.arithmetic.model import Model
from oracle.bulk import Bulk
from oracle.errors import OracleError
from oracle.problem import Problem
from oracle.record import Interval, Name, Record
from oracle.specification.spec import Program
from oracle.trajectories import records
from oracle.truth import Array, Truth

_UNBOUNDED = np.zeros(())

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


def run(program: Program, problem: Problem, model: Model) -> Iterator[Record[Interval]]:
    """Yield what a program comes to after every step, and how far rounding may take it."""
    return iter(Bulk(program, problem, model))


def plainly(program: Program, problem: Problem) -> Iterator[Record[Interval]]:
    """Yield what a program comes to after every step in float64, as if that were exact."""
    for record in islice(records(Doubles(), program, problem), 1, None):
        yield record.map(lambda number: Interval(Truth.of(as_floats(number)), _UNBOUNDED))


def ratios(record: Record[Interval], name: Name, shown: Mapping[Name, Any]) -> Array:
    """Return each element's error over its bound: 0 for what the program does not have."""
    interval = record.arrays.get(name)
    if interval is None or interval.shape != np.shape(shown[name]):
        return np.zeros(1)
    return interval.ratio_of(shown[name])


def ratios_of_hypothesis(record: Record[Interval], name: Name, shown: Mapping[Name, Any]) -> Array:
    """Return the same for a hypothesis: a finite number is not what is no number, or infinite."""
    found, interval = ratios(record, name, shown), record.arrays.get(name)
    if interval is None or interval.shape != np.shape(shown[name]):
        return found
    exact = interval.truth.hi
    contradicted = np.isfinite(np.asarray(shown[name]).astype(np.float64)) & ~np.isfinite(exact)
    return np.where(contradicted, np.inf, found)
