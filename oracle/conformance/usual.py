"""The usual run: each form of a rule on a few small parameters, in numbers that every dtype holds.

What is asked of it varies, such as the arrays it comes in; the numbers do not, so that they are
solved once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, TypeAlias, TypeVar

import numpy as np

import oracle
from oracle.claim import Claim, Precision
from oracle.conformance.bench import Bench
from oracle.conformance.check import Check
from oracle.conformance.feeding import Feeding
from oracle.conformance.forms import settings_of_forms, values_of
from oracle.conformance.message import explain
from oracle.conformance.outcomes import Finding
from oracle.conformance.problem import Answer, Task, solve
from oracle.conformance.run import Feed
from oracle.errors import OracleError
from oracle.record import Interval, Record
from oracle.specification.options import demanded
from oracle.specification.shapes import takes_shape
from oracle.specification.spec import Spec
from oracle.truth import Array

EQUAL_ROWS = (2, 3)
SHAPES: tuple[tuple[int, ...], ...] = ((0,), (), EQUAL_ROWS, (3, 2), (4,), (4,))
"""The empty one and the scalar come first; one has gradients of equal rows, and two are alike."""

STEPS = 3

Truths: TypeAlias = "list[Record[Interval]]"


def hypers(claim: Claim) -> list[dict[str, Any]]:
    """Return exact hyperparameters for each form of the rule that a claim can be asked for."""
    taken = tuple(name for name in oracle.spec(claim.spec).arguments if claim.takes(name))
    return [dict(hyper) for hyper in _hypers(claim.spec, taken)]


def exact_values(spec: Spec, names: Iterable[str]) -> dict[str, Any]:
    """Return what every dtype holds exactly, for those of some arguments that have such a value."""
    values = {name: spec.arguments[name].domain.exact for name in names}
    return {name: value for name, value in values.items() if value is not None}


@cache
def _hypers(spec_id: str, taken: Sequence[str]) -> list[dict[str, Any]]:
    spec = oracle.spec(spec_id)
    exact = demanded(spec) | exact_values(spec, taken)
    found = []
    for setting, *_ in settings_of_forms(spec, taken):
        chosen = values_of(spec, setting)
        try:
            spec.program(exact | chosen)
        except OracleError:
            continue
        found.append(exact | chosen)
    return found or [demanded(spec)]


def fullest(claim: Claim) -> dict[str, Any]:
    """Return the hyperparameters of the form that remembers most."""
    spec = oracle.spec(claim.spec)
    return max(hypers(claim), key=lambda hyper: len(spec.program(hyper).slots))


def usual(spec_id: str, hyper: dict[str, Any], precision: Precision, seed: int = 0) -> Task:
    """Return the usual run; another seed draws other numbers."""
    rng = np.random.default_rng(seed)
    shapes = [shape for shape in SHAPES if takes_shape(oracle.spec(spec_id), shape)]

    def drawn(shape: tuple[int, ...]) -> Array:
        sixteenths: Array = rng.integers(-24, 25, size=shape) / 16.0
        return sixteenths

    params = [drawn(shape) for shape in shapes]
    grads: list[list[Array | None]] = [[drawn(shape) for shape in shapes] for _ in range(STEPS)]
    for row in grads:
        row[shapes.index(EQUAL_ROWS)] = np.tile(drawn(EQUAL_ROWS[1:]), (EQUAL_ROWS[0], 1))
    return Task(spec_id, hyper, Feed(precision.dtype, params, grads), precision)


_SOLVED: dict[str, Truths] = {}


def solved(problem: Task, seed: int = 0) -> Truths:
    """Return the truth of a usual run, which all checks of a claim share."""
    key = f"{problem.spec} {problem.hyper!r} {problem.precision!r} {seed}"
    if key not in _SOLVED:
        _SOLVED[key] = list(solve(problem))
    return _SOLVED[key]


@dataclass(eq=False)
class UsualCheck(Check):
    """A candidate that is right in the usual run is right in some variation of it as well."""

    every_form: ClassVar[bool] = True
    """Whether what is varied may matter to some forms only."""

    def holds(self) -> None:
        """Ask for each form in float32; elsewhere for the one that remembers most."""
        for hyper in self._forms():
            self.holds_with(hyper)
        if not self.is_real:
            raise self.vacuous

    def holds_with(self, hyper: dict[str, Any]) -> None:
        """Raise a `Finding` unless the demand is met with these hyperparameters."""
        raise NotImplementedError

    def _forms(self) -> list[dict[str, Any]]:
        quick = self.every_form and not self.bench.implementation.slow
        if (quick and self.dtype == "float32") or self.bench.profile != "ci":
            return hypers(self.claim)
        return [fullest(self.claim)]

    def posed(self, hyper: dict[str, Any], seed: int = 0) -> tuple[Task, Truths]:
        """Return the usual run with its truth."""
        problem = usual(self.claim.spec, hyper, self.claim.precision(self.dtype), seed)
        return problem, solved(problem, seed)

    def fault(self, problem: Task, truth: Truths, feeding: Feeding | None = None) -> Finding | None:
        """Return what is wrong with a run, if anything."""
        try:
            return self.fault_of(self.answer(problem, feeding=feeding), truth)
        except Finding as finding:
            return finding

    def fault_of(self, answer: Answer, truth: Truths) -> Finding | None:
        """Return what is wrong with an answer, if anything."""
        verdict = self.judged(answer, truth)
        return explain(self.title, answer.problem, verdict) if verdict.failed else None

    def plainly(self, finding: Finding, problem: Task, truth: Truths) -> Finding | None:
        """Return a finding explained, if the plain run fails as well; None if that is right."""
        try:
            answer = self.answer(problem)
        except Finding:
            return finding
        if self.fault_of(answer, truth) is None:
            return None
        return finding.with_lines(*self.explanation(answer, str(finding)))


Variation = TypeVar("Variation", bound=Check)


def variations(
    kind: type[Variation], bench: Bench, *, shift: int, further: int
) -> Iterator[Variation]:
    """Yield a check for each claim in float32, and in ``further`` dtypes by turns.

    What is varied has little to do with the dtype; the profile ``thorough`` takes them all.
    """
    for claim in bench.claims():
        number = oracle.specs().index(claim.spec) + shift
        dtypes = sorted(bench.dtypes_of(claim), key=lambda name: name != "float32")
        others = dtypes[1:]
        chosen = dtypes[:1] + [others[(number + k) % len(others)] for k in range(further) if others]
        for dtype in dtypes if bench.profile != "ci" else chosen:
            turn = bench.its_turn(number, claim, dtype, chosen)
            yield kind(bench, claim, dtype, turn=turn)
