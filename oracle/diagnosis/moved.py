"""An epsilon or a factor that other libraries have in another statement of the same rule."""

from __future__ import annotations

import ast
from ast import Add, BinOp, Call, Mult, Name
from collections.abc import Iterator, Mapping, Sequence

from oracle.diagnosis.pairs import Near
from oracle.diagnosis.prefilter import compiled
from oracle.mutation.operators import said
from oracle.mutation.trees import names_in, rebuilt, rebuilt_at
from oracle.mutation.versions import Edit, Version, function_of, version_of
from oracle.rules.rule import Rule

Changes = Mapping[int, ast.stmt]
"""Other statements, by the places that they take."""


def moved_versions(rule: Rule, shown: frozenset[str], near: Near) -> Iterator[Version]:
    """Yield the versions that come near all outputs that are shown, those with one change first."""
    function = function_of(rule)
    found = [*_epsilon_moved(rule, function), *_factor_moved(function)]
    for changes in sorted(found, key=len):
        codes = {place: compiled(statement) for place, statement in changes.items()}
        if near(codes) >= shown:
            body = [changes.get(i, statement) for i, statement in enumerate(function.body)]
            edit = Edit("moved", "", tuple(body), tuple(sorted(changes)))
            yield version_of(rule, function, edit, "moved")


def _epsilon_moved(rule: Rule, function: ast.FunctionDef) -> Iterator[Changes]:
    """Add epsilon elsewhere, or take it for the least value there, instead or as well."""
    for i, node in _expressions(function):
        match node:
            case BinOp(left, Add(), Name("epsilon")):
                least = ast.parse(f"xp.maximum({said(left)}, epsilon)", mode="eval").body
                yield {i: rebuilt(function.body[i], node, least)}
                without = rebuilt(function.body[i], node, left)
                for k, other, new in _with_epsilon(rule, function, node):
                    as_well = rebuilt(function.body[k], other, new)
                    if k == i:
                        yield {k: rebuilt_at(without, function.body[k], other, new)}
                    else:
                        yield {i: without, k: as_well}
                    yield {k: as_well}


def _with_epsilon(
    rule: Rule, function: ast.FunctionDef, sum: BinOp
) -> Iterator[tuple[int, ast.expr, ast.expr]]:
    """Yield whatever is no part of a sum with epsilon, with an epsilon of its own."""
    parts, numbers = [*ast.walk(sum)], {*rule.hyper, "xp", "t"}
    for k, node in _expressions(function):
        is_apart = node not in parts and sum not in ast.walk(node)
        if is_apart and isinstance(node, (Name, Call, BinOp)) and names_in(node) - numbers:
            for text in (f"{said(node)} + epsilon", f"xp.maximum({said(node)}, epsilon)"):
                yield k, node, ast.parse(text, mode="eval").body


def _factor_moved(function: ast.FunctionDef) -> Iterator[Changes]:
    """Let a later statement multiply by the learning rate, instead of the one that does."""
    for i, node in _expressions(function):
        rest = _without_rate(node)
        target = ast.unparse(_target(function.body[i]))
        if rest is not None:
            changes = {
                k: _multiplied(statement, target)
                for k, statement in enumerate(function.body[:-1])
                if k > i and target in names_in(statement)
            }
            if changes:
                yield {i: rebuilt(function.body[i], node, rest), **changes}


def _without_rate(node: ast.expr) -> ast.expr | None:
    match node:
        case BinOp(Name("learning_rate"), Mult(), rest) | BinOp(
            rest, Mult(), Name("learning_rate")
        ):
            return rest
    return None


def _multiplied(statement: ast.stmt, name: str) -> ast.stmt:
    """Return a statement with the learning rate times each use of a name."""
    new = ast.parse(f"learning_rate * {name}", mode="eval").body
    edited = statement
    for node in ast.walk(statement):
        if isinstance(node, Name) and node.id == name and isinstance(node.ctx, ast.Load):
            edited = rebuilt_at(edited, statement, node, new)
    return edited


def _target(statement: ast.stmt) -> ast.expr:
    assert isinstance(statement, ast.Assign)
    return statement.targets[0]


def _expressions(function: ast.FunctionDef) -> Sequence[tuple[int, ast.expr]]:
    """Return every expression of the statements, with the place of its statement."""
    return [
        (i, node)
        for i, statement in enumerate(function.body[:-1])
        if isinstance(statement, ast.Assign)
        for node in ast.walk(statement.value)
        if isinstance(node, ast.expr)
    ]
