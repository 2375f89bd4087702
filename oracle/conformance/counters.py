"""Long runs: a counter of steps that stops, or begins anew, shows in what later steps do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

import oracle
from oracle.claim import Precision
from oracle.conformance.bench import Bench
from oracle.conformance.check import Check
from oracle.conformance.clocks import (
    GRADIENT,
    Clock,
    Hour,
    apart,
    hours,
    hours_ahead,
    shown,
)
from oracle.conformance.counting import counting
from oracle.conformance.message import summary, told
from oracle.conformance.outcomes import Finding, Vacuous
from oracle.conformance.problem import Task
from oracle.conformance.run import Feed, Shown, calling
from oracle.conformance.usual import variations
from oracle.conformance.walk import Walk
from oracle.record import Interval, Record
from oracle.truth import Truth
from oracle.verdict import Deviation, judge

RUNGS = (2, 272, 2**9 + 2**5, 2**11 + 2**7, 2**16 + 2**12)
"""How far a run goes: just past the next counters that may have stopped."""

Counted = tuple[dict[str, Any], Clock]
"""Hyperparameters whose steps depend on their number, and the truth of such steps."""

WIDE = "float32"
"""In which a count shows if it shows anywhere."""

_TOGETHER = 3
"""How many elements there are where a count is set ahead; a new shape is compiled anew."""

APART = {"ci": 2**9 + 2**5, "thorough": 2**11 + 2**7}
"""The last rung where the truth has to be carried on from step to step."""

AT_MOST = {"ci": 1.5, "thorough": 30.0}
"""Seconds that one run may take to go further than it has to."""


@dataclass(eq=False)
class CounterCheck(Check):
    """A candidate goes on counting its steps."""

    file: ClassVar[str] = "counters"
    suite: ClassVar[str] = "long_runs"

    def holds(self) -> None:
        """Run for long with each choice of hyperparameters whose steps depend on their number."""
        counted = list(counting(self.claim, self.claim.precision(self.dtype)))
        for hyper, clock in self._chosen(counted):
            self._holds_with(hyper, clock)
        if self.counted is None:
            raise Vacuous(f"in {self.dtype} no count of steps shows in an update")

    def _chosen(self, counted: list[Counted]) -> list[Counted]:
        """Return what is run: all of it, or the last and fullest where that costs too much."""
        costly = self.bench.implementation.slow or any(clock.counts_apart for _, clock in counted)
        return counted[-1:] if costly and self.bench.profile == "ci" else counted

    def _holds_with(self, hyper: dict[str, Any], clock: Clock) -> None:
        with calling(self.bench.guard, self.title, self.bench.place):
            seen, can_be_set = self._walked(hyper, clock)
            ahead = list(self._ahead(hyper, clock, seen[-1][0].step)) if can_be_set else []
        self._judge(hyper, clock, seen)
        if ahead:
            self._judge(hyper, clock, ahead)

    def _walked(self, hyper: dict[str, Any], clock: Clock) -> tuple[list[tuple[Hour, float]], bool]:
        """Take step after step; say where each element came to, and whether counts can be set."""
        asked = hours(RUNGS[-1])
        walk = self._walk(hyper, clock, len(asked))
        reach = self._first_rung(walk, clock)
        if walk.goes_at_once:
            asked = hours(reach)
            walk = self._walk(hyper, clock, len(asked))
            steps = [hour.step for hour in asked]
            return list(zip(asked, walk.moved_at_once(steps), strict=True)), False
        seen = []
        for element, hour in enumerate(asked):
            while hour.step > reach and self._goes_on(walk, clock, reach):
                reach = RUNGS[RUNGS.index(reach) + 1]
            if hour.step > reach:
                break
            seen.append((hour, walk.moved(element, hour.step)))
        return seen, walk.can_be_set

    def _first_rung(self, walk: Walk, clock: Clock) -> int:
        """Return how far to go in any case; less far if it is costly, and may be had otherwise."""
        costly = self.bench.implementation.slow or clock.counts_apart
        spared = costly and walk.can_be_set and self.bench.profile == "ci"
        return RUNGS[0] if spared else RUNGS[1]

    def _goes_on(self, walk: Walk, clock: Clock, reach: int) -> bool:
        """Whether to go on to the next rung."""
        later = [rung for rung in RUNGS if rung > reach]
        needless = walk.can_be_set and self.bench.profile == "ci"
        too_far = clock.counts_apart and reach >= APART[self.bench.profile]
        if not later or needless or too_far:
            return False
        seconds = walk.pace * later[0]
        return seconds <= AT_MOST[self.bench.profile] and self.bench.patience.grants(seconds)

    def _walk(self, hyper: dict[str, Any], clock: Clock, size: int) -> Walk:
        slots = (*oracle.spec(self.claim.spec).slots, *clock.slots)
        return Walk(
            self.factory(hyper),
            self.dtype,
            size,
            self.title,
            slots=slots,
            apart=clock.couples_elements,
        )

    def _ahead(
        self, hyper: dict[str, Any], clock: Clock, beyond: int
    ) -> Iterator[tuple[Hour, float]]:
        """Set the candidate's own count ahead, and take a few steps there."""
        few = self.bench.implementation.slow and self.bench.profile == "ci"
        for begin, asked in hours_ahead(beyond, few=few):
            walk = self._walk(hyper, clock, _TOGETHER)
            walk.set_step(begin)
            for element, hour in enumerate(asked):
                yield hour, walk.moved(element, hour.step)

    def _judge(
        self, hyper: dict[str, Any], clock: Clock, seen: Sequence[tuple[Hour, float]]
    ) -> None:
        """Compare each element after its own step, and raise what is wrong."""
        asked = [hour for hour, _ in seen]
        moved = clock.moved(asked)
        self.counted = max((self.counted or 0, *shown(clock, asked))) or None
        got = [where for _, where in seen]
        step = max(hour.step for hour in asked)
        start = [np.zeros(len(asked))]
        verdict = judge(self.dtype, start, [_together(step, moved)], [_seen(step, got)])
        self.largest = max(self.largest or 0.0, verdict.largest)
        if not verdict.failed:
            return
        wrong = [not _fits(where, m) for where, m in zip(got, moved, strict=True)]
        assert verdict.first is not None
        assert verdict.worst is not None
        raise Finding(
            self._placed(hyper, asked, verdict.first),
            verdict.largest,
            f"worst: {self._placed(hyper, asked, verdict.worst, titled=False)}",
            f"hyperparameters: {told(self.claim.spec, hyper)}",
            "all elements start at 0 and have gradients of 0, "
            f"each but for one step with the gradient {GRADIENT}, after which it is shown",
            *_on_the_counter(asked, got, moved, wrong, clock),
        )

    def _placed(
        self, hyper: dict[str, Any], asked: Sequence[Hour], place: Deviation, titled: bool = True
    ) -> str:
        """Tell one deviation with the step that moved its element."""
        feed = Feed(self.dtype, [np.zeros(len(asked))], [])
        problem = Task(self.claim.spec, hyper, feed, self.claim.precision(self.dtype))
        hour = asked[place.element[0]]
        said = summary(replace(place, step=hour.step), problem)
        after = f", counted from set_step({hour.begin})" if hour.begin else ""
        return f"{self.title}: {said}{after}" if titled else f"{said}{after}"


def _together(step: int, moved: Sequence[Interval]) -> Record[Interval]:
    """Return the elements as one parameter."""
    numbers = np.array([(m.truth.hi, m.truth.lo, m.bound) for m in moved])
    return Record.of(step, [Interval(Truth(numbers[:, 0], numbers[:, 1]), numbers[:, 2])])


def _seen(step: int, got: Sequence[float]) -> Shown:
    return Record.of(step, [np.array(got)])


def _fits(got: float, moved: Interval) -> bool:
    """Whether a number is within the bound of a truth."""
    return bool(moved.ratio_of(got) <= 1)


def _on_the_counter(
    asked: Sequence[Hour],
    got: Sequence[float],
    moved: Sequence[Interval],
    wrong: Sequence[bool],
    clock: Clock,
) -> Iterator[str]:
    """Say up to which step a candidate is right, and where its counter seems to rest."""
    steps = [hour.step for hour in asked]
    first = wrong.index(True)
    if first == 0:
        yield "the step counter: no more than this can be said, as the first step is wrong already"
        return
    begins = ", wrong from {} on" if all(wrong[first:]) else ", wrong in step {} and in some later"
    until = f"right up to step {steps[first - 1]}{begins.format(steps[first])}"
    (one_more,) = clock.moved([replace(asked[first], step=steps[first] + 1)])
    if moved[first].truth.error_of(got[first]) < 0.5 * apart(one_more, moved[first]):
        yield f"{until}: by less than a step more or less would make, so that it is no wrong count"
        return
    yield f"the step counter: {until}"
    places = [k for k, is_wrong in enumerate(wrong) if is_wrong]
    rests = [steps[k] for k in range(first) if all(_fits(got[j], moved[k]) for j in places)]
    if rests:
        yield f"looks like: a step counter that stops at {rests[-1]}"


def long_runs(bench: Bench) -> Iterator[CounterCheck]:
    """Yield a check for each claim in float32, or the first of its dtypes, and in one more.

    There is none where no step depends on its number, by the spec's program itself.
    """
    countless: dict[str, bool] = {}
    for check in variations(CounterCheck, bench, shift=3, further=1):
        key = f"{check.claim.spec} {check.claim.mode}"
        if key not in countless:
            countless[key] = not any(counting(check.claim, Precision(WIDE)))
        if not countless[key]:
            yield check
