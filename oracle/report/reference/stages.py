"""The order of operations: the stages of a spec's programs, each with what its docstring says."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from oracle.report.reference.choices import programs
from oracle.specification.spec import Program, Spec
from oracle.specification.step import Stage, update_with

_UPDATE = "Apply the formula to every parameter that has a gradient."
_INNER = ".<locals>."


@dataclass(frozen=True)
class Operation:
    """One stage, for a reader."""

    name: str
    sentence: str
    arguments: tuple[str, ...]
    """The arguments of the spec that it reads, in the order of the spec."""


def operations(spec: Spec) -> list[Operation]:
    """Return what a step does, in order, without the stages that no argument of the spec wakes."""
    return [_operation(stage, spec) for stage in _stages(spec) if _can_act(stage, spec)]


def first_sentence(docstring: str) -> str:
    """Return the first sentence of a docstring, code in Markdown's backticks."""
    paragraph = " ".join(docstring.strip().split("\n\n", maxsplit=1)[0].split())
    found = re.match(r".*?\.(?=\s|$)", paragraph)
    return (found[0] if found else paragraph).replace("``", "`")


def _stages(spec: Spec) -> list[Stage]:
    """Return the stages of all programs; one that only some have stands behind its predecessor."""
    merged: list[Stage] = []
    for _, program in programs(spec):
        _merge(merged, program)
    return merged


def _merge(merged: list[Stage], program: Program) -> None:
    known = _told_apart(merged)
    place = 0
    for stage, key in zip(program.stages, _told_apart(program.stages), strict=True):
        if key in known:
            place = known.index(key) + 1
        else:
            merged.insert(place, stage)
            known.insert(place, key)
            place += 1


def _told_apart(stages: Sequence[Stage]) -> list[tuple[str, int]]:
    """Return the name of each stage, and how often it occurs before."""
    names = [_name(stage) for stage in stages]
    return [(name, names[:place].count(name)) for place, name in enumerate(names)]


def _name(stage: Stage) -> str:
    """Return the name of a stage; what a function returned bears the name of that function."""
    qualified: str = getattr(stage, "__qualname__", type(stage).__name__)
    return qualified.split(_INNER, maxsplit=1)[0]


def _operation(stage: Stage, spec: Spec) -> Operation:
    if _is_update(stage):
        return Operation("update", _UPDATE, ())
    read = _words_in(stage)
    arguments = tuple(name for name in spec.arguments if name in read)
    return Operation(_name(stage), _sentence(stage), arguments)


def _is_update(stage: Stage) -> bool:
    return _name(stage) == update_with.__name__


def _sentence(stage: Stage) -> str:
    """Return what a stage says of itself, or what the function that made it says."""
    if stage.__doc__:
        return first_sentence(stage.__doc__)
    maker = getattr(sys.modules.get(stage.__module__), _name(stage), None)
    said = first_sentence(maker.__doc__ or "") if maker is not None else ""
    return said or f"{_name(stage).replace('_', ' ').capitalize()}."


def _can_act(stage: Stage, spec: Spec) -> bool:
    """Tell whether a stage reads an argument that the spec has, or none at all, as the update."""
    read = set() if _is_update(stage) else _words_in(stage)
    return not read or bool(read & spec.arguments.keys())


def _words_in(stage: Stage) -> set[str]:
    """Return the names that a stage looks up: its strings, slots and docstrings apart."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(stage)))
    except (OSError, TypeError, SyntaxError):
        return set()
    apart = set(_strings_apart(tree))
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {n.value for n in nodes if isinstance(n.value, str) and n not in apart}


def _strings_apart(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as docstring):
                yield docstring
            case ast.Subscript(value=ast.Attribute(attr="slots"), slice=name):
                yield name
