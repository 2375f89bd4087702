"""What a candidate is asked to do, and what has to come out: inputs, truth and bound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import oracle
from oracle.bulk import Bulk, bulk
from oracle.claim import Claim, Precision
from oracle.conformance.outcomes import NotClaimed
from oracle.conformance.run import Feed
from oracle.record import Interval, Record
from oracle.rules.rule import Slot, zeros
from oracle.truth import Array
from oracle.verdict import Verdict, judge

if TYPE_CHECKING:
    from oracle.diagnosis.evidence import Evidence


@dataclass(frozen=True, eq=False)
class Task:
    """One run of one spec: what is set, what the candidate is fed, and in which arithmetic."""

    spec: str
    hyper: Mapping[str, Any]
    feed: Feed
    precision: Precision


@dataclass(frozen=True, eq=False)
class Answer:
    """What a candidate was asked to do, and what it showed after every step."""

    problem: Task
    seen: Sequence[Record[Any]]

    def judged(self, truth: Iterable[Record[Interval]]) -> Verdict:
        """Hold what it showed to the truth."""
        feed = self.problem.feed
        return judge(feed.dtype, feed.params, truth, self.seen)

    @property
    def evidence(self) -> Evidence:
        """What a diagnosis starts from."""
        from oracle.diagnosis.evidence import Evidence

        asked, feed = self.problem, self.problem.feed
        given = (feed.params, feed.grads, asked.precision)
        return Evidence.of(asked.spec, asked.hyper, *given, self.seen)


def arguments_for(claim: Claim, hyper: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords that a claim's factory is called with for ``hyper``.

    These are the hyperparameters themselves, and the library's default for each keyword that the
    factory requires. One that the factory does not take is left out where it has its default; away
    from it, the candidate does not claim the case.
    """
    arguments = oracle.spec(claim.spec).arguments
    for name in hyper:
        if not claim.takes(name) and hyper[name] != arguments[name].default:
            raise NotClaimed(f"{claim.spec} is claimed without the argument {name}")
        scheduled = name == "learning_rate" and isinstance(hyper[name], Mapping)
        if scheduled and not claim.schedules:
            raise NotClaimed(f"{claim.spec} is claimed without schedules for the {name}")
    taken = {name: value for name, value in hyper.items() if claim.takes(name)}
    for name in sorted(claim.required - set(taken)):
        taken[name] = arguments[name].default
    return taken


def needs_digits(precision: Precision) -> bool:
    """Whether a candidate is held to more digits than native arithmetic has.

    Up to 32 bits float64 is exact enough, and its own error is in the bound; so it is where a
    float64 candidate holds a hyperparameter in fewer bits, which is what its bound is made of.
    """
    if precision.dtype != "float64":
        return False
    held = precision.hyper_dtype or "float64"
    names = set(held.values()) if isinstance(held, Mapping) else {held}
    return names == {"float64"} and precision.compute_dtype in (None, "float64")


def solve(problem: Task) -> Iterable[Record[Interval]]:
    """Return the truth and the bound after every step, to be gone through again and again.

    Those of a large problem come in parts, which are computed anew each time.
    """
    if needs_digits(problem.precision):
        feed, declared = problem.feed, problem.precision.options
        asked = (problem.spec, feed.params, feed.grads, problem.hyper)
        return list(oracle.trajectory(*asked).intervals(**declared))[1:]
    return in_float64(problem)


def in_float64(problem: Task) -> Bulk:
    """Return the same by float64, whose own error is in the bound: what fails it fails anyway."""
    feed = problem.feed
    asked = (problem.spec, feed.params, feed.grads, problem.hyper)
    return bulk(*asked, **problem.precision.options)


def repeated(record: Record[Interval], params: Sequence[Array]) -> Record[Interval]:
    """Return the record of parameters that repeat those of this one in turn, and their elements."""
    few = record.params

    def held(slot: str, k: int) -> Interval:
        interval = record.arrays[slot, k % len(few)]
        own = interval.shape == few[k % len(few)].shape
        return interval.resized(params[k].shape) if own else interval

    names = dict.fromkeys(slot for slot, _ in record.arrays)
    arrays = {(slot, k): held(slot, k) for slot in names for k in range(len(params))}
    return Record(record.step, arrays)


def slots_of(problem: Task) -> dict[str, Slot]:
    """Return the slots that a candidate may show: all that the spec has with any arguments."""
    spec = oracle.spec(problem.spec)
    return {**dict.fromkeys(spec.slots, zeros), **spec.program(problem.hyper).slots}
