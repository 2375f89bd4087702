"""Functions around the rules with a bracket elsewhere, another count, or another clip.

The kill matrices list the slips of `oracle.mutation.functions`; these are for explanations alone.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from ast import Add, Attribute, BinOp, Call, Compare, Constant, Div, Mult, Name, Sub
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from types import FunctionType
from typing import Any

from oracle.diagnosis.clips import add_for_maximum, add_to_norm, other_measures, pass_small
from oracle.diagnosis.habits import move_in, move_out
from oracle.diagnosis.hypotheses import NUMBER, Hypothesis, told_of
from oracle.diagnosis.values import Measure, root, simple
from oracle.homes import file_of
from oracle.mutation.exchange import Exchange
from oracle.mutation.functions import FunctionVersion, compiled
from oracle.mutation.operators import Operator, Scene, said
from oracle.mutation.surroundings import Make, function_of, functions_run
from oracle.mutation.trees import line_of, rebuilt
from oracle.problem import Problem
from oracle.rules.rule import Rule
from oracle.specification.spec import Program, Spec

EPSILONS = (1e-6, 1e-7, 1e-8, 1e-10, 1e-12)
"""What libraries add to a norm before they divide by it; 1e-6 is PyTorch's."""

START = 1e-6
"""Where the search for another one starts."""

VersionWith = Callable[[float], FunctionVersion]

_NUMBERS = re.compile("|".join(map(repr, EPSILONS)))

_NOWHERE = Scene("", (), {}, {}, {}, ())


def rewritten_around(spec: Spec, function: FunctionType) -> Iterator[tuple[FunctionVersion, Make]]:
    """Yield each of these versions of a function, with what makes a program that runs it."""
    for version in _usual(function):
        yield version, partial(_program, spec, version)


def other_epsilons(
    spec: Spec, hyper: Mapping[str, Any], problem: Problem, off: Measure
) -> Iterator[Hypothesis]:
    """Yield what is added to a norm, with the number that explains one element."""
    for part in functions_run(spec, hyper, problem):
        if not isinstance(part, Rule):
            function = function_of(part)
            for i, _ in enumerate(_with_epsilon(function, START)):
                yield from _solved(spec, hyper, partial(_nth, function, i), off)


def _solved(
    spec: Spec, hyper: Mapping[str, Any], version: VersionWith, off: Measure
) -> Iterator[Hypothesis]:
    def off_at(epsilon: float) -> float:
        return off(_program(spec, version(epsilon), hyper))

    for epsilon, digits in simple(root(off_at, START)):
        found = version(epsilon)
        yield Hypothesis(told_of(found), (NUMBER, digits), partial(_program, spec, found))


def _nth(function: FunctionType, i: int, epsilon: float) -> FunctionVersion:
    return _with_epsilon(function, epsilon)[i]


def _with_epsilon(function: FunctionType, epsilon: float) -> tuple[FunctionVersion, ...]:
    return _versions(function, (partial(add_to_norm, epsilon),))


def any_epsilon(text: str) -> str:
    """Return what tells such a version without the number: several may fit one case alike."""
    return _NUMBERS.sub("epsilon", text)


def _program(spec: Spec, version: FunctionVersion, hyper: Any) -> Program:
    return Exchange(version.function, version.wrong).program(spec, hyper)


def _begin_late(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take what belongs to one number, the first mostly, for the next one too, or for that only."""
    match node:
        case Compare(left, [ast.Eq()], [Constant(int() as number)]):
            yield f"{said(left)} <= {number + 1}"
            yield f"{said(left)} == {number + 1}"


def _exchange_shares(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take the share that is kept for the share that is new, and the other way round."""
    match node:
        case BinOp(
            BinOp(kept, Mult(), old), Add(), BinOp(BinOp(Constant(1), Sub(), other), Mult(), new)
        ) if ast.unparse(kept) == ast.unparse(other):
            yield f"(1 - {said(kept)}) * {said(old)} + {said(kept)} * {said(new)}"


def _miscount(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Divide by one less or one more than there are."""
    match node:
        case BinOp(total, Div(), Call(Name("int")) as number):
            yield f"{said(total)} / ({said(number)} - 1)"
            yield f"{said(total)} / ({said(number)} + 1)"


def _other_extreme(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take the largest for the smallest, and the other way round."""
    match node:
        case Attribute(Name("xp"), "minimum"):
            yield "xp.maximum"
        case Attribute(Name("xp"), "maximum"):
            yield "xp.minimum"


_OPERATORS: tuple[Operator, ...] = (
    pass_small,
    add_for_maximum,
    other_measures,
    _exchange_shares,
    _miscount,
    _other_extreme,
    *(partial(add_to_norm, epsilon) for epsilon in EPSILONS),
    move_out,
    move_in,
    _begin_late,
)


@cache
def _usual(function: FunctionType) -> tuple[FunctionVersion, ...]:
    return _versions(function, _OPERATORS)


def _versions(function: FunctionType, operators: Iterable[Operator]) -> tuple[FunctionVersion, ...]:
    tree = _tree_of(function)
    edited = {
        ast.unparse(new): (statement, changed, new)
        for operator in operators
        for statement, changed, new in _edited(tree, operator)
    }
    return tuple(_version(function, *edit) for edit in edited.values())


def _edited(
    tree: ast.FunctionDef, operator: Operator
) -> Iterator[tuple[ast.stmt, ast.stmt, ast.FunctionDef]]:
    """Yield each statement of a function, what becomes of it, and the function with that."""
    for statement in ast.walk(tree):
        if (
            isinstance(statement, (ast.Assign, ast.Return, ast.Expr))
            and statement.value is not None
        ):
            for node in ast.walk(statement.value):
                if isinstance(node, ast.expr):
                    for text in operator(node, _NOWHERE):
                        changed = rebuilt(statement, node, ast.parse(text, mode="eval").body)
                        yield statement, changed, rebuilt(tree, statement, changed)


def _tree_of(function: FunctionType) -> ast.FunctionDef:
    """Return the syntax tree of a function without its decorators."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    tree.decorator_list.clear()
    return tree


def _version(
    function: FunctionType, before: ast.stmt, after: ast.stmt, tree: ast.FunctionDef
) -> FunctionVersion:
    line = function.__code__.co_firstlineno + before.lineno - 1
    return FunctionVersion(
        f"{function.__name__}:rewritten:{line_of(after)}",
        "rewritten",
        line_of(before),
        line_of(after),
        f"{file_of(function.__module__)}:{line}",
        function,
        compiled(function, tree),
    )
