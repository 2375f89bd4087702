"""Golden cases as checks: recorded inputs, exact answers and bounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import ClassVar

from oracle.claim import Precision
from oracle.conformance.bench import Bench
from oracle.conformance.check import Check
from oracle.conformance.looseness import needed_of
from oracle.conformance.outcomes import NotClaimed
from oracle.conformance.problem import Answer, Task, arguments_for, solve
from oracle.conformance.run import Feed
from oracle.errors import OracleError
from oracle.golden import Case, Golden, available
from oracle.golden.at_hand import golden_for, on_disk
from oracle.golden.read import cases_by_dtype
from oracle.record import Interval, Record
from oracle.sparse import Sparse
from oracle.verdict import Verdict


@dataclass(eq=False)
class GoldenCheck(Check):
    """A candidate's parameters and slots stay within the bound of one golden case."""

    file: ClassVar[str] = "golden"
    suite: ClassVar[str] = "golden"
    golden: Case

    @property
    def case(self) -> str:
        """The case's stable id."""
        return self.golden.id

    def holds(self) -> None:
        """Run the case and compare at its recorded steps."""
        answer = self.answer(self.problem())
        verdict = self.judged(answer, self._recorded(answer.problem))
        if verdict.failed:
            verdict = self._at_every_step(answer) or verdict
        self.demand(answer, verdict)
        self.needed = needed_of(answer, self._recorded, self.bench.needed)
        self.bench.needed.update(self.needed)

    def problem(self) -> Task:
        """Return what the candidate is asked; raises `NotClaimed` where that is too much."""
        arguments_for(self.claim, self.golden.hyper)
        missing = any(g is None for row in self.golden.grads for g in row)
        if missing and not self.claim.missing_gradients:
            raise NotClaimed(f"{self.claim.spec} is claimed without missing gradients")
        if self._sparse and not self.claim.sparse_gradients:
            raise NotClaimed(f"{self.claim.spec} is claimed without sparse gradients")
        feed = Feed(self.dtype, self.golden.params, self.golden.grads)
        precision = self.claim.precision(self.dtype, sparse=self._sparse)
        return Task(self.claim.spec, self.golden.hyper, feed, precision)

    @property
    def _sparse(self) -> bool:
        return any(isinstance(g, Sparse) for row in self.golden.grads for g in row)

    def _recorded(self, problem: Task) -> Sequence[Record[Interval]]:
        """Return the recorded truth, with the bounds that the declared precision asks for."""
        recorded = self.golden.recorded(self.dtype)
        if problem.precision == Precision(self.dtype):
            return recorded
        key = (problem.spec, self.golden.id, repr(problem.precision))
        if key not in _SOLVED:
            steps = {record.step for record in recorded}
            solved = [record for record in solve(problem) if record.step in steps]
            _SOLVED[key] = [
                mine.map(lambda i, own: Interval(i.truth, own.bound), other)
                for mine, other in zip(recorded, solved, strict=True)
            ]
        return _SOLVED[key]

    def _at_every_step(self, answer: Answer) -> Verdict | None:
        """Find the very first deviation of a case that fails; only some steps are on record.

        Whatever prevents it: the case has failed, and its recorded steps tell by how much.
        """
        with suppress(OracleError):
            verdict = self.judged(answer, solve(answer.problem))
            return verdict if verdict.failed else None
        return None


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
                    yield GoldenCheck(bench, claim, dtype, case, turn=turn)


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


_SOLVED: dict[tuple[str, str, str], list[Record[Interval]]] = {}
"""By spec, case and precision: the modes of a candidate mostly declare the same."""
