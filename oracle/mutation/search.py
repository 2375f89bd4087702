"""The search for an explanation: the likely slips first; of what fits, what fits elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from types import CodeType

from oracle.mutation.borrowed import borrowed_suspects, borrowed_versions
from oracle.mutation.gradients import gradient_told
from oracle.mutation.pairs import Near, paired_versions
from oracle.mutation.precisions import narrower_fits, rounded_suspects
from oracle.mutation.rates import other_settings, rate_told, scheduled
from oracle.mutation.rewritten import other_epsilons
from oracle.mutation.screen import Screen
from oracle.mutation.sighting import Sighting
from oracle.mutation.slots import other_starts, others_kept
from oracle.mutation.statements import Passes, double_versions, rare_versions
from oracle.mutation.substitute import has_numbers, rules_run
from oracle.mutation.suspects import (
    FORMULA,
    LIKELY,
    STATEMENT,
    Rank,
    Suspect,
    being,
    edited,
    other_systems,
    suspects,
)
from oracle.mutation.together import two_numbers
from oracle.mutation.underflow import underflowing
from oracle.mutation.values import other_arguments, other_constants
from oracle.mutation.versions import Version
from oracle.mutation.whereabouts import statements_told, suspicious
from oracle.rules.rule import Rule
from oracle.systems.base import Program, Spec

DOUBTFUL = 0.75
"""Honest rounding seldom takes more of a bound; what needs more to fit is told after the rest."""

WITNESSES = 12
"""In how many other cases an explanation is tried."""

LONGEST = 5.0
"""Seconds of the processor's time after which no other case is run."""

Versions = Callable[[Rule, Collection[int], Passes], Iterator[Version]]
Fit = tuple[float, Suspect]
"""A suspect and its largest error over bound."""


class _TimeIsUpError(Exception):
    """No more suspects are to be looked at."""


@dataclass(eq=False)
class Search:
    """A search among all suspects for what explains one sighting, and others of the candidate."""

    sighting: Sighting
    end: float
    """When to give up, by the CPU time of the process."""
    elsewhere: Iterable[Sighting] = ()
    _votes: dict[Suspect, list[bool | None]] = field(default_factory=dict)
    _screens: dict[int, Screen | None] = field(default_factory=dict)

    def best(self) -> list[Fit]:
        """Return what fits and explains the most of the other cases, the likeliest first."""
        found: list[Fit] = []
        for fitting in self._tiers():
            found += fitting
            if self._time_is_up or any(self._holds_elsewhere(suspect) for _, suspect in found):
                break
        most = max((sum(self._said(suspect)) for _, suspect in found), default=0)
        lasting: dict[str, Fit] = {}
        for ratio, suspect in sorted(found, key=_likeliest_first):
            doubtful = self.sighting.is_nothing_but_nan and not self._holds_elsewhere(suspect)
            if sum(self._said(suspect)) == most and not doubtful:
                lasting.setdefault(suspect.cause, (ratio, suspect))
        return list(lasting.values())

    def _tiers(self) -> Iterator[Iterable[Fit]]:
        """Yield what fits among ever more suspects."""
        yield self._fitting(self._likely())
        yield self._fitting(underflowing(self.sighting))
        asked = (self._holds_elsewhere, lambda: self._time_is_up)
        yield narrower_fits(self.sighting, self.witnesses, *asked)
        yield self._fitting(self._numbers())
        yield self._fitting(other_starts(self.sighting, self._rules, self._off))
        yield self._fitting(self._together())
        yield self._fitting(self._rare())
        yield self._fitting(others_kept(self.sighting, self._rules))
        yield self._fitting(self._paired())
        yield self._fitting(self._doubled())

    def kin(self) -> Iterator[tuple[float, Suspect, Spec]]:
        """Yield the other systems that compute the same here, and in most other cases.

        One case alone may be a coincidence: most options of one library mean nothing to another.
        """
        seen = self.sighting
        for spec, _ in other_systems(seen.spec, seen.hyper):
            suspect = being(spec, seen.spec)
            ratio = seen.fit(suspect, spec)
            if ratio is not None:
                said = self._said(suspect, spec)
                if 2 * sum(said) > len(said) or not said:
                    yield ratio, suspect, spec
            if self._time_is_up:
                return

    def whereabouts(self) -> list[str]:
        """Return what can be told of the wrong statement where nothing explains it."""
        rates = list(rate_told(self.sighting))
        if rates and self._is_right_without_schedules:
            return rates
        return [line for rule in self._rules for line in self._told_of(rule)]

    @property
    def _is_right_without_schedules(self) -> bool:
        """Whether a wrong rate can only be the schedule's: where it is a number, all is right."""
        plain = [s for s in self.witnesses if not isinstance(s.hyper.get("learning_rate"), Mapping)]
        return bool(plain) and not any(seen.worst for seen in plain)

    def _told_of(self, rule: Rule) -> Iterator[str]:
        if self._judged[1] and self.sighting.is_bare:
            yield from statements_told(rule, self._places(rule))
        else:
            yield from gradient_told(self.sighting, rule, self._places(rule))

    def _fitting(self, suspected: Iterable[Suspect]) -> Iterator[Fit]:
        try:
            for suspect in suspected:
                ratio = self.sighting.fit(suspect)
                if ratio is not None:
                    yield ratio, suspect
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
    def witnesses(self) -> list[Sighting]:
        """What is known of the candidate elsewhere; its own time is not that of the search."""
        begin = time.process_time()
        found = list(islice(_until(self.elsewhere, begin + LONGEST), WITNESSES))
        self.end += time.process_time() - begin
        return found

    def _said(self, suspect: Suspect, spec: Spec | None = None) -> list[bool]:
        """For each other case that can be asked about a suspect, whether it is right there."""
        return [vote for vote in self._ask(suspect, spec) if vote is not None]

    def _ask(self, suspect: Suspect, spec: Spec | None = None) -> list[bool | None]:
        if suspect not in self._votes:
            self._votes[suspect] = [seen.agrees(suspect, spec) for seen in self.witnesses]
        return self._votes[suspect]

    def denied_by(self, suspect: Suspect) -> str:
        """Tell how many cases that are right speak against a suspect; nothing if few do."""
        right = [v for s, v in zip(self.witnesses, self._ask(suspect), strict=True) if not s.worst]
        denied = right.count(False)
        return f", but {denied} cases that pass would fail" if 2 * denied >= len(right) > 0 else ""

    def _holds_elsewhere(self, suspect: Suspect) -> bool:
        return all(self._said(suspect))

    def _likely(self) -> Iterator[Suspect]:
        yield from self._borrowed()
        yield from likely(self.sighting)

    def _borrowed(self) -> Iterator[Suspect]:
        for rule in self._rules:
            screen = self._screen(rule) if self._knows_what_was_before(rule) else None
            ways = (self._places(rule), self._passing(screen), self._near(screen))
            for version in borrowed_versions(rule, *ways, screen.shown if screen else frozenset()):
                yield from self._suspected(rule, version, (FORMULA, LIKELY))

    def _numbers(self) -> Iterator[Suspect]:
        seen = self.sighting
        for rule in self._rules:
            yield from other_constants(seen.spec, rule, seen.hyper, self._places(rule), self._off)
        yield from other_arguments(seen.spec, seen.hyper, self._off)
        yield from other_settings(seen.spec, seen.hyper, self._off)
        yield from other_epsilons(seen.spec, seen.hyper, seen.problem, self._off)

    def _together(self) -> Iterator[Suspect]:
        return two_numbers(self.sighting, self._go_on)

    def _off(self, program: Program) -> float:
        self._go_on()
        return self.sighting.off(program)

    def _rare(self) -> Iterator[Suspect]:
        return self._edited(rare_versions, 0)

    def _doubled(self) -> Iterator[Suspect]:
        return self._edited(double_versions, 1)

    def _paired(self) -> Iterator[Suspect]:
        """Yield the first of what two slips in two statements make that fits here and elsewhere.

        They are so many that others fit by chance.
        """
        for rule in self._rules:
            screen = self._screen(rule)
            if screen is not None:
                for version in paired_versions(rule, screen.shown, self._near(screen)):
                    for suspect in self._suspected(rule, version, (STATEMENT, 2)):
                        fits = self.sighting.fit(suspect) is not None
                        if fits and self._holds_elsewhere(suspect):
                            yield suspect
                            return

    def _near(self, screen: Screen | None) -> Near:
        """Return what a screen says is near, while there is time; without one nothing is."""

        def near(changes: Mapping[int, CodeType]) -> frozenset[str]:
            self._go_on()
            return screen.near(changes) if screen else frozenset()

        return near

    def _edited(self, versions: Versions, rank: int) -> Iterator[Suspect]:
        for rule in self._rules:
            places, screen = self._places(rule), self._screen(rule)
            for number, version in enumerate(versions(rule, places, self._passing(screen))):
                yield from self._suspected(rule, version, (STATEMENT, rank + number / 10_000))

    def _passing(self, screen: Screen | None) -> Passes:
        """Return what lets statements pass a screen, if there is one, while there is time."""

        def passes(place: int, statement: str) -> bool:
            self._go_on()
            return screen is None or screen.passes(place, statement)

        return passes

    def _suspected(self, rule: Rule, version: Version, rank: Rank) -> Iterator[Suspect]:
        spec = self.sighting.spec
        if has_numbers(spec, version.rule, spec.program(self.sighting.hyper)):
            yield edited(spec, rule, version, rank)

    @cached_property
    def _rules(self) -> list[Rule]:
        return rules_run(self.sighting.spec, self.sighting.hyper, self.sighting.problem)

    def _screen(self, rule: Rule) -> Screen | None:
        if id(rule) not in self._screens:
            self._screens[id(rule)] = Screen.of(self.sighting, rule)
        return self._screens[id(rule)]

    def _knows_what_was_before(self, rule: Rule) -> bool:
        """Whether all that a rule was given in the first wrong step is known to have been right."""
        first = min(self.sighting.worst)
        shown = {name for name, _ in self.sighting.shown[first]}
        return first == 1 or shown >= rule.slots.keys()

    def _places(self, rule: Rule) -> list[int]:
        """Return the statements of a rule that can be wrong, from what is wrong first."""
        return suspicious(rule, *self._judged)

    @cached_property
    def _judged(self) -> tuple[set[str], set[str]]:
        """What is wrong after the first step that is wrong at all, and which slots are right."""
        outside = self.sighting.outside[min(self.sighting.worst)]
        wrong = {name for (name, _), mask in outside.items() if mask.any()}
        return wrong, {name for name, _ in outside} - wrong - {""}


def _until(sightings: Iterable[Sighting], end: float) -> Iterator[Sighting]:
    for sighting in sightings:
        yield sighting
        if time.process_time() > end:
            return


def likely(seen: Sighting) -> Iterator[Suspect]:
    """Yield what is looked for first: one slip in what can be seen of a spec."""
    yield from scheduled(seen.spec, seen.hyper)
    yield from rounded_suspects(seen.spec, seen.model)
    yield from borrowed_suspects(seen.spec, seen.hyper, seen.problem)
    yield from suspects(seen.spec, seen.hyper, seen.problem)


def _likeliest_first(fitting: Fit) -> tuple[bool, tuple[int, float], float]:
    ratio, suspect = fitting
    return ratio > DOUBTFUL, suspect.rank, ratio
