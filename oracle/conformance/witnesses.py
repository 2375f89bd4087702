"""What a candidate does elsewhere: an explanation of one failure has to hold there as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import oracle
from oracle.conformance.bench import Check
from oracle.conformance.explanation import Witness
from oracle.conformance.golden import GoldenCheck, fixture
from oracle.conformance.outcomes import Finding, NotClaimed
from oracle.conformance.problem import Problem
from oracle.golden import Case, available

LONGEST = 10
"""How many steps a case may have that is run for an explanation only."""


def witnesses(check: Check, problem: Problem) -> Iterator[Witness]:
    """Yield what the candidate shows in golden cases of the same form of the rule.

    Those that share most arguments with the problem come by turns with those that set fewest.
    """
    for case in _chosen(check, problem) if problem.spec in available() else ():
        other = GoldenCheck(check.bench, check.claim, check.dtype, check.test, case)
        try:
            asked = other.problem()
            yield asked, other.precision, other.observed(asked)
        except (Finding, NotClaimed):
            continue


def _chosen(check: Check, problem: Problem) -> Iterator[Case]:
    spec, hyper = oracle.spec(problem.spec), problem.hyper
    rule = spec.program(hyper).rule
    cases = [
        case
        for case in fixture(problem.spec).cases
        if check.dtype in case.dtypes
        and case.steps <= LONGEST
        and case.id != check.case
        and spec.program(case.hyper).rule is rule
    ]
    near = sorted(cases, key=lambda case: -_shared(case.hyper, hyper))
    plain = sorted(cases, key=lambda case: len(case.hyper))
    by_turns = chain.from_iterable(zip(near, plain, strict=True))
    return iter({case.id: case for case in by_turns}.values())


def _shared(mine: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """Return how many arguments two cases share; a schedule is another argument than a number."""
    kinds = ({(name, isinstance(v, Mapping)) for name, v in case.items()} for case in (mine, other))
    return len(set.intersection(*kinds))
