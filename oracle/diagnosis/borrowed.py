"""What other libraries have in the place of a formula, or of what is around it, as hypotheses."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from oracle.diagnosis.coupled import coupled_versions
from oracle.diagnosis.decays import other_decays, other_time_decays
from oracle.diagnosis.each_parameter import once_for_each
from oracle.diagnosis.groups import other_groups
from oracle.diagnosis.habits import HABITS
from oracle.diagnosis.hypotheses import FORMULA, LIKELY, Hypothesis, told_of
from oracle.diagnosis.late import a_step_late
from oracle.diagnosis.moved import moved_versions
from oracle.diagnosis.orders import other_orders
from oracle.diagnosis.pairs import Near
from oracle.diagnosis.rewritten import any_epsilon, rewritten_around
from oracle.diagnosis.rows import other_rows
from oracle.diagnosis.statements import Passes, versions_by
from oracle.diagnosis.together import exchanged, other_defaults
from oracle.mutation.surroundings import function_of, functions_run
from oracle.mutation.versions import Version
from oracle.problem import Problem
from oracle.rules.rule import Rule
from oracle.specification.spec import Spec


def borrowed_versions(
    rule: Rule,
    places: Collection[int],
    passes: Passes,
    near: Near,
    shown: frozenset[str],
) -> Iterator[Version]:
    """Yield the versions of a rule with one habit of another library; ``shown`` are its outputs."""
    yield from coupled_versions(rule)
    yield from versions_by(HABITS, rule, places, passes)
    yield from moved_versions(rule, shown, near)


def borrowed_hypotheses(
    spec: Spec, hyper: Mapping[str, Any], problem: Problem
) -> Iterator[Hypothesis]:
    """Yield what a spec comes to with other numbers, or with another step around its rule."""
    yield from exchanged(spec, hyper, problem)
    yield from other_defaults(spec, hyper)
    yield from other_orders(spec, hyper, problem)
    yield from other_decays(spec, hyper)
    yield from other_time_decays(spec, hyper)
    yield from once_for_each(spec, hyper, problem)
    yield from a_step_late(spec, problem)
    yield from other_rows(spec, problem)
    yield from other_groups(spec, hyper)
    for part in functions_run(spec, hyper, problem):
        if not isinstance(part, Rule):
            for wrong, make in rewritten_around(spec, function_of(part)):
                text = told_of(wrong)
                yield Hypothesis(text, (FORMULA, LIKELY), make, any_epsilon(text))
