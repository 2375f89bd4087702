"""Python source in a form that layout, comments, docstrings and Python's version do not change."""

from __future__ import annotations

import ast
import textwrap
from typing import Any


def canonical(source: str) -> str:
    """Return what a piece of source says, for a digest.

    The syntax tree is printed rather than the tokens or ``ast.dump``: Python 3.12 splits f-strings
    into other tokens than 3.11, and 3.13 leaves out other fields than 3.12.
    """
    return _shown(ast.parse(textwrap.dedent(source)))


def _shown(node: Any) -> str:
    if isinstance(node, ast.AST):
        fields = [(name, _without_docstring(node, name, v)) for name, v in ast.iter_fields(node)]
        said = [f"{name}={_shown(value)}" for name, value in fields if value not in (None, [])]
        return f"{type(node).__name__}({', '.join(said)})"
    if isinstance(node, list):
        return f"[{', '.join(map(_shown, node))}]"
    return repr(node)


def _without_docstring(node: ast.AST, field: str, value: Any) -> Any:
    documented = isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and field == "body"
    if documented and value and isinstance(value[0], ast.Expr):
        first = value[0].value
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return value[1:]
    return value
