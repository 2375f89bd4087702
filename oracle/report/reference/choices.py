"""Which arguments choose a form of the rule, or bring a slot: found by trying them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any, TypeAlias, TypeVar

from oracle.errors import HyperparameterError
from oracle.rules.rule import Rule
from oracle.specification.demanded import VALUES, demanded, first_accepted
from oracle.specification.spec import Argument, Hyper, Program, Spec

LARGEST_CHANGE = 3
"""How many arguments are changed at once in the search for those that matter."""

Made = TypeVar("Made")

Table: TypeAlias = dict[tuple[bool, ...], Rule]
"""The rule for each choice of default (False) or not (True) for the arguments that matter."""


@dataclass(frozen=True)
class Trial:
    """An argument away from its default, and how one says so."""

    argument: str
    value: Any
    changed: str
    unchanged: str


def trials(spec: Spec) -> list[Trial]:
    """Return one other value for each argument that has one, in the order of the arguments."""
    made = (_trial(argument, demanded(spec)) for argument in spec.arguments.values())
    return [trial for trial in made if trial is not None]


def conditions(spec: Spec) -> dict[str, str]:
    """Say for each form, by its name, when it is chosen; forms that no trial reaches are left out.

    A spec with one form needs no saying.
    """
    if len(spec.forms) == 1:
        return {}
    matter = _that_matter(spec)
    table = _table(spec, matter)
    said = {form.name: _condition(form, matter, table) for form in spec.forms}
    return {name: text for name, text in said.items() if text}


def programs(spec: Spec) -> Iterator[tuple[str, Program]]:
    """Yield the program of the defaults, and of each argument changed alone, with how to say so."""
    yield "", spec.program(demanded(spec))
    for trial in trials(spec):
        program = _tried(spec.program, {**demanded(spec), trial.argument: trial.value})
        if program is not None:
            yield trial.changed, program


def _trial(argument: Argument, demanded: Hyper) -> Trial | None:
    default = demanded.get(argument.name, argument.default)
    if isinstance(default, bool):
        values: tuple[Any, ...] = (not default,)
        changed, unchanged = f"is {not default}", f"is {default}"
    elif default is None:
        values, changed, unchanged = VALUES, "is given", "is not given"
    elif not isinstance(default, (int, float)):
        return None
    elif default == 0:
        values, changed, unchanged = (0.5, 1, -0.5), "is not 0", "is 0"
    else:
        values, changed, unchanged = (0.0, 0), "is 0", "is not 0"
    value = first_accepted(argument, values)
    name = f"`{argument.name}`"
    if value is None:
        return None
    return Trial(argument.name, value, f"{name} {changed}", f"{name} {unchanged}")


def _that_matter(spec: Spec) -> list[Trial]:
    """Return the trials that change the form, alone or together with a few others."""
    tried = trials(spec)
    rules: dict[frozenset[int], Rule | None] = {}
    for size in range(LARGEST_CHANGE + 1):
        for chosen in combinations(range(len(tried)), size):
            changed = {tried[i].argument: tried[i].value for i in chosen}
            rules[frozenset(chosen)] = _rule(spec, changed)
    mattering = {
        i
        for chosen, rule in rules.items()
        for i in chosen
        if rule is not None
        and (before := rules[chosen - {i}]) is not None
        and before.name != rule.name
    }
    return [_narrowed(spec, tried[i]) for i in sorted(mattering)]


def _narrowed(spec: Spec, trial: Trial) -> Trial:
    """Say "above 0" for "not 0" where a negative number counts as 0, or is refused."""
    if not trial.changed.endswith(" is not 0"):
        return trial
    rules = [_rule(spec, {trial.argument: value}) for value in (trial.value, 0.0, -trial.value)]
    positive, zero, negative = (rule and rule.name for rule in rules)
    if negative is None:
        return replace(trial, changed=f"`{trial.argument}` is above 0")
    if negative == zero != positive:
        said = f"`{trial.argument}` is above 0", f"`{trial.argument}` is 0 or less"
        return replace(trial, changed=said[0], unchanged=said[1])
    return trial


def _table(spec: Spec, matter: list[Trial]) -> Table:
    table: Table = {}
    for choice in product((False, True), repeat=len(matter)):
        changed = (trial for trial, on in zip(matter, choice, strict=True) if on)
        rule = _rule(spec, {trial.argument: trial.value for trial in changed})
        if rule is not None:
            table[choice] = rule
    return table


def _condition(form: Rule, matter: list[Trial], table: Table) -> str:
    """Say when the table chooses a form: by the arguments that are the same in all its choices.

    Where these do not tell it from the other forms, every choice is said by itself.
    """
    choices = [choice for choice, rule in table.items() if rule.name == form.name]
    if not choices:
        return ""
    fixed = [i for i in range(len(matter)) if len({choice[i] for choice in choices}) == 1]
    alike = [c for c in table if all(c[i] == choices[0][i] for i in fixed)]
    if len(alike) == len(choices):
        return _said(matter, choices[0], fixed)
    return "; or ".join(_said(matter, choice, range(len(matter))) for choice in choices)


def _said(matter: list[Trial], choice: tuple[bool, ...], places: Iterable[int]) -> str:
    return " and ".join(matter[i].changed if choice[i] else matter[i].unchanged for i in places)


def _rule(spec: Spec, hyper: Hyper) -> Rule | None:
    return _tried(lambda given: spec.rules(spec.validate(given)), {**demanded(spec), **hyper})


def _tried(make: Callable[[Hyper], Made], hyper: Hyper) -> Made | None:
    """Return what ``make`` makes, or None for arguments that the library refuses together."""
    try:
        return make(hyper)
    except HyperparameterError:
        return None
