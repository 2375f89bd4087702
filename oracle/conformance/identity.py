"""Which spec a candidate computes, whatever it claims: every spec against the same numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from oracle.conformance.bench import Bench, per_dtype
from oracle.conformance.golden import GoldenCheck, checks
from oracle.conformance.outcomes import Finding, NotClaimed
from oracle.conformance.problem import Problem, every_step, solve
from oracle.errors import OracleError
from oracle.mutation.diagnosis import Sighting, diagnose
from oracle.mutation.suspects import other_systems
from oracle.systems import spec as find_spec
from oracle.systems.base import Hyper
from oracle.verdict import Observation, judge

SEARCHED = 3
"""How many cases that no spec explains are searched for a slip; the shortest are the quickest."""


@dataclass
class Tally:
    """In how many golden cases one spec is what a candidate computes."""

    spec: str
    right: int = 0
    wrong: int = 0
    instead: int = 0
    """In how many it is right where the claimed spec is wrong."""

    @property
    def asked(self) -> int:
        """In how many cases the spec takes the arguments, and its bound can tell anything."""
        return self.right + self.wrong

    @property
    def share(self) -> float:
        """How much of what it was asked is right."""
        return self.right / max(self.asked, 1)


@dataclass
class Identity:
    """What was found of one claim in one dtype."""

    claim: str
    mode: str
    dtype: str
    tallies: list[Tally]
    """The claimed spec first, then those that are right in some case, the best first."""
    slips: Counter[str] = field(default_factory=Counter)
    """What explains the cases in which the claimed spec is wrong, where no other spec is right."""
    raised: str = ""
    """What the candidate does wrong before there is a number."""

    @property
    def is_claimed(self) -> bool:
        """Whether the candidate computes what it claims, as far as golden cases tell."""
        return bool(self.tallies) and self.tallies[0].right > 0 and not self.tallies[0].wrong

    @property
    def computed(self) -> list[str]:
        """The specs that it computes instead, in all cases in which they can be asked."""
        return [tally.spec for tally in self.tallies if tally.instead and not tally.wrong]

    @property
    def nearest(self) -> str:
        """The spec that it computes more often than what it claims; empty where there is none."""
        better = [tally for tally in self.tallies if tally.instead]
        return max(better, key=lambda tally: tally.share).spec if better else ""


@dataclass
class _Shown:
    """A golden case with what the candidate shows in it."""

    check: GoldenCheck
    problem: Problem
    observations: Sequence[Observation]


def identities(bench: Bench) -> Iterator[Identity]:
    """Find out, for every claim in every dtype of a bench, which specs it computes."""
    found = list(checks(bench))
    for claim, dtype in per_dtype(bench):
        mine = [check for check in found if check.claim is claim and check.dtype == dtype]
        identity = Identity(claim.spec, claim.mode, dtype, [])
        try:
            shown = list(_shown(mine))
        except Finding as finding:
            identity.raised = str(finding)
        else:
            identity.tallies = _tallies(claim.spec, shown)
            if not identity.is_claimed and not identity.computed:
                identity.slips = _slips(shown)
        yield identity


def _shown(mine: Sequence[GoldenCheck]) -> Iterator[_Shown]:
    for check in sorted(mine, key=lambda check: check.golden.steps):
        try:
            problem = check.problem()
            yield _Shown(check, problem, check.observed(problem))
        except NotClaimed:
            continue


def _tallies(claimed: str, shown: Sequence[_Shown]) -> list[Tally]:
    tallies = {claimed: Tally(claimed)}
    for one in shown:
        given = one.problem.hyper
        is_right = _is_right(one, claimed, dict(given))
        _count(tallies[claimed], is_right)
        for spec, hyper in other_systems(find_spec(claimed), given):
            tally = tallies.setdefault(spec.id, Tally(spec.id))
            _count(tally, _is_right(one, spec.id, hyper), instead=is_right is False)
    mine = tallies.pop(claimed)
    others = sorted(tallies.values(), key=lambda t: (-t.share, -t.right, t.spec))
    return [mine, *(tally for tally in others if tally.right)]


def _count(tally: Tally, is_right: bool | None, *, instead: bool = False) -> None:
    tally.right += is_right is True
    tally.wrong += is_right is False
    tally.instead += is_right is True and instead


def _is_right(one: _Shown, spec: str, hyper: Hyper) -> bool | None:
    """Whether a spec has the candidate's numbers; None where it cannot be asked."""
    feed, dtype = one.problem.feed, one.check.dtype
    vacuous = True
    try:
        asked = Problem(spec, hyper, feed)
        for checkpoint in solve(asked, one.check.precision, every_step(feed.grads)):
            verdict = judge(dtype, feed.params, [checkpoint], one.observations)
            if verdict.failed:
                return False
            vacuous = vacuous and verdict.vacuous
    except (OracleError, ArithmeticError, TypeError, ValueError):
        return None
    return None if vacuous else True


def _slips(shown: Sequence[_Shown]) -> Counter[str]:
    """Count what explains the first cases that are wrong."""
    counts: Counter[str] = Counter()
    for one in shown:
        if counts.total() == SEARCHED:
            break
        problem, feed = one.problem, one.problem.feed
        sighting = Sighting.of(
            problem.spec,
            problem.hyper,
            feed.params,
            feed.grads,
            one.check.precision,
            one.observations,
        )
        if sighting.worst:
            first = next(diagnose(sighting, 5.0)).text.partition(", fits to ")[0]
            counts[first.removeprefix("looks like: ")] += 1
    return counts
