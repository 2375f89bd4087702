"""Golden cases as checks: recorded inputs, exact answers and bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from oracle.conformance.bench import Bench, Check
from oracle.conformance.problem import Problem, arguments_for, solve
from oracle.conformance.run import Feed
from oracle.golden import Case, Golden, available, load
from oracle.implementation import Precision
from oracle.verdict import Checkpoint, Truth

TEST = "suites/test_golden.py::test_golden"


@dataclass(eq=False)
class GoldenCheck(Check):
    """A candidate's parameters and slots stay within the bound of one golden case."""

    golden: Case

    @property
    def case(self) -> str:
        """The case's stable id."""
        return self.golden.id

    def holds(self) -> None:
        """Run the case and compare at its recorded steps."""
        arguments_for(self.claim, self.golden.hyper)
        precision = self.claim.precision(self.dtype)
        feed = Feed(self.dtype, self.golden.params, self.golden.grads)
        problem = Problem(self.claim.spec, self.golden.hyper, feed)
        checkpoints = _recorded(self.golden, self.dtype)
        if precision != Precision(self.dtype):
            steps = [checkpoint.step for checkpoint in checkpoints]
            checkpoints = _with_bounds(checkpoints, solve(problem, precision, steps))
        self.demand(self.compare(problem, checkpoints), problem)


def checks(bench: Bench) -> Iterator[GoldenCheck]:
    """Yield every golden case of every claim in every dtype."""
    for claim in bench.claims():
        for dtype in bench.dtypes_of(claim):
            for case in fixture(claim.spec).cases:
                if dtype in case.dtypes:
                    yield GoldenCheck(bench, claim, dtype, TEST, case)


def unclaimed(bench: Bench) -> dict[tuple[str, str], int]:
    """Count, by spec and dtype, the golden cases that the candidate does not claim at all."""
    claimed = {(c.spec, dtype) for c in bench.implementation.claims for dtype in c.dtypes}
    counts: dict[tuple[str, str], int] = {}
    for spec in filter(bench.wants, available()):
        for dtype in bench.dtypes:
            cases = [case for case in fixture(spec).cases if dtype in case.dtypes]
            if cases and (spec, dtype) not in claimed:
                counts[spec, dtype] = len(cases)
    return counts


@cache
def fixture(spec: str) -> Golden:
    """Return the fixture of a spec, read once."""
    return load(spec)


def _recorded(case: Case, dtype: str) -> list[Checkpoint]:
    return [
        Checkpoint(
            recorded.step,
            [Truth(exact.hi, exact.lo) for exact in recorded.params],
            recorded.bounds[dtype].params,
            {
                name: [Truth(exact.hi, exact.lo) for exact in slot]
                for name, slot in recorded.slots.items()
            },
            recorded.bounds[dtype].slots,
        )
        for recorded in case.checkpoints
    ]


def _with_bounds(recorded: list[Checkpoint], solved: list[Checkpoint]) -> list[Checkpoint]:
    """Keep the recorded truth; take the bounds that the declared precision asks for."""
    return [
        Checkpoint(mine.step, mine.params, other.bounds, mine.slots, other.slot_bounds)
        for mine, other in zip(recorded, solved, strict=True)
    ]
