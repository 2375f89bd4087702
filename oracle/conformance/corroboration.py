"""What a candidate does elsewhere: an explanation of one failure has to hold there as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from itertools import chain, zip_longest
from typing import Any

import oracle
from oracle.conformance.check import Check
from oracle.conformance.golden import GoldenCheck, fixture
from oracle.conformance.outcomes import Finding, NotClaimed
from oracle.conformance.problem import Answer, Task
from oracle.golden import Case
from oracle.golden.at_hand import has_golden
from oracle.specification.spec import Spec

LONGEST = 10
"""How many steps a case may have that is run for an explanation only."""


def corroborating(check: Check, problem: Task) -> Iterator[Answer]:
    """Yield what the candidate shows in other golden cases.

    By turns come those that share most with the problem, the plainest for each thing that can be
    shared, what is rare first, and the plainest of the same form of the rule.
    """
    for case in _chosen(check, problem) if has_golden(problem.spec) else ():
        other = GoldenCheck(check.bench, check.claim, check.dtype, case)
        try:
            yield other.answer(other.problem())
        except (Finding, NotClaimed):
            continue


def _chosen(check: Check, problem: Task) -> Iterator[Case]:
    spec = oracle.spec(problem.spec)
    rule, mine = spec.program(problem.hyper).rule.name, _kinds(spec, problem.hyper)
    cases = {
        case: _kinds(spec, case.hyper)
        for case in fixture(problem.spec).cases
        if check.dtype in case.dtypes and case.steps <= LONGEST and case.id != check.case
    }
    common = Counter(chain.from_iterable(cases.values()))
    near = sorted(cases, key=lambda case: -sum(1 / common[kind] for kind in mine & cases[case]))
    plain = sorted(cases, key=lambda case: len(case.hyper))
    each = [
        next(case for case in plain if kind in cases[case])
        for kind in sorted(mine & common.keys(), key=lambda kind: (common[kind], str(kind)))
    ]
    alike = [case for case in plain if rule in cases[case]]
    by_turns = chain.from_iterable(zip_longest(near, each, alike))
    return iter(dict.fromkeys(case for case in by_turns if case is not None))


def _kinds(spec: Spec, hyper: Mapping[str, Any]) -> set[Hashable]:
    """Return the form of the rule, and the arguments given; a schedule is one of another kind."""
    return {spec.program(hyper).rule.name, *((n, isinstance(v, Mapping)) for n, v in hyper.items())}
