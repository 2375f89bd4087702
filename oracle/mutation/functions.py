"""The wrong versions of a function around the rules: of a clip, a schedule, a stage of a step.

These functions have conditions and loops; `oracle.mutation.exchange` puts a version in the place of
its function.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from types import FunctionType
from typing import Any, TypeGuard

from oracle.homes import file_of
from oracle.mutation.control import CONTROL, parameters
from oracle.mutation.operators import OPERATORS, Scene
from oracle.mutation.trees import line_of, names_in, rebuilt, simplified
from oracle.mutation.wrong import Wrong

_LEFT_OUT = "leave-out"
ORDER = (_LEFT_OUT, "always", "negate", *CONTROL, *OPERATORS)
"""The likelier slip first."""

_ROOMS = re.compile(r"^oracle\.(systems|specification|rules\.transformations)\.")
_STRAY_XP = re.compile(r"(?<![.\w])xp\.")


@dataclass(frozen=True, eq=False)
class FunctionVersion(Wrong):
    """One wrong version of a function."""

    function: FunctionType
    wrong: FunctionType
    """What runs in the place of the function."""


@dataclass(frozen=True)
class _Edit:
    operator: str
    statement: ast.stmt
    tree: ast.FunctionDef
    before: str
    after: str


@cache
def function_versions(function: FunctionType) -> tuple[FunctionVersion, ...]:
    """Return every wrong version of a function, those with the same source once."""
    right = _tree_of(function)
    seen, found, counts = {ast.unparse(right)}, [], dict[str, int]()
    for edit in _edits(right):
        tree = _simple(edit.tree)
        text = ast.unparse(tree)
        if text in seen:
            continue
        seen.add(text)
        alike = f"{_short(function)}:{edit.operator}:{_place(edit.statement)}"
        counts[alike] = counts.get(alike, 0) + 1
        found.append(_version(function, edit, tree, f"{alike}.{counts[alike]}"))
    return tuple(sorted(found, key=lambda version: ORDER.index(version.operator)))


def is_a_formula(function: FunctionType) -> bool:
    """Whether a function has neither conditions nor loops."""
    control = (ast.If, ast.IfExp, ast.For, ast.BoolOp)
    return not any(isinstance(node, control) for node in ast.walk(_tree_of(function)))


def _short(function: FunctionType) -> str:
    """Return the name of a function with its module, as far as that tells it from others."""
    file = file_of(function.__module__).removesuffix(".py").replace("/", ".")
    return f"{_ROOMS.sub('', file)}.{function.__name__}"


def _tree_of(function: FunctionType) -> ast.FunctionDef:
    """Return the syntax tree of a function, without decorators, docstrings and default values."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    tree.decorator_list.clear()
    for inner in ast.walk(tree):
        if isinstance(inner, ast.FunctionDef) and ast.get_docstring(inner) is not None:
            inner.body = inner.body[1:] or [ast.Pass()]
    return tree


def _simple(tree: ast.FunctionDef) -> ast.FunctionDef:
    simple = simplified(tree)
    assert isinstance(simple, ast.FunctionDef)
    return simple


def _edits(right: ast.FunctionDef) -> Iterator[_Edit]:
    for statement in _statements(right):
        for operator, other in _without(statement, right):
            after = _head(other) if not isinstance(other, ast.Pass) else "nothing"
            tree = rebuilt(right, statement, other)
            yield _Edit(operator, statement, tree, _head(statement), after)
        for operator, node, new in _rewritten(statement, right):
            changed = rebuilt(statement, node, new)
            tree = rebuilt(right, statement, changed)
            yield _Edit(operator, statement, tree, _head(statement), _head(changed))


def _statements(function: ast.FunctionDef) -> Iterator[ast.stmt]:
    """Yield the statements that compute something, from the top to the bottom."""
    for node in ast.walk(function):
        if isinstance(node, (ast.Raise, ast.Assert)) or _only_raises(node):
            continue
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.Return, ast.Expr, ast.If, ast.For)):
            yield node


def _only_raises(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.body[0], ast.Raise)


def _without(statement: ast.stmt, function: ast.FunctionDef) -> Iterator[tuple[str, ast.stmt]]:
    """Leave a statement out, or its condition, or turn the condition around."""
    stays = isinstance(statement, ast.Return)
    if not stays and not _makes_a_name(statement):
        yield _LEFT_OUT, ast.Pass()
    if isinstance(statement, ast.If) and not _asks_for_types(statement.test):
        yield "always", _with_test(statement, ast.Constant(value=True))
        yield "negate", _with_test(statement, ast.UnaryOp(ast.Not(), statement.test))


def _makes_a_name(statement: ast.stmt) -> bool:
    """Whether a statement gives something its name: without it nothing would run."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(isinstance(n, ast.Name) for t in targets for n in _parts(t))


def _parts(target: ast.expr) -> list[ast.expr]:
    return target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]


def _with_test(statement: ast.If, test: ast.expr) -> ast.If:
    changed = deepcopy(statement)
    changed.test = test
    return changed


def _asks_for_types(test: ast.AST) -> bool:
    return bool(names_in(test) & {"isinstance"})


def _rewritten(
    statement: ast.stmt, function: ast.FunctionDef
) -> Iterator[tuple[str, ast.expr, ast.expr]]:
    """Yield every expression of a statement with what may be written in its place."""
    scene = Scene(_target(statement), _hyperparameters(function), {}, {}, {}, ())
    own_xp = bool(parameters(function, "Arithmetic"))
    for root in _own_expressions(statement):
        for node in ast.walk(root):
            if _is_read(node) and not _asks_for_types(node):
                texts = [(name, slip(node, function)) for name, slip in CONTROL.items()]
                texts += [(name, operator(node, scene)) for name, operator in OPERATORS.items()]
                for name, several in texts:
                    for text in several:
                        yield name, node, _expression(text, own_xp)


def _is_read(node: ast.AST) -> TypeGuard[ast.expr]:
    """Whether an expression is one, rather than a place where something is put."""
    return isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), ast.Store)


def _expression(text: str, own_xp: bool) -> ast.expr:
    """Return an expression as a tree; where a function has no ``xp``, its step has one."""
    return ast.parse(text if own_xp else _STRAY_XP.sub("step.xp.", text), mode="eval").body


def _own_expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    """Yield the expressions of a statement itself, not of those inside it."""
    match statement:
        case ast.Assign(value=value) | ast.AugAssign(value=value) | ast.Expr(value=value):
            yield value
        case ast.Return(value=ast.expr() as value):
            yield value
        case ast.If(test=test):
            yield test
        case ast.For(iter=iter):
            yield iter


def _target(statement: ast.stmt) -> str:
    return ast.unparse(statement.targets[0]) if isinstance(statement, ast.Assign) else ""


def _hyperparameters(function: ast.FunctionDef) -> tuple[str, ...]:
    """Return the names that hold hyperparameters: numbers given, and those read from the step."""
    given = [name for name in parameters(function, "Number") if name not in ("step", "norm", "g")]
    read = [
        target.id
        for statement in ast.walk(function)
        if isinstance(statement, ast.Assign) and "step.numbers[" in ast.unparse(statement.value)
        for target in _parts(statement.targets[0])
        if isinstance(target, ast.Name)
    ]
    return tuple(dict.fromkeys([*given, *read]))


def _head(statement: ast.stmt) -> str:
    """Return the first line of a statement, as it is written."""
    line = line_of(statement).splitlines()[0]
    inside = getattr(statement, "body", [])
    return f"{line} {line_of(inside[0]).splitlines()[0]}" if inside else line


def _place(statement: ast.stmt) -> str:
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0]).replace(" ", "")
    return type(statement).__name__.lower()


def _version(
    function: FunctionType, edit: _Edit, tree: ast.FunctionDef, id: str
) -> FunctionVersion:
    first = function.__code__.co_firstlineno
    return FunctionVersion(
        id,
        edit.operator,
        edit.before,
        edit.after,
        f"{file_of(function.__module__)}:{first + edit.statement.lineno - 1}",
        function,
        compiled(function, tree),
    )


def compiled(function: FunctionType, tree: ast.FunctionDef) -> FunctionType:
    """Return a function as the tree has it; annotations are not asked."""
    bare = deepcopy(tree)
    bare.returns = None
    for argument in [*bare.args.posonlyargs, *bare.args.args, *bare.args.kwonlyargs]:
        argument.annotation = None
    bare.args.defaults = [ast.Constant(value=None) for _ in bare.args.defaults]
    bare.args.kw_defaults = [d and ast.Constant(value=None) for d in bare.args.kw_defaults]
    module = ast.fix_missing_locations(ast.Module([bare], []))
    names: dict[str, Any] = {}
    exec(compile(module, inspect.getfile(function), "exec"), function.__globals__, names)
    made: FunctionType = names[tree.name]
    made.__defaults__, made.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
    return made
