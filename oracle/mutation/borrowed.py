"""The slips that are alive in other libraries, as suspects: of rules and of what is around them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import FunctionType
from typing import Any

from oracle.mutation.decays import other_decays, other_time_decays
from oracle.mutation.each_parameter import once_for_each
from oracle.mutation.groups import other_groups
from oracle.mutation.habits import HABITS
from oracle.mutation.late import a_step_late
from oracle.mutation.moved import moved_versions
from oracle.mutation.orders import other_orders
from oracle.mutation.pairs import Near
from oracle.mutation.rewritten import any_epsilon, rewritten_around
from oracle.mutation.rows import other_rows
from oracle.mutation.statements import Passes, versions_by
from oracle.mutation.surroundings import functions_run
from oracle.mutation.suspects import FORMULA, LIKELY, Suspect, told_of
from oracle.mutation.together import exchanged, other_defaults
from oracle.mutation.versions import Version
from oracle.problem import Problem
from oracle.rules.rule import Rule
from oracle.systems.base import Spec


def borrowed_versions(
    rule: Rule,
    places: Collection[int],
    passes: Passes,
    near: Near,
    shown: frozenset[str],
) -> Iterator[Version]:
    """Yield the versions of a rule with one habit of another library; ``shown`` are its outputs."""
    yield from versions_by(HABITS, rule, places, passes)
    yield from moved_versions(rule, shown, near)


def borrowed_suspects(spec: Spec, hyper: Mapping[str, Any], problem: Problem) -> Iterator[Suspect]:
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
        if isinstance(part, FunctionType):
            for wrong, make in rewritten_around(spec, part):
                text = told_of(wrong)
                yield Suspect(text, (FORMULA, LIKELY), make, any_epsilon(text))
