"""A slot that starts elsewhere, or that keeps another quantity than its own."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from oracle.arithmetic.base import Arithmetic, Number
from oracle.diagnosis.evidence import Evidence
from oracle.diagnosis.hypotheses import NUMBER, STATEMENT, Hypothesis, edited
from oracle.diagnosis.values import Measure, root, simple
from oracle.mutation.substitute import substituted
from oracle.mutation.trees import rebuilt
from oracle.mutation.versions import Edit, Version, function_of, place_of, version_of
from oracle.rules.rule import Rule
from oracle.specification.spec import Program
from oracle.specification.step import Step, updates_before
from oracle.specification.transformation import Transformation

_FIRST: Mapping[str, Callable[[Arithmetic, Number], Number]] = {
    "the first gradient": lambda xp, g: g,
    "the square of the first gradient": lambda xp, g: xp.square(g),
    "the magnitude of the first gradient": lambda xp, g: xp.abs(g),
}
"""What an average may start from, so that its first value is no share of a gradient."""


def other_starts(seen: Evidence, rules: Collection[Rule], off: Measure) -> Iterator[Hypothesis]:
    """Yield the slots of these rules that start at another number, or as what comes first."""
    for rule in rules:
        for name in _own(rule):
            yield from _started(seen, rule, name, off)
            yield from (_first(seen, name, called) for called in _FIRST)


def others_kept(seen: Evidence, rules: Collection[Rule]) -> Iterator[Hypothesis]:
    """Yield the slots of these rules that keep another quantity than their own."""
    for rule in rules:
        for version in _kept_versions(rule):
            yield edited(seen.spec, rule, version, (STATEMENT, 0.9))


def _own(rule: Rule) -> list[str]:
    """Return the slots in which each element has a number of its own, which can be seen."""
    return [name for name, slot in rule.slots.items() if not (slot.scalar or slot.hidden)]


def _started(seen: Evidence, rule: Rule, name: str, off: Measure) -> Iterator[Hypothesis]:
    """Yield a slot with the start that explains one element, if it is a simple number."""
    slot = rule.slots[name]
    if isinstance(slot.initial, str):
        return

    def version_with(number: float) -> Version:
        return Version(
            f"{rule.name}:start:{name}.{number}",
            "start",
            f"{name} starts at {slot.initial}",
            f"{name} starts at {number}",
            place_of(rule),
            replace(rule, slots={**rule.slots, name: replace(slot, initial=number)}),
        )

    def off_at(number: float) -> float:
        return off(substituted(seen.spec, rule, version_with(number).rule).program(seen.hyper))

    for number, digits in simple(root(off_at, float(slot.initial))):
        yield edited(seen.spec, rule, version_with(number), (NUMBER, digits))


def _kept_versions(rule: Rule) -> Iterator[Version]:
    """Yield the versions that return for a slot what another name or a part of a formula is."""
    function = function_of(rule)
    *before, last = function.body
    assert isinstance(last, ast.Return)
    assert isinstance(last.value, ast.Tuple)
    statements = [s for s in before if isinstance(s, ast.Assign)]
    for slot, node in zip(rule.slots, last.value.elts[1:], strict=True):
        for other in sorted(_others(ast.unparse(node), statements)):
            kept = rebuilt(last, node, ast.parse(other, mode="eval").body)
            edit = Edit("keep-other", f"{slot}-{other}", (*before, kept), (len(before),))
            yield version_of(rule, function, edit, f"{rule.name}:keep-other:{slot}-{other}")


def _others(name: str, statements: Collection[ast.Assign]) -> set[str]:
    """Return what else has a name, and the sums and quotients in which this one is a term."""
    names = {ast.unparse(s.targets[0]) for s in statements}
    nodes = [node for s in statements for node in ast.walk(s.value) if isinstance(node, ast.BinOp)]
    parts = {ast.unparse(node) for node in nodes if _is_term(name, node)}
    return (names | parts) - {name}


def _is_term(name: str, node: ast.BinOp) -> bool:
    return name in (ast.unparse(node.left), ast.unparse(node.right))


def _first(seen: Evidence, name: str, called: str) -> Hypothesis:
    def make(hyper: Mapping[str, Any]) -> Program:
        program = seen.spec.program(hyper)
        return replace(program, stages=tuple(_staged(program, name, called)))

    return Hypothesis(f"slot {name} starts as {called}", (STATEMENT, 0.5), make)


def _staged(program: Program, name: str, called: str) -> Iterator[Transformation]:
    for stage in program.stages:
        if stage.name == "update":
            yield Transformation("fill", partial(_fill, name, _FIRST[called]))
        yield stage


def _fill(name: str, of: Callable[[Arithmetic, Number], Number], step: Step) -> None:
    """Let a slot have been what the first gradient is, before the first update."""
    if updates_before(step) == 0:
        for k in step.present():
            gradient = step.grads[k]
            if isinstance(gradient, Number):
                step.slots[name][k] = of(step.xp, gradient)
