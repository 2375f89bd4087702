"""A rule as an aligned block of LaTeX, a line for each assignment, with a legend."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from oracle.report.reference.latex import UntranslatableError, latex
from oracle.report.reference.symbols import DIRECTIONS, returned, symbols
from oracle.rules.rule import Rule


@dataclass(frozen=True)
class Formula:
    """What a rule says, in LaTeX."""

    lines: tuple[tuple[str, str], ...]
    """Left side and right side of each equation, in the order of computation."""
    symbols: dict[str, str]
    """The symbol of each name of the rule that occurs in the lines or is a result of them."""

    @property
    def block(self) -> str:
        """Return the equations, aligned at their equals signs."""
        rows = " \\\\\n".join(f"{left} &= {right}" for left, right in self.lines)
        return f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"


def formula(rule: Rule) -> Formula:
    """Translate a rule.

    Raises `UntranslatableError` for what is not straight-line code of assignments.
    """
    function = definition(rule.source)
    names = symbols(function)
    lines = tuple(
        (names[name], latex(value, names)) for name, value in _equations(function, rule.name)
    )
    used = {n.id for s in function.body for n in ast.walk(s) if isinstance(n, ast.Name)}
    return Formula(lines, {name: text for name, text in names.items() if name in used})


def definition(source: str) -> ast.FunctionDef:
    """Return the syntax tree of the one function in a piece of source."""
    (function,) = ast.parse(textwrap.dedent(source)).body
    assert isinstance(function, ast.FunctionDef)
    return function


def after_step(rule: Rule) -> dict[str, str]:
    """Return the symbol of each slot after the step."""
    function = definition(rule.source)
    names = symbols(function)
    _, *after = returned(function)
    return {slot: names[name] for slot, name in zip(rule.slots, after, strict=True)}


def direction(rule: Rule) -> str | None:
    """Return the symbol of the direction that a rule returns, where it returns no parameter."""
    function = definition(rule.source)
    first = returned(function)[0]
    return symbols(function)[first] if first in DIRECTIONS else None


def _equations(function: ast.FunctionDef, rule: str) -> Iterator[tuple[str, ast.expr]]:
    """Yield each assignment; a docstring may come before, and the results are returned last."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    for statement in body[:-1]:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case _:
                raise UntranslatableError(
                    f"{rule}, line {statement.lineno}: `{ast.unparse(statement)}` is not a plain "
                    "assignment"
                )
