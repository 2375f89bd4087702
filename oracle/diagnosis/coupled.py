"""Weight decay that a rule has of itself, coupled: what shrinks the weights joins the gradient."""

from __future__ import annotations

import ast
from ast import BinOp, Constant, Mult, Name, Sub
from collections.abc import Iterator
from dataclasses import replace

from oracle.mutation.trees import line_of, names_in, rebuilt, rebuilt_at, simplified
from oracle.mutation.versions import Edit, Version, function_of, place_of, version_of
from oracle.rules.rule import Rule


def coupled_versions(rule: Rule) -> Iterator[Version]:
    """Yield a rule that adds to the gradient what it takes from the weights in proportion."""
    function = function_of(rule)
    for i, statement in enumerate(function.body[:-1]):
        for node in ast.walk(statement):
            taken = _taken(node)
            if taken is None:
                continue
            rest, term = taken
            without = rebuilt(statement, node, rest)
            for name in sorted(set(rule.hyper) & names_in(term)):
                body = list(function.body)
                body[i] = without
                body = [_with_gradient(s, f"(g + {name} * p)") for s in body]
                changed = tuple(k for k, s in enumerate(body) if s is not function.body[k])
                edit = Edit("coupled", name, tuple(body), changed)
                version = version_of(rule, function, edit, f"{rule.name}:coupled:{name}")
                yield replace(
                    version,
                    before=line_of(statement),
                    after=f"{line_of(simplified(without))}, and g + {name} * p for g",
                    where=place_of(rule, statement.lineno),
                )


def _taken(node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    """Return what is left of the weights, and what is taken from them in proportion."""
    match node:
        case BinOp(rest, Sub(), term) if "p" in names_in(rest) & names_in(term):
            return rest, term
        case BinOp(Name("p") as rest, Mult(), BinOp(Constant(1), Sub(), term)):
            return rest, term
        case BinOp(BinOp(Constant(1), Sub(), term), Mult(), Name("p") as rest):
            return rest, term
    return None


def _with_gradient(statement: ast.stmt, text: str) -> ast.stmt:
    new = ast.parse(text, mode="eval").body
    edited = statement
    for node in ast.walk(statement):
        if isinstance(node, Name) and node.id == "g" and isinstance(node.ctx, ast.Load):
            edited = rebuilt_at(edited, statement, node, new)
    return edited
