"""When each form of a rule is chosen, and which arguments bring a slot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias, TypeVar

from oracle.errors import HyperparameterError
from oracle.rules.rule import Rule
from oracle.specification.forms import chosen, deciding
from oracle.specification.options import demanded, needs
from oracle.specification.spec import Argument, Hyper, Program, Spec

Made = TypeVar("Made")

Table: TypeAlias = dict[tuple[bool, ...], Rule]
"""The rule for each choice of default (False) or not (True) for the arguments that matter."""


@dataclass(frozen=True)
class Change:
    """An argument away from its default, and how one says so."""

    argument: str
    value: Any
    changed: str
    unchanged: str


def changes(spec: Spec) -> list[Change]:
    """Return one other value for each argument that has one, in the order of the arguments."""
    made = (_change(argument, demanded(spec)) for argument in spec.arguments.values())
    return [change for change in made if change is not None]


def conditions(spec: Spec) -> dict[str, str]:
    """Say for each form, by its name, when it is chosen; a spec with one form needs no saying."""
    if len(spec.forms) == 1:
        return {}
    names = [name for name in spec.arguments if name in deciding(spec.forms)]
    matter, table = [_changes(spec, name) for name in names], _table(spec, names)
    return {form.name: _condition(form, matter, table) for form in spec.forms.values()}


def programs(spec: Spec) -> Iterator[tuple[str, Program]]:
    """Yield the program of the defaults, and of each argument changed alone, with how to say so."""
    yield "", spec.program(demanded(spec))
    for change in changes(spec):
        needed = {n: spec.arguments[n].domain.on for n in needs(spec, change.argument)}
        given = {**demanded(spec), **needed, change.argument: change.value}
        program = _tried(spec.program, given)
        if program is not None:
            yield change.changed, program


def _change(argument: Argument, demanded: Hyper) -> Change | None:
    default = demanded.get(argument.name, argument.default)
    value: Any
    if isinstance(default, bool):
        value, changed, unchanged = not default, f"is {not default}", f"is {default}"
    elif default is None:
        value, changed, unchanged = argument.domain.on, "is given", "is not given"
    elif not isinstance(default, (int, float)):
        return None
    elif default == 0:
        value, changed, unchanged = argument.domain.on, "is not 0", "is 0"
    else:
        value, changed, unchanged = type(default)(0), "is 0", "is not 0"
    name = f"`{argument.name}`"
    if argument.domain.check(value) is not None:
        return None
    return Change(argument.name, value, f"{name} {changed}", f"{name} {unchanged}")


def _changes(spec: Spec, name: str) -> Change:
    """Return an argument that decides on the form, away from being off, and how one says so."""
    domain, default = spec.arguments[name].domain, spec.arguments[name].default
    if isinstance(default, bool) or default is None:
        found = _change(spec.arguments[name], demanded(spec))
        assert found is not None
        return found
    off = "is 0 or less" if domain.only_positive and domain.check(-domain.on) is None else "is 0"
    above = domain.only_positive or domain.check(-domain.on) is not None
    return Change(
        name, domain.on, f"`{name}` {'is above 0' if above else 'is not 0'}", f"`{name}` {off}"
    )


def _table(spec: Spec, names: Sequence[str]) -> Table:
    return {
        choice: chosen(spec.forms, [name for name, on in zip(names, choice, strict=True) if on])
        for choice in product((False, True), repeat=len(names))
    }


def _condition(form: Rule, matter: list[Change], table: Table) -> str:
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


def _said(matter: list[Change], choice: tuple[bool, ...], places: Iterable[int]) -> str:
    return " and ".join(matter[i].changed if choice[i] else matter[i].unchanged for i in places)


def _tried(make: Callable[[Hyper], Made], hyper: Hyper) -> Made | None:
    """Return what ``make`` makes, or None for arguments that the library refuses together."""
    try:
        return make(hyper)
    except HyperparameterError:
        return None
