"""Golden cases as checks: recorded inputs, exact answers and bounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

from oracle.claim import Precision
from oracle.conformance.bench import Bench, Check
from oracle.conformance.outcomes import NotClaimed
from oracle.conformance.problem import Solution, Task, arguments_for, every_step, solve
from oracle.conformance.run import Feed
from oracle.errors import OracleError
from oracle.golden import Case, Golden, available
from oracle.golden.at_hand import golden_for, on_disk
from oracle.golden.read import cases_by_dtype
from oracle.sparse import Sparse
from oracle.truth import Truth
from oracle.verdict import Checkpoint, Observation, Verdict

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
        problem = self.problem()
        checkpoints = _recorded(self.golden, self.dtype)
        precision = self.precision
        if precision != Precision(self.dtype):
            bounds = _bounds(problem, self.golden.id, precision)
            checkpoints = _with_bounds(checkpoints, bounds)
        verdict = self.compare(problem, Solution.known(checkpoints))
        if verdict.failed:
            verdict = self._at_every_step(problem) or verdict
            self.demand(verdict, problem, *self.explanation(problem, self.precision))
        self.demand(verdict, problem)

    def problem(self) -> Task:
        """Return what the candidate is asked; raises `NotClaimed` where that is too much."""
        arguments_for(self.claim, self.golden.hyper)
        missing = any(g is None for row in self.golden.grads for g in row)
        if missing and not self.claim.missing_gradients:
            raise NotClaimed(f"{self.claim.spec} is claimed without missing gradients")
        if self._sparse and not self.claim.sparse_gradients:
            raise NotClaimed(f"{self.claim.spec} is claimed without sparse gradients")
        feed = Feed(self.dtype, self.golden.params, self.golden.grads)
        return Task(self.claim.spec, self.golden.hyper, feed)

    @property
    def _sparse(self) -> bool:
        return any(isinstance(g, Sparse) for row in self.golden.grads for g in row)

    @property
    def precision(self) -> Precision:
        """The arithmetic that the candidate declares for this case."""
        return self.claim.precision(self.dtype, sparse=self._sparse)

    def _at_every_step(self, problem: Task) -> Verdict | None:
        """Find the very first deviation of a case that fails; only some steps are on record.

        Whatever prevents it: the case has failed, and its recorded steps tell by how much.
        """
        solution = solve(problem, self.precision, every_step(problem.feed.grads))
        try:
            verdict = self.compare(problem, solution)
        except OracleError:
            return None
        return verdict if verdict.failed else None

    def observed(self, problem: Task) -> list[Observation]:
        """Return what the candidate shows after every step; raises what `drive` does."""
        recorded = {name for point in self.golden.checkpoints for name in point.slots}
        return self.shown(problem, sorted(recorded), every_step(problem.feed.grads))


def checks(bench: Bench) -> Iterator[GoldenCheck]:
    """Yield every golden case of every claim in every dtype, the modes of a spec side by side."""
    claims = bench.claims()
    for spec in dict.fromkeys(claim.spec for claim in claims):
        modes = [claim for claim in claims if claim.spec == spec]
        for dtype, (place, case) in product(bench.dtypes, enumerate(fixture(spec).cases)):
            for claim in modes:
                usable = [name for name in bench.dtypes_of(claim) if name in case.dtypes]
                if dtype in usable:
                    turn = bench.its_turn(place, claim, dtype, usable)
                    yield GoldenCheck(bench, claim, dtype, TEST, case, turn=turn)


def unclaimed(bench: Bench) -> dict[tuple[str, str], int]:
    """Count, by spec and dtype, the golden cases that the candidate does not claim at all."""
    claimed = {(c.spec, dtype) for c in bench.implementation.claims for dtype in c.dtypes}
    return {
        (spec, dtype): cases
        for spec in filter(bench.wants, on_disk())
        for dtype, cases in _cases(spec).items()
        if dtype in bench.dtypes and (spec, dtype) not in claimed
    }


@cache
def _cases(spec: str) -> Counter[str]:
    if spec in available():
        return cases_by_dtype(spec)
    return Counter(dtype for case in golden_for(spec).cases for dtype in case.dtypes)


@cache
def fixture(spec: str) -> Golden:
    """Return the fixture of a spec, read once."""
    return golden_for(spec)


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


_SOLVED: dict[tuple[str, str, str], list[Checkpoint]] = {}
"""Bounds by spec, case and precision: the modes of a candidate mostly declare the same."""


def _bounds(problem: Task, case: str, precision: Precision) -> list[Checkpoint]:
    key = (problem.spec, case, repr(precision))
    if key not in _SOLVED:
        steps = [recorded.step for recorded in fixture(problem.spec).case(case).checkpoints]
        _SOLVED[key] = list(solve(problem, precision, steps))
    return _SOLVED[key]


def _with_bounds(recorded: list[Checkpoint], solved: list[Checkpoint]) -> list[Checkpoint]:
    """Keep the recorded truth; take the bounds that the declared precision asks for."""
    return [
        Checkpoint(mine.step, mine.params, other.bounds, mine.slots, other.slot_bounds)
        for mine, other in zip(recorded, solved, strict=True)
    ]
