"""A run without bounds: what a program comes to in plain float64, if it can be run at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from oracle.arithmetic.doubles import Doubles, as_floats
from oracle.errors import OracleError
from oracle.problem import Problem
from oracle.record import Interval, Record
from oracle.specification.spec import Program
from oracle.trajectories import records
from oracle.truth import Truth

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


def plainly(program: Program, problem: Problem) -> Iterator[Record[Interval]]:
    """Yield what a program comes to after every step in float64, as if that were exact."""
    for record in islice(records(Doubles(), program, problem), 1, None):
        yield record.map(lambda number: Interval(Truth.of(as_floats(number)), _UNBOUNDED))
