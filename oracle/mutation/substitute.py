"""A spec with one of its rules exchanged for a wrong version."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from oracle.arithmetic.base import Number
from oracle.arithmetic.doubles import Doubles
from oracle.mutation.versions import Version, other_forms, versions_of
from oracle.problem import Problem
from oracle.rules.rule import PARAMETER, Rule
from oracle.specification.forms import Forms
from oracle.specification.spec import Program, Spec
from oracle.trajectories import states


def substituted(spec: Spec, right: Rule, wrong: Rule) -> Spec:
    """Return ``spec`` with ``wrong`` wherever it runs ``right``, on sparse gradients too."""

    def exchanged(forms: Forms) -> Forms:
        return {row: wrong if rule is right else rule for row, rule in forms.items()}

    sparse = spec.sparse and replace(spec.sparse, forms=exchanged(spec.sparse.forms))
    return replace(spec, forms=exchanged(spec.forms), apart=exchanged(spec.apart), sparse=sparse)


class _Called(Exception):  # noqa: N818 - a signal, not an error
    """A rule was run."""


def rules_run(spec: Spec, hyper: Mapping[str, Any] | None, problem: Problem) -> list[Rule]:
    """Return the rules that a run uses and that `substituted` can exchange.

    Wrappers, and optimizers whose stages call a rule by its name, have none.
    """
    rules = [rule for rule in spec.all_forms if _is_run(spec, rule, hyper, problem)]
    return list({id(rule): rule for rule in rules}.values())


def _is_run(spec: Spec, rule: Rule, hyper: Mapping[str, Any] | None, problem: Problem) -> bool:
    def signal(*_: Any, **__: Any) -> tuple[Number, ...]:
        raise _Called

    program = substituted(spec, rule, replace(rule, function=signal)).program(hyper)
    try:
        deque(states(Doubles(), program, problem), maxlen=0)
    except _Called:
        return True
    return False


def wrong_versions(
    spec: Spec, right: Rule, hyper: Mapping[str, Any] | None
) -> Iterator[tuple[Version, Spec]]:
    """Yield every wrong version of a rule that can be run, with what it makes of the spec."""
    program = spec.program(hyper)
    for version in (*versions_of(right), *other_forms(right)):
        if has_numbers(spec, right, version.rule, program) and fits_slots(right, version.rule):
            yield version, substituted(spec, right, version.rule)


def has_numbers(spec: Spec, right: Rule, rule: Rule, program: Program) -> bool:
    """Whether a program has every number that a rule and its slots ask for, as the right one's."""
    known = {"learning_rate", *program.numeric, *spec.names, *right.hyper, PARAMETER}
    starts = {slot.initial for slot in rule.slots.values() if isinstance(slot.initial, str)}
    return {*rule.hyper, *starts} <= known


def fits_slots(right: Rule, wrong: Rule) -> bool:
    """Whether the slots of two rules are both numbers of the parameter's shape, or the same."""
    both = (*right.slots.values(), *wrong.slots.values())
    return right.slots.keys() == wrong.slots.keys() or not any(slot.hidden for slot in both)
