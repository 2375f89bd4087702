"""The wrong versions of a rule: each one edit of its formula, with a name, ready to run."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import FunctionType
from typing import Any

from oracle.homes import file_of
from oracle.mutation.operators import OPERATORS, Scene, called
from oracle.mutation.trees import line_of, names_in, rebuilt, rebuilt_at, simplified
from oracle.mutation.wrong import Wrong
from oracle.rules.rule import Rule

_ORDER = ["other-form", "swap-arguments", "shift-every-time", *OPERATORS, "start", "keep-slot"]
_RANKS = {operator: rank for rank, operator in enumerate(_ORDER)}
"""The likelier slip first; those beside `OPERATORS` are not about one expression."""


@dataclass(frozen=True)
class EditedRule(Rule):
    """A rule that is made from edited source."""

    text: str = ""
    """The source of the function."""

    @property
    def source(self) -> str:
        """Return the source that the rule was made from."""
        return self.text


@dataclass(frozen=True, eq=False)
class Version(Wrong):
    """One wrong version of a rule."""

    rule: Rule
    """What runs in the place of the right rule."""


@dataclass(frozen=True)
class Edit:
    """A rule with some of its statements changed."""

    operator: str
    place: str
    body: tuple[ast.stmt, ...]
    changed: tuple[int, ...]
    """Which statements are changed."""


@dataclass(frozen=True, eq=False)
class _Key:
    """A rule as a key of a cache: rules hold mappings, which cannot be one."""

    rule: Rule

    def __hash__(self) -> int:
        return hash(self.rule.function)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.rule.function is other.rule.function


def versions_of(rule: Rule) -> tuple[Version, ...]:
    """Return every wrong version of a rule, those with the same source once; the likelier first."""
    return _versions_of(_Key(rule))


@cache
def _versions_of(key: _Key) -> tuple[Version, ...]:
    rule, found = key.rule, dict[str, Version]()
    original = function_of(rule)
    seen = {_text(original.body)}
    for edit in _edits(rule, original):
        text = _text(edit.body)
        if text not in seen:
            seen.add(text)
            alike = f"{rule.name}:{edit.operator}:{edit.place}."
            number = 1 + sum(id.startswith(alike) for id in found)
            found[f"{alike}{number}"] = version_of(rule, original, edit, f"{alike}{number}")
    return tuple(sorted([*found.values(), *_starts(rule)], key=likelihood))


def likelihood(version: Version) -> int:
    """Return the rank of a slip: the likelier ones have the lower numbers."""
    return _RANKS[version.operator]


def function_of(rule: Rule) -> ast.FunctionDef:
    """Return the syntax tree of a rule, without decorator and docstring."""
    function = ast.parse(textwrap.dedent(rule.source)).body[0]
    assert isinstance(function, ast.FunctionDef)
    function.decorator_list.clear()
    if ast.get_docstring(function) is not None:
        del function.body[0]
    return function


def _text(body: Sequence[ast.stmt]) -> str:
    return "\n".join(map(line_of, body))


def _edits(rule: Rule, function: ast.FunctionDef) -> Iterator[Edit]:
    for name, operator in OPERATORS.items():
        for i, scene, statement in scenes(rule, function):
            for node in ast.walk(statement.value):
                if isinstance(node, ast.expr):
                    for text in operator(node, scene):
                        new = ast.parse(text, mode="eval").body
                        edited = simplified(rebuilt(statement, node, new))
                        body = _with(function.body, i, edited)
                        yield Edit(name, scene.target, body, (i,))
    yield from _everywhere(rule, function)
    yield from _kept(rule, function)


def _with(body: Sequence[ast.stmt], i: int, statement: ast.stmt) -> tuple[ast.stmt, ...]:
    return (*body[:i], statement, *body[i + 1 :])


def scenes(rule: Rule, function: ast.FunctionDef) -> Iterator[tuple[int, Scene, ast.Assign]]:
    """Yield each statement of a rule with its number, and what an operator may know around it."""
    slots = _new_slots(rule, function)
    assigned: dict[str, ast.expr] = {}
    for statement in function.body[:-1]:
        assert isinstance(statement, ast.Assign)
        assigned[ast.unparse(statement.targets[0])] = statement.value
    corrections = _corrections(function)
    for i, (target, statement) in enumerate(zip(assigned, function.body, strict=False)):
        assert isinstance(statement, ast.Assign)
        known = {name: assigned[name] for name in list(assigned)[:i]}
        later = {name: assigned[name] for name in list(assigned)[i:]}
        upcoming = {
            name: value
            for name, value in later.items()
            if name != target and not names_in(value) & set(later)
        }
        yield i, Scene(target, rule.hyper, slots, known, upcoming, corrections), statement


def _new_slots(rule: Rule, function: ast.FunctionDef) -> dict[str, str]:
    last = function.body[-1]
    assert isinstance(last, ast.Return)
    assert isinstance(last.value, ast.Tuple)
    return dict(zip(rule.slots, map(ast.unparse, last.value.elts[1:]), strict=True))


def _corrections(function: ast.FunctionDef) -> tuple[str, ...]:
    roots = [
        ast.unparse(node)
        for statement in function.body
        for node in ast.walk(statement)
        if isinstance(node, ast.expr) and any("t" in names_in(x) for x in called(node, "sqrt"))
    ]
    return tuple(dict.fromkeys(roots))


def other_forms(rule: Rule) -> Iterator[Version]:
    """Yield the other rules of the same family, as what somebody may have taken for this one."""
    family = vars(sys.modules[rule.function.__module__])
    for other in family.values():
        if isinstance(other, Rule) and other.function is not rule.function:
            yield Version(
                f"{rule.name}:other-form:{other.name}",
                "other-form",
                _formula(rule),
                _formula(other),
                place_of(other),
                other,
            )


def _formula(rule: Rule) -> str:
    told = (inspect.getdoc(rule.function) or "").partition("\n")[0].rstrip(".")
    return f"{rule.name} ({told})" if told else rule.name


def _everywhere(rule: Rule, function: ast.FunctionDef) -> Iterator[Edit]:
    """Exchange two hyperparameters, or shift the step count, wherever they stand."""
    decays = [name for name in rule.hyper if name not in ("learning_rate", "epsilon")]
    for i, first in enumerate(decays):
        for second in decays[i + 1 :]:
            swap = {first: second, second: first}
            yield _renamed(function, "swap-arguments", f"{first}-{second}", swap)
    for number, text in enumerate(("t - 1", "t + 1", "1"), start=1):
        yield _renamed(function, "shift-every-time", f"t-{number}", {"t": f"({text})"})


def _renamed(
    function: ast.FunctionDef, operator: str, place: str, names: Mapping[str, str]
) -> Edit:
    body = []
    for statement in function.body:
        edited = statement
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and node.id in names:
                new = ast.parse(names[node.id], mode="eval").body
                edited = rebuilt_at(edited, statement, node, new)
        body.append(simplified(edited))
    changed = [i for i, s in enumerate(body) if line_of(s) != line_of(function.body[i])]
    return Edit(operator, place, tuple(body), tuple(changed))


def _kept(rule: Rule, function: ast.FunctionDef) -> Iterator[Edit]:
    """Return a slot as it was, or the parameter."""
    last = function.body[-1]
    assert isinstance(last, ast.Return)
    assert isinstance(last.value, ast.Tuple)
    for name, node in zip(("p", *rule.slots), last.value.elts, strict=True):
        new = rebuilt(last, node, ast.Name(name, ast.Load()))
        body = _with(function.body, len(function.body) - 1, new)
        yield Edit("keep-slot", name, body, (len(body) - 1,))


def version_of(rule: Rule, function: ast.FunctionDef, edit: Edit, id: str) -> Version:
    """Return the wrong version that an edit makes of a rule."""
    arguments = ast.unparse(function.args)
    text = f"def {function.name}({arguments}):\n" + textwrap.indent(_text(edit.body), "    ")
    names: dict[str, Any] = {}
    exec(compile(text, inspect.getfile(rule.function), "exec"), rule.function.__globals__, names)
    made = names[function.name]
    assert isinstance(made, FunctionType)
    edited = EditedRule(rule.name, made, rule.slots, rule.cites, rule.hyper, text)
    first = edit.changed[0] if edit.changed else 0
    return Version(
        id,
        edit.operator,
        "; ".join(line_of(function.body[i]) for i in edit.changed),
        "; ".join(line_of(edit.body[i]) for i in edit.changed),
        place_of(rule, function.body[first].lineno),
        edited,
    )


def place_of(rule: Rule, line: int = 1) -> str:
    """Return the file of a rule, and the line that is line ``line`` of its source."""
    first = rule.function.__code__.co_firstlineno
    return f"{file_of(rule.function.__module__)}:{first + line - 1}"


def _starts(rule: Rule) -> Iterator[Version]:
    """Let a slot start at another number."""
    for name, slot in rule.slots.items():
        for start in (0, 1):
            if slot.initial != start and not slot.hidden:
                slots = {**rule.slots, name: replace(slot, initial=start)}
                yield Version(
                    f"{rule.name}:start:{name}.{start}",
                    "start",
                    f"{name} starts at {slot.initial}",
                    f"{name} starts at {start}",
                    place_of(rule),
                    replace(rule, slots=slots),
                )
