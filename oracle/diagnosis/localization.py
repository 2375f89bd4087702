"""Where a candidate goes wrong: which statements can be it, which arrays and steps are."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from oracle.diagnosis.told import Told
from oracle.mutation.trees import line_of, names_in
from oracle.mutation.versions import function_of, place_of
from oracle.record import Name
from oracle.rules.rule import Rule

FEW = 2
"""How many statements may be told as those that can be wrong."""


def statements_at_fault(rule: Rule, wrong: Collection[str], right: Collection[str]) -> list[int]:
    """Return the statements of a rule of which any alone explains which outputs are wrong.

    ``wrong`` and ``right`` are names of slots, empty for the parameter, after the first step that
    is wrong at all: a wrong statement shows in all that depends on it, and in nothing else. None
    is where something is wrong that is not the rule's.
    """
    needs = _needs(rule)
    if not wrong or not set(wrong) <= needs.keys():
        return []
    among = set.intersection(*(needs[name] for name in wrong))
    for name in right:
        among -= needs.get(name, set())
    return sorted(among)


def _needs(rule: Rule) -> dict[str, set[int]]:
    """Return, for the parameter and each slot, the statements that it depends on."""
    function = function_of(rule)
    depends: dict[str, set[int]] = {}
    for i, statement in enumerate(function.body[:-1]):
        assert isinstance(statement, ast.Assign)
        names = names_in(statement.value)
        found = set[int]().union(*(depends.get(name, set()) for name in names))
        depends[ast.unparse(statement.targets[0])] = {*found, i}
    last = function.body[-1]
    assert isinstance(last, ast.Return)
    assert isinstance(last.value, ast.Tuple)
    outputs = zip(("", *rule.slots), last.value.elts, strict=True)
    return {name: depends.get(ast.unparse(node), set()) for name, node in outputs}


def statements_told(rule: Rule, places: Sequence[int]) -> Iterator[Told]:
    """Yield the statements that can be wrong, if they are few."""
    if 0 < len(places) <= FEW:
        told = f"something unknown instead of {named(rule, places)}"
        line = f"{told}: all that comes before it is right"
        yield Told(line, line)


def named(rule: Rule, places: Sequence[int]) -> str:
    """Return statements of a rule with the lines that they are on."""
    body = function_of(rule).body
    return " or ".join(f"`{line_of(body[i])}` ({place_of(rule, body[i].lineno)})" for i in places)


def extent(outside: Mapping[int, Mapping[Name, npt.NDArray[np.bool_]]]) -> Iterator[str]:
    """Yield in which arrays, elements and steps alone a candidate is wrong, where that is special.

    ``outside`` has, for every step and array, which elements are outside their bounds.
    """
    arrays = [{k for (_, k), mask in row.items() if mask.size} for row in outside.values()]
    wrong = {k for row in outside.values() for (_, k), mask in row.items() if mask.any()}
    others = set().union(*arrays) - wrong
    if len(wrong) == 1 and others:
        yield f"only param {min(wrong)} is wrong: {_listed(others)} right"
    masks = [mask for row in outside.values() for mask in row.values() if mask.size > 1]
    hit = [mask.ravel() for mask in masks if mask.any()]
    for place, name in ((0, "first"), (-1, "last")):
        if hit and all(mask[place] and mask.sum() == 1 for mask in hit):
            yield f"only the {name} element of an array is wrong"
    steps = [step for step, row in outside.items() if any(mask.any() for mask in row.values())]
    if len(outside) > len(steps) > 0 and steps[-1] < max(outside):
        noun = "steps" if len(steps) > 1 else "step"
        yield f"only {noun} {_listed(steps)} wrong: the steps after are right"


def _listed(numbers: Collection[int]) -> str:
    """Return numbers with their verb, three and more in a row as a range."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = [
        name
        for run in runs
        for name in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))
    ]
    start, last = ", ".join(told[:-1]), told[-1]
    return f"{start} and {last} are" if start else f"{last} {'are' if len(numbers) > 1 else 'is'}"
