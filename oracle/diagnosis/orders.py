"""A step whose stages come in another order, told by the names of those that show it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from oracle.arithmetic.doubles import Doubles, as_floats
from oracle.diagnosis.hypotheses import STAGES, Hypothesis
from oracle.mutation.observed import CANNOT_RUN
from oracle.problem import Problem
from oracle.specification.spec import Program, Spec
from oracle.specification.transformation import Transformation
from oracle.trajectories import records

Names = Sequence[str]


def other_orders(spec: Spec, hyper: Mapping[str, Any], problem: Problem) -> Iterator[Hypothesis]:
    """Yield the step with one of its stages before or after others, the nearest first.

    A stage that does nothing here is not blamed.
    """
    program = spec.program(hyper)
    names = [stage.place for stage in active(program, problem)]
    pairs = sorted(combinations(range(len(names)), 2), key=lambda pair: pair[1] - pair[0])
    for i, k in pairs:
        rank = (STAGES, 1.0 + k - i)
        for told, order in _orders(names, i, k):
            yield Hypothesis(told, rank, partial(_ordered, spec, names, order))


def _orders(names: Names, i: int, k: int) -> Iterator[tuple[str, Names]]:
    early, late, between = names[i], names[k], names[i + 1 : k]
    before, after = names[:i], names[k + 1 :]
    yield f"`{early}` after `{late}`", [*before, *between, late, early, *after]
    if between:
        yield f"`{late}` before `{early}`", [*before, late, early, *between, *after]
        exchanged = [*before, late, *between, early, *after]
        yield f"`{late}` in the place of `{early}`, and the other way round", exchanged


def _ordered(spec: Spec, names: Names, order: Names, hyper: Mapping[str, Any]) -> Program:
    """Return the program with the stages called ``names`` in another order, the rest in place."""
    program = spec.program(hyper)
    stages = {stage.place: stage for stage in program.stages}
    others = dict(zip(names, order, strict=True))
    moved = [stages.get(others.get(s.place, s.place), s) for s in program.stages]
    return replace(program, stages=tuple(moved))


def active(program: Program, problem: Problem) -> list[Transformation]:
    """Return the stages without which a run comes to other numbers."""
    whole = _numbers(program, problem)

    def matters(i: int) -> bool:
        rest = (*program.stages[:i], *program.stages[i + 1 :])
        return _numbers(replace(program, stages=rest), problem) != whole

    return [stage for i, stage in enumerate(program.stages) if matters(i)]


def _numbers(program: Program, problem: Problem) -> list[bytes]:
    """Return what a run comes to in float64, where it runs at all."""
    try:
        [last] = deque(records(Doubles(), program, problem), maxlen=1)
    except CANNOT_RUN:
        return []
    return [np.asarray(as_floats(x)).tobytes() for x in last.arrays.values()]
