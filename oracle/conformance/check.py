"""A check: one demand on one claim in one dtype, and the tools that every check needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

import oracle
from oracle.claim import Claim
from oracle.conformance.bench import Bench
from oracle.conformance.claims import declined
from oracle.conformance.explanation import kept
from oracle.conformance.feeding import Feeding
from oracle.conformance.message import explain
from oracle.conformance.outcomes import Vacuous
from oracle.conformance.problem import Answer, Task, arguments_for, slots_of
from oracle.conformance.run import Arrays, Factory, drive
from oracle.diagnosis.told import Told
from oracle.errors import OracleError, UnsupportedError
from oracle.record import Interval, Record
from oracle.verdict import Verdict


@dataclass(eq=False)
class Check:
    """One demand on one claim in one dtype; subclasses say which demand."""

    file: ClassVar[str]
    """The suite that asks for it: ``golden`` of ``suites/test_golden.py``."""
    suite: ClassVar[str]
    """The demand, as in the name of the suite's function: ``golden`` of ``test_golden``."""
    bench: Bench
    claim: Claim
    dtype: str
    turn: bool = field(default=True, kw_only=True)
    """Whether it is this check's turn where the checks of a claim are shared out."""
    near: ClassVar[bool] = False
    """Whether it can only be asked of a candidate whose steps are taken in this process."""
    largest: float | None = field(default=None, init=False)
    """The largest error over bound that was seen; None before anything is compared."""
    is_real: bool = field(default=False, init=False)
    """Whether any of it could have told a right candidate from one that does nothing."""
    cause: str = field(default="", init=False)
    """The name of what is wrong with the candidate, where it fails and that is found out."""
    known: tuple[str, ...] = field(default=(), init=False)
    """What its message has in it where its failure is declared; nobody has to be told why then."""

    counted: int | None = field(default=None, init=False)
    """Up to which step a counter that stops would have been seen, if that was looked for."""

    said: OracleError | None = field(default=None, init=False)
    """What it ended in, where it did not pass."""

    needed: set[str] = field(default_factory=set, init=False)
    """What of the declared operations it would fail without, and was not known to be needed."""

    declined: set[str] = field(default_factory=set, init=False)
    """What the claim does not take, by its option, where the check had such parameters."""

    @property
    def case(self) -> str:
        """What tells this check from the others of its claim and dtype; may be empty."""
        return ""

    @property
    def id(self) -> str:
        """What stands between the brackets of the test's id."""
        parts = (self.claim.spec, self.case, self.dtype, self.claim.mode)
        return "-".join(part for part in parts if part)

    @property
    def test(self) -> str:
        """The id of its test, as pytest prints it."""
        return f"suites/test_{self.file}.py::test_{self.suite}[{self.id}]"

    @property
    def left_out(self) -> bool:
        """Whether other dtypes take this check, because each run of the candidate takes long.

        A claim that compiles every case runs a check only when it is its turn; one that is slow
        without compiling runs it in float32 too, where the golden cases separate most.
        """
        if self.bench.profile != "ci" or self.turn:
            return False
        slow = self.bench.implementation.slow
        return self.claim.compiles or (slow and self.dtype != "float32")

    @property
    def applies(self) -> bool:
        """Whether the candidate can be asked at all."""
        return not (self.near and self.claim.far)

    @property
    def title(self) -> str:
        """The check as it is named in messages."""
        mode = f" ({self.claim.mode})" if self.claim.mode else ""
        case = f" case {self.case}" if self.case else ""
        return f"{self.claim.spec} {self.dtype}{mode}{case}"

    @property
    def vacuous(self) -> Vacuous:
        """What a check says that could not have failed."""
        return Vacuous(f"in {self.dtype} the bound is larger than every update")

    @property
    def repro(self) -> str:
        """The command line that runs this check again."""
        return self.bench.repro(self.test)

    def holds(self) -> None:
        """Raise a `Finding`, `Vacuous` or `NotClaimed` unless the demand is met."""
        raise NotImplementedError

    def factory(self, hyper: Mapping[str, Any]) -> Factory:
        """Return the claim's factory with its keywords bound.

        A value that the library's own pages advise against may be refused.
        """
        build = partial(self.claim.factory, **arguments_for(self.claim, hyper))
        advice = oracle.spec(self.claim.spec).advice(hyper)
        return build if advice is None else partial(_built_or_refused, build, advice)

    def answer(
        self, problem: Task, factory: Factory | None = None, feeding: Feeding | None = None
    ) -> Answer:
        """Run the candidate on a problem, and look at it after every step; raises as `drive`."""
        self.declined |= declined(self.claim, problem.feed.params)
        seen = drive(
            factory or self.factory(problem.hyper),
            problem.feed,
            slots=slots_of(problem),
            what=self.title,
            guard=self.bench.guard,
            device=self.bench.place,
            feeding=feeding,
        )
        return Answer(problem, seen)

    def judged(self, answer: Answer, truth: Iterable[Record[Interval]]) -> Verdict:
        """Hold an answer to the truth, and note how near its bound it comes."""
        verdict = answer.judged(truth)
        self.largest = max(self.largest or 0.0, verdict.largest)
        self.is_real |= not verdict.vacuous
        return verdict

    def explanation(self, answer: Answer, said: str = "", *, alone: bool = False) -> list[str]:
        """Say what the candidate computes instead, unless it is known by what the message said.

        ``alone`` says that golden cases of the claim tell nothing of what was run.
        """
        found = kept(partial(self.explained, answer, said, alone=alone))
        self.cause = next((line.cause for line in found if line.cause), "")
        return [line.text for line in found]

    def explained(self, answer: Answer, said: str, *, alone: bool) -> Iterator[Told]:
        """Look for what the candidate computes instead, if anybody wants to know."""
        from oracle.conformance.corroboration import corroborating

        if any(words in said for words in self.known):
            yield Told("not looked for, as this failure is known")
        elif self.bench.explaining is not None:
            elsewhere = () if alone else corroborating(self, answer.problem)
            yield from self.bench.explaining.explain(answer, elsewhere)

    def demand(self, answer: Answer, verdict: Verdict, *more: str, alone: bool = False) -> None:
        """Raise what a single verdict means; a failure is told with ``more``, and explained."""
        if verdict.failed:
            finding = explain(self.title, answer.problem, verdict, *more)
            raise finding.with_lines(*self.explanation(answer, str(finding), alone=alone))
        if verdict.vacuous:
            raise self.vacuous


def _built_or_refused(build: Factory, advice: str, params: Arrays) -> Any:
    try:
        return build(params)
    except ValueError as error:
        raise UnsupportedError(f"{advice}, and the candidate refuses it: {error}") from error
