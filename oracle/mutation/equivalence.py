"""Whether a wrong version is wrong at all: compared with the right one at 50 digits.

Balls decide first: they are ten times faster, and what they enclose is certain. Where balls are too
wide, as next to a switch, or not finite, mpmath's numbers are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from typing import Any

import numpy as np

from oracle.arithmetic.arb import Arb
from oracle.arithmetic.base import Arithmetic
from oracle.arithmetic.mp import Mp
from oracle.arithmetic.plain import PlainNumber
from oracle.mutation.observed import CANNOT_RUN
from oracle.problem import Problem
from oracle.record import Name
from oracle.specification.spec import Program
from oracle.trajectories import records

AGREEMENT = 1e-30
"""The largest relative difference of two numbers that are the same to 50 digits' rounding."""

NOTHING = 1e-45
"""A difference that no dtype of 32 bits or fewer has a number for."""

_DIGITS = 50

Numbers = Mapping[Name, Any]


@cache
def exact() -> Mp:
    """Return the arithmetic of 50 digits."""
    return Mp(_DIGITS)


@dataclass(eq=False)
class Right:
    """A right program's numbers after every step, computed when they are asked for."""

    program: Program
    problem: Problem

    @cached_property
    def exact(self) -> list[Numbers]:
        """The numbers of mpmath."""
        return list(_trail(exact(), self.program, self.problem))

    @cached_property
    def balls(self) -> list[Numbers]:
        """The balls of Arb."""
        with Arb(_DIGITS) as xp:
            return list(_trail(xp, self.program, self.problem))

    def agrees(self, program: Program) -> bool:
        """Whether another program comes to the same numbers, to `AGREEMENT`, at every step."""
        try:
            with Arb(_DIGITS) as xp:
                found = [
                    _same_balls(mine, other)
                    for mine, other in zip(
                        self.balls, _trail(xp, program, self.problem), strict=True
                    )
                ]
            if None not in found or False in found:
                return all(found)
            others = _trail(exact(), program, self.problem)
            return all(_same(mine, other) for mine, other in zip(self.exact, others, strict=True))
        except CANNOT_RUN:
            return False


def _trail(xp: Arithmetic, program: Program, problem: Problem) -> Iterator[Numbers]:
    """Yield the numbers after every step; a start that no step looks at is nobody's."""
    for record in islice(records(xp, program, problem), 1, None):
        yield record.map(_data).arrays


def _data(number: Any) -> Any:
    assert isinstance(number, PlainNumber)
    return number.data


def _same_balls(right: Numbers, wrong: Numbers) -> bool | None:
    """Whether all balls agree; None where they are too wide to tell."""
    found: bool | None = True
    for name in right.keys() & wrong.keys():
        if np.shape(right[name]) != np.shape(wrong[name]):
            return False
        for a, b in zip(np.ravel(right[name]), np.ravel(wrong[name]), strict=True):
            near = _near(a, b)
            if near is False:
                return False
            found = near and found
    return found


def _near(a: Any, b: Any) -> bool | None:
    if not (a.is_finite() and b.is_finite()):
        return None
    distance = abs(a - b)
    allowed = AGREEMENT * max(float(abs(a).abs_lower()), float(abs(b).abs_lower())) + NOTHING
    if distance.abs_upper() <= allowed:
        return True
    return False if distance.abs_lower() > allowed else None


def _same(right: Numbers, wrong: Numbers) -> bool:
    names = right.keys() & wrong.keys()
    return all(_close(right[name], wrong[name]) for name in names)


def _close(right: Any, wrong: Any) -> bool:
    if np.shape(right) != np.shape(wrong):
        return False
    return all(_alike(a, b) for a, b in zip(np.ravel(right), np.ravel(wrong), strict=True))


def _alike(a: Any, b: Any) -> bool:
    if a == b or (a != a and b != b):
        return True
    distance, size = abs(a - b), max(abs(a), abs(b))
    return bool(size < np.inf and distance <= max(AGREEMENT * size, NOTHING))
