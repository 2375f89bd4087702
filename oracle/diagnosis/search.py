"""The search for an explanation: the likely slips first; of what fits, what fits elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from types import CodeType

from oracle.diagnosis.borrowed import borrowed_hypotheses, borrowed_versions
from oracle.diagnosis.evidence import Evidence
from oracle.diagnosis.gradients import gradient_told
from oracle.diagnosis.hypotheses import (
    FORMULA,
    LIKELY,
    STATEMENT,
    Hypothesis,
    Rank,
    being,
    edited,
    hypotheses,
    other_systems,
)
from oracle.diagnosis.localization import statements_at_fault, statements_told
from oracle.diagnosis.pairs import Near, paired_versions
from oracle.diagnosis.precisions import narrower_fits, rounded_hypotheses
from oracle.diagnosis.prefilter import Prefilter
from oracle.diagnosis.rates import other_settings, rate_told, scheduled
from oracle.diagnosis.rewritten import other_epsilons
from oracle.diagnosis.slots import other_starts, others_kept
from oracle.diagnosis.statements import Passes, double_versions, rare_versions
from oracle.diagnosis.together import two_numbers
from oracle.diagnosis.told import Told
from oracle.diagnosis.underflow import underflowing
from oracle.diagnosis.values import other_arguments, other_constants
from oracle.mutation.substitute import has_numbers, rules_run
from oracle.mutation.versions import Version
from oracle.rules.rule import Rule
from oracle.specification.spec import Program, Spec

DOUBTFUL = 0.75
"""Honest rounding seldom takes more of a bound; what needs more to fit is told after the rest."""

WITNESSES = 12
"""In how many other cases an explanation is tried."""

LONGEST = 5.0
"""Seconds of the processor's time after which no other case is run."""

Versions = Callable[[Rule, Collection[int], Passes], Iterator[Version]]
Fit = tuple[float, Hypothesis]
"""A hypothesis and its largest error over bound."""


class _TimeIsUpError(Exception):
    """No more hypotheses are to be looked at."""


@dataclass(eq=False)
class Search:
    """A search among all hypotheses for what explains one evidence, and others of the candidate."""

    evidence: Evidence
    end: float
    """When to give up, by the CPU time of the process."""
    elsewhere: Iterable[Evidence] = ()
    _votes: dict[Hypothesis, list[bool | None]] = field(default_factory=dict)
    _prefilters: dict[int, Prefilter | None] = field(default_factory=dict)

    def best(self) -> list[Fit]:
        """Return what fits and explains the most of the other cases, the likeliest first."""
        found: list[Fit] = []
        for fitting in self._tiers():
            found += fitting
            if self._time_is_up or any(self._holds_elsewhere(tried) for _, tried in found):
                break
        most = max((sum(self._said(hypothesis)) for _, hypothesis in found), default=0)
        lasting: dict[str, Fit] = {}
        for ratio, hypothesis in sorted(found, key=_likeliest_first):
            doubtful = self.evidence.is_nothing_but_nan and not self._holds_elsewhere(hypothesis)
            if sum(self._said(hypothesis)) == most and not doubtful:
                lasting.setdefault(hypothesis.cause, (ratio, hypothesis))
        return list(lasting.values())

    def _tiers(self) -> Iterator[Iterable[Fit]]:
        """Yield what fits among ever more hypotheses."""
        yield self._fitting(self._likely())
        yield self._fitting(underflowing(self.evidence))
        asked = (self._holds_elsewhere, lambda: self._time_is_up)
        yield narrower_fits(self.evidence, self.corroborating, *asked)
        yield self._fitting(self._numbers())
        yield self._fitting(other_starts(self.evidence, self._rules, self._off))
        yield self._fitting(self._together())
        yield self._fitting(self._rare())
        yield self._fitting(others_kept(self.evidence, self._rules))
        yield self._fitting(self._paired())
        yield self._fitting(self._doubled())

    def kin(self) -> Iterator[tuple[float, Hypothesis, Spec]]:
        """Yield the other systems that compute the same here, and in most other cases.

        One case alone may be a coincidence: most options of one library mean nothing to another.
        """
        seen = self.evidence
        for spec, _ in other_systems(seen.spec, seen.hyper):
            hypothesis = being(spec, seen.spec)
            ratio = seen.fit(hypothesis, spec)
            if ratio is not None:
                said = self._said(hypothesis, spec)
                if 2 * sum(said) > len(said) or not said:
                    yield ratio, hypothesis, spec
            if self._time_is_up:
                return

    def localization(self) -> list[Told]:
        """Return what can be told of the wrong statement where nothing explains it."""
        rates = list(rate_told(self.evidence))
        if rates and self._is_right_without_schedules:
            return rates
        return [line for rule in self._rules for line in self._told_of(rule)]

    @property
    def _is_right_without_schedules(self) -> bool:
        """Whether a wrong rate can only be the schedule's: where it is a number, all is right."""
        rates = [(seen, seen.hyper.get("learning_rate")) for seen in self.corroborating]
        plain = [seen for seen, rate in rates if not isinstance(rate, Mapping)]
        return bool(plain) and not any(seen.worst for seen in plain)

    def _told_of(self, rule: Rule) -> Iterator[Told]:
        if self._judged[1] and self.evidence.is_bare:
            return statements_told(rule, self._places(rule))
        return gradient_told(self.evidence, rule, self._places(rule))

    def _fitting(self, tried: Iterable[Hypothesis]) -> Iterator[Fit]:
        try:
            for hypothesis in tried:
                ratio = self.evidence.fit(hypothesis)
                if ratio is not None:
                    yield ratio, hypothesis
                self._go_on()
        except _TimeIsUpError:
            return

    def _go_on(self) -> None:
        """Raise `_TimeIsUpError` once it is."""
        if self._time_is_up:
            raise _TimeIsUpError

    @property
    def _time_is_up(self) -> bool:
        return time.process_time() > self.end

    @cached_property
    def corroborating(self) -> list[Evidence]:
        """What is known of the candidate elsewhere; its own time is not that of the search."""
        begin = time.process_time()
        found = list(islice(_until(self.elsewhere, begin + LONGEST), WITNESSES))
        self.end += time.process_time() - begin
        return found

    def _said(self, hypothesis: Hypothesis, spec: Spec | None = None) -> list[bool]:
        """For each other case that can be asked about a hypothesis, whether it is right there."""
        return [vote for vote in self._ask(hypothesis, spec) if vote is not None]

    def _ask(self, hypothesis: Hypothesis, spec: Spec | None = None) -> list[bool | None]:
        if hypothesis not in self._votes:
            self._votes[hypothesis] = [seen.agrees(hypothesis, spec) for seen in self.corroborating]
        return self._votes[hypothesis]

    def denied_by(self, hypothesis: Hypothesis) -> str:
        """Tell how many cases that are right speak against a hypothesis; nothing if few do."""
        said = zip(self.corroborating, self._ask(hypothesis), strict=True)
        right = [fits for seen, fits in said if not seen.worst]
        denied = right.count(False)
        return f", but {denied} cases that pass would fail" if 2 * denied >= len(right) > 0 else ""

    def _holds_elsewhere(self, hypothesis: Hypothesis) -> bool:
        return all(self._said(hypothesis))

    def _likely(self) -> Iterator[Hypothesis]:
        yield from self._borrowed()
        yield from likely(self.evidence)

    def _borrowed(self) -> Iterator[Hypothesis]:
        for rule in self._rules:
            prefilter = self._prefilter(rule) if self._knows_what_was_before(rule) else None
            ways = (self._places(rule), self._passing(prefilter), self._near(prefilter))
            shown = prefilter.shown if prefilter else frozenset()
            for version in borrowed_versions(rule, *ways, shown):
                yield from self._hypotheses(rule, version, (FORMULA, LIKELY))

    def _numbers(self) -> Iterator[Hypothesis]:
        seen = self.evidence
        for rule in self._rules:
            yield from other_constants(seen.spec, rule, seen.hyper, self._places(rule), self._off)
        yield from other_arguments(seen.spec, seen.hyper, self._off)
        yield from other_settings(seen.spec, seen.hyper, self._off)
        yield from other_epsilons(seen.spec, seen.hyper, seen.problem, self._off)

    def _together(self) -> Iterator[Hypothesis]:
        return two_numbers(self.evidence, self._go_on)

    def _off(self, program: Program) -> float:
        self._go_on()
        return self.evidence.off(program)

    def _rare(self) -> Iterator[Hypothesis]:
        return self._edited(rare_versions, 0)

    def _doubled(self) -> Iterator[Hypothesis]:
        return self._edited(double_versions, 1)

    def _paired(self) -> Iterator[Hypothesis]:
        """Yield the first that fits elsewhere, too: of so many, some fit one case by chance."""
        for rule in self._rules:
            prefilter = self._prefilter(rule)
            if prefilter is not None:
                for version in paired_versions(rule, prefilter.shown, self._near(prefilter)):
                    for hypothesis in self._hypotheses(rule, version, (STATEMENT, 2)):
                        fits = self.evidence.fit(hypothesis) is not None
                        if fits and self._holds_elsewhere(hypothesis):
                            yield hypothesis
                            return

    def _near(self, prefilter: Prefilter | None) -> Near:
        """Return what a prefilter says is near, while there is time; without one nothing is."""

        def near(changes: Mapping[int, CodeType]) -> frozenset[str]:
            self._go_on()
            return prefilter.near(changes) if prefilter else frozenset()

        return near

    def _edited(self, versions: Versions, rank: int) -> Iterator[Hypothesis]:
        for rule in self._rules:
            places, prefilter = self._places(rule), self._prefilter(rule)
            for number, version in enumerate(versions(rule, places, self._passing(prefilter))):
                yield from self._hypotheses(rule, version, (STATEMENT, rank + number / 10_000))

    def _passing(self, prefilter: Prefilter | None) -> Passes:
        """Return what lets statements pass a prefilter, if there is one, while there is time."""

        def passes(place: int, statement: str) -> bool:
            self._go_on()
            return prefilter is None or prefilter.passes(place, statement)

        return passes

    def _hypotheses(self, rule: Rule, version: Version, rank: Rank) -> Iterator[Hypothesis]:
        spec = self.evidence.spec
        if has_numbers(spec, rule, version.rule, spec.program(self.evidence.hyper)):
            yield edited(spec, rule, version, rank)

    @cached_property
    def _rules(self) -> list[Rule]:
        return rules_run(self.evidence.spec, self.evidence.hyper, self.evidence.problem)

    def _prefilter(self, rule: Rule) -> Prefilter | None:
        if id(rule) not in self._prefilters:
            self._prefilters[id(rule)] = Prefilter.of(self.evidence, rule)
        return self._prefilters[id(rule)]

    def _knows_what_was_before(self, rule: Rule) -> bool:
        """Whether all that a rule was given in the first wrong step is known to have been right."""
        first = min(self.evidence.worst)
        shown = {name for name, _ in self.evidence.shown[first]}
        return first == 1 or shown >= rule.slots.keys()

    def _places(self, rule: Rule) -> list[int]:
        """Return the statements of a rule that can be wrong, from what is wrong first."""
        return statements_at_fault(rule, *self._judged)

    @cached_property
    def _judged(self) -> tuple[set[str], set[str]]:
        """What is wrong after the first step that is wrong at all, and which slots are right."""
        outside = self.evidence.outside[min(self.evidence.worst)]
        wrong = {name for (name, _), mask in outside.items() if mask.any()}
        return wrong, {name for name, _ in outside} - wrong - {""}


def _until(others: Iterable[Evidence], end: float) -> Iterator[Evidence]:
    for evidence in others:
        yield evidence
        if time.process_time() > end:
            return


def likely(seen: Evidence) -> Iterator[Hypothesis]:
    """Yield what is looked for first: one slip in what can be seen of a spec."""
    yield from scheduled(seen.spec, seen.hyper)
    yield from rounded_hypotheses(seen.spec, seen.model)
    yield from borrowed_hypotheses(seen.spec, seen.hyper, seen.problem)
    yield from hypotheses(seen.spec, seen.hyper, seen.problem)


def _likeliest_first(fitting: Fit) -> tuple[bool, tuple[int, float], float]:
    ratio, hypothesis = fitting
    return ratio > DOUBTFUL, hypothesis.rank, ratio
