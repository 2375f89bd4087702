"""A spec with one of its rules exchanged for a wrong version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from oracle.mutation.versions import Version, other_forms, versions_of
from oracle.rules.rule import Rule
from oracle.sparse import Sparse
from oracle.systems.base import Hyper, Program, Spec


def substituted(spec: Spec, right: Rule, wrong: Rule) -> Spec:
    """Return ``spec`` with ``wrong`` wherever it runs ``right``, on sparse gradients too."""

    def exchanged(rule: Rule) -> Rule:
        return wrong if rule is right else rule

    sparse = spec.sparse
    if sparse is not None and sparse.choose is not None:
        choose = sparse.choose
        sparse = replace(sparse, choose=lambda hyper: exchanged(choose(hyper)))
    return replace(spec, rules=lambda hyper: exchanged(spec.rules(hyper)), sparse=sparse)


def rules_run(
    spec: Spec, hyper: Mapping[str, Any] | None, grads: Sequence[Sequence[Any]]
) -> list[Rule]:
    """Return the rules that a run uses and that can be exchanged; none within a wrapper."""
    complete = spec.validate(hyper)
    given = [g for row in grads for g in row if g is not None]
    slices = [g for g in given if isinstance(g, Sparse)]
    found: list[Rule] = []
    if len(slices) < len(given) or spec.sparse is None or spec.sparse.choose is None:
        found.append(spec.library.program(spec, dict(complete)).rule)
    if slices and spec.sparse is not None and spec.sparse.choose is not None:
        found.append(spec.sparse.choose(complete))
    return [rule for rule in found if _is_exchanged(spec, rule, complete)]


def _is_exchanged(spec: Spec, rule: Rule, complete: Hyper) -> bool:
    """Whether `substituted` reaches a rule: a wrapper's own is not chosen by the spec."""
    probe = replace(rule)
    changed = substituted(spec, rule, probe)
    if changed.library.program(changed, dict(complete)).rule is probe:
        return True
    choose = changed.sparse.choose if changed.sparse else None
    return choose is not None and choose(complete) is probe


def wrong_programs(
    spec: Spec, right: Rule, hyper: Mapping[str, Any] | None
) -> Iterator[tuple[Version, Program]]:
    """Yield every wrong version of a rule with the program that it makes of the spec."""
    for version in (*versions_of(right), *other_forms(right)):
        program = substituted(spec, right, version.rule).program(hyper)
        if has_numbers(spec, version.rule, program) and fits_slots(right, version.rule):
            yield version, program


def has_numbers(spec: Spec, rule: Rule, program: Program) -> bool:
    """Whether a program has every hyperparameter that a rule and its slots ask for."""
    known = {"learning_rate", *program.numeric, *spec.names}
    starts = {slot.initial for slot in rule.slots.values() if isinstance(slot.initial, str)}
    return {*rule.hyper, *starts} <= known


def fits_slots(right: Rule, wrong: Rule) -> bool:
    """Whether the slots of two rules are both numbers of the parameter's shape, or the same."""
    both = (*right.slots.values(), *wrong.slots.values())
    return right.slots.keys() == wrong.slots.keys() or not any(slot.hidden for slot in both)
