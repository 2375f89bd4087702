"""What functions, tables and the rows of specs say, as digests: layout and comments say nothing."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Mapping
from functools import cache, lru_cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from oracle.errors import UnknownSpecError
from oracle.homes import module_of
from oracle.rules.rule import Rule
from oracle.specification.spec import Spec
from oracle.systems import spec as find_spec

_DIGITS = 16
"""Hexadecimal digits of a digest that are written: enough to see an edit."""


def digest_of(name: str) -> str | None:
    """Return the digest of what a function, a table or the row of a spec says; None without it."""
    words = _words(name)
    return None if words is None else sha256(words.encode()).hexdigest()[:_DIGITS]


def _words(name: str) -> str | None:
    module, _, inside = name.partition(":")
    try:
        if not inside:
            return _row(find_spec(name))
        unit = _units(module).get(inside)
        return said(unit) if unit else described(getattr(_module(module), inside))
    except (UnknownSpecError, ImportError, AttributeError):
        return None


def _module(name: str) -> ModuleType:
    """Return the module of a name as the names of functions have it."""
    module = module_of(name)
    if module is None:
        raise ImportError(f"no module is called {name}")
    return import_module(module)


def source_of(module: str) -> str:
    """Return the source of a module of this package, or of one's own."""
    file = _module(module).__file__
    assert file is not None
    return Path(file).read_text(encoding="utf-8")


def _units(module: str) -> dict[str, ast.stmt]:
    return _units_of(source_of(module))


@lru_cache(maxsize=2**9)
def _units_of(source: str) -> dict[str, ast.stmt]:
    return units_in(source)


def units_in(source: str) -> dict[str, ast.stmt]:
    """Return the functions and the methods of a module, by their qualified names."""
    found: dict[str, ast.stmt] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.ClassDef):
            methods = (inner for inner in node.body if isinstance(inner, ast.FunctionDef))
            found |= {f"{node.name}.{method.name}": method for method in methods}
    return found


@cache
def unit_around(module: str, code: CodeType) -> str | None:
    """Return the outermost function that a piece of code is in; None where Python wrote it."""
    line = code.co_firstlineno
    if code.co_filename.startswith("<") or code.co_name == "<module>":
        return None
    for name, node in _units(module).items():
        decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
        first = min([node.lineno, *(d.lineno for d in decorators)])
        if first <= line <= (node.end_lineno or node.lineno):
            return f"{module}:{name}"
    return None


def _row(spec: Spec) -> str:
    """Return what the row of a spec says of its numbers, and its system of their bounds."""
    library = {**vars(spec.system), "flushes": spec.system.flushes_subnormals}
    row = (
        spec.id,
        [(a.name, a.default) for a in spec.arguments.values()],
        spec.names,
        spec.forms,
        spec.apart,
        spec.stands_apart,
        spec.sparse,
        type(spec.system),
        library,
    )
    return described(row)


def described(value: Any, within: tuple[int, ...] = ()) -> str:
    """Return what data says; a function in it is its name, and what it was made with."""
    inner = (*within, id(value))
    if id(value) in within:
        return "itself"
    match value:
        case Rule(name=name):
            return name
        case Spec(id=name):
            return name
        case Mapping():
            pairs = (f"{described(k, inner)}: {described(v, inner)}" for k, v in value.items())
            return f"{{{', '.join(pairs)}}}"
        case list() | tuple():
            return f"[{', '.join(described(v, inner) for v in value)}]"
        case set() | frozenset():
            return f"{{{', '.join(sorted(described(v, inner) for v in value))}}}"
        case FunctionType():
            cells = [cell.cell_contents for cell in value.__closure__ or ()]
            made_with = (cells, value.__defaults__, value.__kwdefaults__)
            return f"{value.__qualname__}{described(made_with, inner)}"
        case type():
            return value.__qualname__
        case None | bool() | int() | float() | str():
            return repr(value)
    if dataclasses.is_dataclass(value):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        return f"{type(value).__qualname__}{described(fields, inner)}"
    return type(value).__qualname__


def said(node: Any) -> str:
    """Return what a syntax tree says, for a digest.

    The tree is printed rather than the tokens or ``ast.dump``: Python 3.12 splits f-strings into
    other tokens than 3.11, and 3.13 leaves out other fields than 3.12.
    """
    if isinstance(node, ast.AST):
        fields = [(name, _without_docstring(node, name, v)) for name, v in ast.iter_fields(node)]
        parts = [f"{name}={said(value)}" for name, value in fields if value not in (None, [])]
        return f"{type(node).__name__}({', '.join(parts)})"
    if isinstance(node, list):
        return f"[{', '.join(map(said, node))}]"
    return repr(node)


def _without_docstring(node: ast.AST, field: str, value: Any) -> Any:
    documented = isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and field == "body"
    if documented and value and isinstance(value[0], ast.Expr):
        first = value[0].value
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return value[1:]
    return value
