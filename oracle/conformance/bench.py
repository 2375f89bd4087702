"""The bench: a candidate, what of it is to be judged, and the tools that every check needs."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property, partial
from typing import Any, ClassVar

import oracle
from oracle.claim import Claim, Device
from oracle.conformance.claims import check_claim, declined
from oracle.conformance.explanation import Allowance, kept
from oracle.conformance.feeding import Feeding
from oracle.conformance.guard import Guard
from oracle.conformance.message import explain
from oracle.conformance.outcomes import Vacuous
from oracle.conformance.problem import Answer, Task, arguments_for, slots_of
from oracle.conformance.run import Arrays, Factory, drive
from oracle.diagnosis.told import Told
from oracle.dtypes import DTYPES
from oracle.errors import ImplementationError, OracleError, UnsupportedError
from oracle.implementation import Implementation
from oracle.record import Interval, Record
from oracle.verdict import Verdict


@dataclass(eq=False)
class Patience:
    """How long the long runs of one process may go further than they have to, all together."""

    seconds: float = 4.0

    def grants(self, seconds: float) -> bool:
        """Take some seconds, if there are as many left."""
        granted = seconds <= self.seconds
        self.seconds -= seconds if granted else 0.0
        return granted


@dataclass(frozen=True)
class Bench:
    """A candidate under test with the choices of the command line."""

    implementation: Implementation
    reference: str
    """What ``--impl`` was, so that a repro line can say it again."""
    guard: Guard
    specs: tuple[str, ...] = ()
    """Globs; empty for all."""
    beside: tuple[str, ...] = ()
    """The options that said where specs and fixtures of somebody's own are."""
    dtypes: tuple[str, ...] = DTYPES
    profile: str = "ci"
    seed: int = 0
    """Decides, with the id of a check, which examples its properties try."""
    device: str = ""
    """One of the candidate's devices; empty for its own choice."""
    patience: Patience = field(default_factory=Patience)
    explaining: Allowance | None = None
    """How long explanations of failures may be looked for; None if nobody wants any."""

    def claims(self) -> list[Claim]:
        """Return the claims to be judged, in the order of their specs."""
        chosen = [claim for claim in self.implementation.claims if self.wants(claim.spec)]
        return sorted(chosen, key=lambda claim: (claim.spec, claim.mode))

    @property
    def models(self) -> list[str]:
        """The libraries, in the versions that the specs of the claims were checked with."""
        sources = [oracle.spec(claim.spec).system.version for claim in self.claims()]
        return list(dict.fromkeys(source.partition(",")[0] for source in sources))

    def dtypes_of(self, claim: Claim) -> list[str]:
        """Return the dtypes in which a claim is to be judged."""
        return [name for name in DTYPES if name in claim.dtypes and name in self.dtypes]

    def wants(self, spec: str) -> bool:
        """Whether ``--impl-spec`` leaves a spec in."""
        return not self.specs or any(fnmatchcase(spec, glob) for glob in self.specs)

    def its_turn(self, number: int, claim: Claim, dtype: str, dtypes: Sequence[str]) -> bool:
        """Share the checks of a spec out: number n takes its turn in one mode and one dtype.

        A claim that is not compiled runs each of them in float32 anyway, so that its turn is in
        another one.
        """
        modes = self._modes[claim.spec]
        others = [name for name in dtypes if claim.compiles or name != "float32"] or dtypes
        turn, mode = divmod(number, len(modes))
        return modes[mode] == claim.mode and dtype == others[turn % len(others)]

    @cached_property
    def _modes(self) -> Mapping[str, Sequence[str]]:
        """The modes of each spec, which thousands of checks ask for."""
        claims = self.claims()
        return {one.spec: [c.mode for c in claims if c.spec == one.spec] for one in claims}

    @property
    def narrowed(self) -> bool:
        """Whether the options leave some of the claims out."""
        return bool(self.specs) or self.dtypes != DTYPES

    @property
    def place(self) -> Device:
        """Where the candidate is run, as a context manager."""
        return self.implementation.devices[self.device] if self.device else nullcontext

    def check_device(self) -> None:
        """Refuse a device that the candidate does not declare, or that is not there."""
        declared = self.implementation.devices
        if self.device and self.device not in declared:
            known = ", ".join(declared) or "none: see `devices` of oracle.Implementation"
            raise ImplementationError(
                f"--impl-device={self.device}: {self.implementation.name} declares {known}"
            )
        with self.place():
            pass

    def check_declarations(self) -> None:
        """Refuse claims of unknown specs or dtypes, and a choice that leaves nothing."""
        for claim in (*self.implementation.claims, *self.implementation.trainers):
            check_claim(claim, self.implementation.name)
        for glob in self.specs:
            if not any(fnmatchcase(claim.spec, glob) for claim in self.implementation.claims):
                claimed = sorted({claim.spec for claim in self.implementation.claims})
                raise ImplementationError(
                    f"--impl-spec={glob} matches no spec that {self.implementation.name} claims; "
                    f"it claims {', '.join(claimed) or 'none'}"
                )

    def repro(self, test: str) -> str:
        """Return the command line that runs one test again."""
        device = [f"--impl-device={self.device}"] if self.device else []
        said = (f"--impl={self.reference}", *self.beside, *device, test)
        return f"repro: pytest {' '.join(map(shlex.quote, said))}"


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


def per_dtype(bench: Bench) -> Iterator[tuple[Claim, str]]:
    """Go through every claim in every dtype that is to be judged."""
    for claim in bench.claims():
        for dtype in bench.dtypes_of(claim):
            yield claim, dtype
