"""Whether a wrong version is wrong at all: compared with the rule at 50 digits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from oracle.arithmetic.mp import Mp
from oracle.arithmetic.plain import PlainNumber
from oracle.mutation.observed import CANNOT_RUN
from oracle.problem import Problem
from oracle.systems.base import Program, State
from oracle.trajectories import states

AGREEMENT = 1e-30
"""The largest relative difference of two numbers that are the same to 50 digits' rounding."""

NOTHING = 1e-45
"""A difference that no dtype of 32 bits or fewer has a number for."""

Numbers = dict[tuple[str, int], Any]


@cache
def exact() -> Mp:
    """Return the arithmetic of 50 digits."""
    return Mp(50)


def trail(program: Program, problem: Problem) -> list[Numbers]:
    """Return the exact numbers after every step."""
    return [_numbers(state) for state in states(exact(), program, problem)]


def agrees(right: list[Numbers], program: Program, problem: Problem) -> bool:
    """Whether a program comes to the same numbers, to `AGREEMENT`, after every step."""
    try:
        found = map(_numbers, states(exact(), program, problem))
        return all(_same(mine, other) for mine, other in zip(right, found, strict=True))
    except CANNOT_RUN:
        return False


def _numbers(state: State) -> Numbers:
    held: Mapping[str, Any] = {"": state.params, **state.slots}
    return {(n, k): _data(x) for n, values in held.items() for k, x in enumerate(values)}


def _data(number: Any) -> Any:
    assert isinstance(number, PlainNumber)
    return number.data


def _same(right: Numbers, wrong: Numbers) -> bool:
    names = right.keys() & wrong.keys()
    return all(_close(right[name], wrong[name]) for name in names)


def _close(right: Any, wrong: Any) -> bool:
    if np.shape(right) != np.shape(wrong):
        return False
    return all(
        a == b or (a != a and b != b) or abs(a - b) <= max(AGREEMENT * max(abs(a), abs(b)), NOTHING)
        for a, b in zip(np.ravel(right), np.ravel(wrong), strict=True)
    )
