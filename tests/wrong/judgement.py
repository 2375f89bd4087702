"""What the suites say of a wrong optimizer, and how far it really is from the right one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

import numpy as np

from oracle.claim import Precision
from oracle.conformance import properties
from oracle.conformance.bench import Bench
from oracle.conformance.check import Check
from oracle.conformance.collection import ARGUMENTS
from oracle.conformance.guard import Guard
from oracle.conformance.inputs import Recipe, Tensor
from oracle.conformance.outcomes import Finding, NotClaimed, Vacuous
from oracle.conformance.problem import Answer, Task, solve
from oracle.conformance.run import Feed, drive
from oracle.record import Interval, Record
from oracle.verdict import Verdict
from wrong.fault import Fault

QUICKEST_FIRST = (
    "golden_case",
    "default_run",
    "clipped_run",
    "unbounded_run",
    "zero",
    "looked_up_run",
    "laid_out_run",
    "buffered_run",
    "run_side_by_side",
    "long_run",
    "large_run",
    "random_runs",
)
NOT_DECLARED = {"trained_run", "round_trip", "unknown_name"}
"""What the candidate `numpy` does not declare, so that there is no check of it."""
MORE_SEEDS = 6

Posed: TypeAlias = tuple[Task, Sequence[Record[Interval]]]


@dataclass
class Judgement:
    """What came of running every suite until one found something."""

    finding: Finding | None = None
    posed: list[Posed] = field(default_factory=list)
    """Every problem that was put to the candidate, with its answers and bounds."""


def judge(fault: Fault, dtype: str, guard: Guard) -> Judgement:
    """Run the suites' own checks, as pytest would, up to the first finding."""
    judgement = Judgement()
    for check in _checks(fault, dtype, guard):
        judgement.finding = _run(check, judgement.posed)
        if judgement.finding is not None:
            break
    return judgement


def _checks(fault: Fault, dtype: str, guard: Guard) -> Iterator[Check]:
    bench = Bench(fault.implementation, fault.name, guard, dtypes=(dtype,))
    assert set(QUICKEST_FIRST) == set(ARGUMENTS) - NOT_DECLARED
    for argument in QUICKEST_FIRST:
        yield from ARGUMENTS[argument](bench)


def _run(check: Check, posed: list[Posed]) -> Finding | None:
    """Run one check and note every problem that it puts to the candidate."""
    judged = check.judged

    def noted(answer: Answer, truth: Iterable[Record[Interval]]) -> Verdict:
        posed.append((answer.problem, list(truth)))
        return judged(answer, truth)

    check.judged = noted  # type: ignore[method-assign]
    try:
        check.holds()
    except (Vacuous, NotClaimed):
        return None
    except Finding as finding:
        return finding
    return None


def largest_effect(fault: Fault, posed: Sequence[Posed], guard: Guard) -> float:
    """Return the largest distance of the wrong rule from the right one, over the bound.

    The wrong rule is run in float64, so that next to a narrower bound its own rounding is nothing.
    """
    return max((_effect(fault, problem, answers, guard) for problem, answers in posed), default=0.0)


def _effect(fault: Fault, problem: Task, truth: Sequence[Record[Interval]], guard: Guard) -> float:
    claim = fault.implementation.claims[0]
    shown = drive(
        partial(claim.factory, **problem.hyper),
        Feed("float64", problem.feed.params, problem.feed.grads),
        slots=(),
        what=fault.name,
        guard=guard,
    )
    largest = 0.0
    by_step = {record.step: record.params for record in shown}
    for record in truth:
        for interval, got in zip(record.params, by_step[record.step], strict=True):
            ratio = np.where(np.isinf(interval.bound), 0.0, interval.ratio_of(got))
            largest = max(largest, float(np.max(ratio, initial=0.0)))
    return largest


def more_problems(fault: Fault, dtype: str, guard: Guard) -> list[Posed]:
    """Return the random problems of other seeds, and one with two large parameters of one shape."""
    posed = [_twins(fault.spec, dtype)]
    for seed in range(1, MORE_SEEDS + 1):
        bench = Bench(fault.implementation, fault.name, guard, dtypes=(dtype,), seed=seed)
        for check in properties.checks(bench):
            _run(check, posed)
    return posed


def _twins(spec: str, dtype: str) -> Posed:
    twin = Tensor((1100,), "zeros", "normal")
    feed = Recipe((twin, twin), steps=2, seed=1).feed(dtype)
    problem = Task(spec, {}, feed, Precision(dtype))
    return problem, list(solve(problem))
