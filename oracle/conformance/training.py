"""Training a whole model: every step's weights are held to the truth, as honestly read.

Some libraries read their step counter while it is incremented, in no defined order. So where the
intended order does not explain the weights, the check looks for the steps whose counter was read
late; that is a finding all the same, but one that names its cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import oracle
from oracle.arithmetic.base import Number
from oracle.claim import Precision
from oracle.conformance.bench import Bench
from oracle.conformance.check import Check
from oracle.conformance.message import explain, times
from oracle.conformance.outcomes import Finding
from oracle.conformance.problem import Task
from oracle.conformance.run import Factory, Feed, Shown, drive
from oracle.conformance.training_cases import TrainingCase, batches, start, training_cases
from oracle.record import Interval, Record
from oracle.specification.spec import State
from oracle.training import Training, same
from oracle.truth import Array
from oracle.verdict import Verdict, judge


@dataclass(eq=False)
class TrainingCheck(Check):
    """A model that is trained with one optimizer has the right weights after every batch."""

    file: ClassVar[str] = "training"
    suite: ClassVar[str] = "training"
    training_case: TrainingCase

    @property
    def case(self) -> str:
        """Name the optimizer as the page has it."""
        return self.training_case.case

    def holds(self) -> None:
        """Train, and compare the weights after each batch."""
        course = _course(self.claim.spec, self.training_case, self.claim.precision(self.dtype))
        shown = self._train()
        verdict = judge(self.dtype, start(), course.weights, shown)
        self.largest = verdict.largest
        if verdict.failed:
            raise self._finding(verdict, course, shown)
        if verdict.vacuous:
            raise self.vacuous

    def _train(self) -> list[Shown]:
        feed = Feed(self.dtype, start(), [[batch.x, batch.y] for batch in batches()])
        factory = _stepping(self._factory())
        guard = self.bench.guard
        return drive(factory, feed, slots=(), what=self.title, guard=guard)

    def _factory(self) -> Factory:
        if not self.training_case.by_name:
            return self.factory(self.training_case.hyper)
        spec = oracle.spec(self.claim.spec)
        by_name = self.bench.implementation.trainers_by_name[spec.system.name, self.claim.mode]
        return partial(by_name, spec.aliases[0])

    def _finding(self, verdict: Verdict, course: Course, shown: Sequence[Shown]) -> Finding:
        readings = Readings(course.training, self.dtype, shown).found()
        if readings is None:
            feed = Feed(self.dtype, start(), course.grads)
            precision = self.claim.precision(self.dtype)
            problem = Task(self.claim.spec, self.training_case.hyper, feed, precision)
            return explain(self.title, problem, verdict)
        told = f"{self.title}: {readings.told(oracle.spec(self.claim.spec).name)}"
        apart = f"in the intended order the error is {times(verdict.largest)}"
        return Finding(told, verdict.largest, apart)


@dataclass(frozen=True, eq=False)
class Course:
    """A training_case as intended: the weights after each batch, and the gradients of each."""

    training: Training
    weights: list[Record[Interval]]
    grads: list[list[Array]]


_COURSES: dict[tuple[str, str, str], Course] = {}
"""By spec, training_case and precision: the modes of a candidate mostly declare the same."""


def _course(spec: str, training_case: TrainingCase, precision: Precision) -> Course:
    key = (spec, training_case.case, repr(precision))
    if key not in _COURSES:
        training = Training(spec, training_case.hyper, **precision.options)
        _COURSES[key] = Course(training, *_as_intended(training))
    return _COURSES[key]


def _as_intended(training: Training) -> tuple[list[Record[Interval]], list[list[Array]]]:
    state, weights, grads = training.start(start()), [], []
    for batch in batches():
        numbers = training.gradients(state, batch)
        state = training.step(state, numbers)
        weights.append(training.weights(state))
        grads.append(training.floats(numbers))
    return weights, grads


def _stepping(factory: Factory) -> Factory:
    """Return a factory whose step takes a batch as a list; a run in one go takes lists anyway."""

    def build(weights: Any) -> Any:
        trained = factory(weights)
        if hasattr(trained, "run") or not callable(trained):
            return trained
        return lambda batch: trained(*batch)

    return build


@dataclass(frozen=True)
class Reading:
    """A way to read the step counter that explains all weights."""

    late: tuple[bool, ...]
    """For each step, whether the counter was read after its increment."""
    largest: float
    """The largest error over bound that is left."""

    def told(self, name: str) -> str:
        """Say which steps saw which value; a step's time t is its counter plus 1."""
        steps = [k for k, late in enumerate(self.late, start=1) if late]
        seen = [k + late for k, late in enumerate(self.late, start=1)]
        which = f"step{'s' if len(steps) > 1 else ''} {_listed(steps)}"
        which = "every step" if all(self.late) else which
        return (
            f"the step counter was read after its increment in {which} "
            f"({name} saw t = {_listed(seen)} instead of {_listed(range(1, len(seen) + 1))})\n"
            f"  with these values every weight is within the bound ({self.largest:.3g} of it)"
        )


class Readings:
    """The search for the values of the step counter that explain a candidate's weights.

    It goes step by step and keeps to the intended value as long as that explains what follows, so
    that a late reading is only told where the weights show it.
    """

    def __init__(self, training: Training, dtype: str, shown: Sequence[Shown]) -> None:
        self._training = training
        self._dtype = dtype
        self._shown = shown

    def found(self) -> Reading | None:
        """Return the first explanation with a late reading, or None if nothing explains all."""
        return self._after(self._training.start(start()), ())

    def _after(self, state: State, late: tuple[bool, ...]) -> Reading | None:
        if len(late) == len(self._shown):
            return Reading(late, 0.0)
        grads = self._training.gradients(state, batches()[len(late)])
        for reading, after in self._readings(state, grads):
            verdict = self._judged(self._training.weights(after), len(late))
            rest = None if verdict.failed else self._after(after, (*late, reading))
            if rest is not None:
                return Reading(rest.late, max(rest.largest, verdict.largest))
        return None

    def _readings(self, state: State, grads: Sequence[Number]) -> Iterator[tuple[bool, State]]:
        """Yield the states after a step: in the intended order, and late where that differs."""
        intended = self._training.step(state, grads)
        yield False, intended
        late = self._training.step(state, grads, late=True)
        if not same(intended, late):
            yield True, late

    def _judged(self, weights: Record[Interval], step: int) -> Verdict:
        return judge(self._dtype, start(), [weights], [self._shown[step]])


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def trained_runs(bench: Bench) -> Iterator[TrainingCheck]:
    """Yield a check for each case of each spec that a candidate trains with, in every dtype."""
    named = bench.implementation.trainers_by_name
    for claim in sorted(bench.trainers, key=lambda c: (c.spec, c.mode)):
        if not bench.wants(claim.spec):
            continue
        dtypes = bench.dtypes_of(claim)
        spec = oracle.spec(claim.spec)
        by_name = (spec.system.name, claim.mode) in named and not spec.required
        for number, training_case in enumerate(training_cases(claim.spec, by_name=by_name)):
            for dtype in dtypes:
                turn = (
                    training_case.case in ("page", "by-name")
                    or dtype == dtypes[number % len(dtypes)]
                )
                yield TrainingCheck(bench, claim, dtype, training_case, turn=turn)
