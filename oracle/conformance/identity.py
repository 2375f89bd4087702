"""Which spec a candidate computes, whatever it claims: every spec against the same numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from oracle.conformance.bench import Bench
from oracle.conformance.golden import GoldenCheck, checks
from oracle.conformance.outcomes import Finding, NotClaimed
from oracle.conformance.problem import Answer, in_float64, needs_digits, solve
from oracle.diagnosis.diagnose import diagnose
from oracle.diagnosis.hypotheses import other_systems
from oracle.errors import OracleError
from oracle.record import Interval, Record
from oracle.specification.spec import Hyper
from oracle.systems import spec as find_spec

SEARCHED = 3
"""How many cases that no spec explains are searched for a slip; the shortest are the quickest."""

MANY = 3
"""How many steps a case has that tells one optimizer from another, and how many such it takes."""


@dataclass
class Agreement:
    """In how many golden cases one spec is what a candidate computes."""

    spec: str
    right: int = 0
    wrong: int = 0
    instead: int = 0
    """In how many it is right where the claimed spec is wrong."""
    long: int = 0
    """In how many it is right that have `MANY` steps."""

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
    agreements: list[Agreement]
    """The claimed spec first, then those that are right in some case, the best first."""
    slips: Counter[str] = field(default_factory=Counter)
    """What explains the cases in which the claimed spec is wrong, where no other spec is right."""
    raised: list[str] = field(default_factory=list)
    """What the candidate does wrong in the cases that give no number."""

    @property
    def is_claimed(self) -> bool:
        """Whether the candidate computes what it claims, as far as golden cases tell."""
        return bool(self.agreements) and self._is_named(self.agreements[0])

    @property
    def computed(self) -> list[str]:
        """The specs that it computes instead."""
        return [t.spec for t in self.agreements[1:] if t.instead and self._is_named(t)]

    def _is_named(self, agreement: Agreement) -> bool:
        """Whether a spec has been right often enough, and never wrong.

        That is in more than half of the candidate's cases that can tell anything, several of them
        of several steps: in a single step, and in the few cases that set only what two libraries
        share, many optimizers are the same.
        """
        telling = max(self.agreements[0].asked, agreement.asked)
        return (
            not agreement.wrong
            and 2 * agreement.right > telling
            and agreement.long >= min(MANY, telling)
        )

    @property
    def nearest(self) -> str:
        """The spec that has most of its numbers where its claim is wrong; empty if none has."""
        telling = self.agreements[0].asked
        better = [t for t in self.agreements[1:] if t.instead and 2 * t.right > telling and t.long]
        return max(better, key=lambda agreement: agreement.share).spec if better else ""


def identities(bench: Bench) -> Iterator[Identity]:
    """Find out, for every claim in every dtype of a bench, which specs it computes."""
    found = list(checks(bench))
    for claim, dtype in bench.per_dtype():
        mine = [check for check in found if check.claim is claim and check.dtype == dtype]
        identity = Identity(claim.spec, claim.mode, dtype, [])
        shown = list(_shown(mine, identity.raised))
        identity.agreements = _agreements(claim.spec, shown)
        if not identity.is_claimed and not identity.computed:
            identity.slips = _slips(shown)
        yield identity


def _shown(mine: Sequence[GoldenCheck], raised: list[str]) -> Iterator[Answer]:
    """Yield what a candidate shows; where it shows nothing, what it does is added to a list."""
    for check in sorted(mine, key=lambda check: check.golden.steps):
        try:
            yield check.answer(check.problem())
        except NotClaimed:
            continue
        except Finding as finding:
            raised.append(str(finding))


def _agreements(claimed: str, shown: Sequence[Answer]) -> list[Agreement]:
    agreements = {claimed: Agreement(claimed)}
    for one in shown:
        given = one.problem.hyper
        is_right = _is_right(one, claimed, dict(given))
        _count(agreements[claimed], is_right, one)
        for spec, hyper in other_systems(find_spec(claimed), given):
            agreement = agreements.setdefault(spec.id, Agreement(spec.id))
            _count(agreement, _is_right(one, spec.id, hyper), one, instead=is_right is False)
    mine = agreements.pop(claimed)
    others = sorted(agreements.values(), key=lambda t: (-t.share, -t.right, t.spec))
    return [mine, *(agreement for agreement in others if agreement.right)]


def _count(
    agreement: Agreement, is_right: bool | None, one: Answer, *, instead: bool = False
) -> None:
    agreement.right += is_right is True
    agreement.wrong += is_right is False
    agreement.instead += is_right is True and instead
    agreement.long += is_right is True and len(one.problem.feed.grads) >= MANY


def _is_right(one: Answer, spec: str, hyper: Hyper) -> bool | None:
    """Whether a spec has the candidate's numbers; None where it cannot be asked."""
    vacuous, asked = True, replace(one.problem, spec=spec, hyper=hyper)
    try:
        if needs_digits(asked.precision) and _fails(one, in_float64(asked)):
            return False
        for record in solve(asked):
            verdict = one.judged([record])
            if verdict.failed:
                return False
            vacuous = vacuous and verdict.vacuous
    except (OracleError, ArithmeticError, TypeError, ValueError):
        return None
    return None if vacuous else True


def _fails(one: Answer, truth: Iterable[Record[Interval]]) -> bool:
    """Whether any step fails; the first that does spares those after it."""
    return any(one.judged([record]).failed for record in truth)


def _slips(shown: Sequence[Answer]) -> Counter[str]:
    """Count what explains the first cases that are wrong."""
    counts: Counter[str] = Counter()
    for one in shown:
        if counts.total() == SEARCHED:
            break
        evidence = one.evidence
        if evidence.worst:
            counts[next(diagnose(evidence, 5.0)).what] += 1
    return counts
