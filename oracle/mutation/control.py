"""The ways in which control is written wrongly: what is skipped, when, how often, by which rule.

An operator is given one expression of a function, and yields what somebody might have written in
its place, as Python source. They go on where `oracle.mutation.operators` end: at the functions
around the rules, which have conditions, calls and loops.
"""

from __future__ import annotations

import ast
from ast import Attribute, BoolOp, Call, Compare, IfExp, Name, UnaryOp
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from oracle.mutation.operators import called, said

ControlOperator: TypeAlias = Callable[[ast.expr, ast.FunctionDef], Iterator[str]]

_OTHER_SIGNS: Mapping[type[ast.cmpop], tuple[str, ...]] = {
    ast.Gt: (">=",),
    ast.GtE: (">",),
    ast.Lt: ("<=",),
    ast.LtE: ("<",),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
}

_CLIPS = ("by_value", "by_norm", "by_global_norm")
"""The rules of clipping that take the same arguments."""


def parameters(function: ast.FunctionDef, kind: str) -> list[str]:
    """Return the parameters of a function that are annotated as being of a kind."""
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return [a.arg for a in given if a.annotation and ast.unparse(a.annotation) == kind]


def other_condition(node: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """Move the end of a comparison, or turn it around."""
    if isinstance(node, Compare) and type(node.ops[0]) in _OTHER_SIGNS:
        for sign in _OTHER_SIGNS[type(node.ops[0])]:
            yield f"{said(node.left)} {sign} {said(node.comparators[0])}"


def part_of_condition(node: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """Leave out one of several conditions, or ask for the opposite."""
    if isinstance(node, BoolOp):
        for left_out in node.values:
            rest = [v for v in node.values if v is not left_out]
            yield ast.unparse(rest[0] if len(rest) == 1 else BoolOp(node.op, rest))
    if isinstance(node, UnaryOp) and isinstance(node.op, ast.Not):
        yield said(node.operand)


def one_branch(node: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """Take one of two values always, or exchange them."""
    if isinstance(node, IfExp) and not _is_about_types(node.test):
        yield said(node.body)
        yield said(node.orelse)
        yield ast.unparse(IfExp(node.test, node.orelse, node.body))


def other_count(node: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """Count from one too few or one too many."""
    is_count = isinstance(node, Attribute) and node.attr == "iterations"
    is_step = isinstance(node, Name) and node.id == "step" and "step" in _numbers(function)
    if is_count or is_step or _is_count_of_updates(node):
        yield f"({ast.unparse(node)} + 1)"
        yield f"({ast.unparse(node)} - 1)"
    if _is_count_of_updates(node):
        yield "step.iterations"


def other_norm(node: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """Take the sum of magnitudes for the norm, or its square."""
    for operand in called(node, "norm"):
        yield f"xp.sum(xp.abs({said(operand)}))"
        yield f"xp.norm({said(operand)})**2"


def other_clip(node: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """Clip by another rule: each gradient for itself, or all together."""
    match node:
        case Attribute(Name("clipping"), name) if name in _CLIPS:
            yield from (f"clipping.{other}" for other in _CLIPS if other != name)


def other_rate(node: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """Take the argument for the learning rate that a schedule or a decay has made of it."""
    match node:
        case Attribute(Name("step"), "learning_rate", ast.Load()):
            yield "step.numbers['learning_rate']"


def floor_product(node: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """Leave out the divisor of a whole quotient, or a rounding to whole numbers."""
    match node:
        case ast.BinOp(left, ast.FloorDiv(), _):
            yield said(left)
    for name, other in (("floor", "ceil"), ("ceil", "floor")):
        for operand in called(node, name):
            yield said(operand)
            yield f"xp.{other}({said(operand)})"


def _numbers(function: ast.FunctionDef) -> Sequence[str]:
    return parameters(function, "Number")


def _is_count_of_updates(node: ast.expr) -> bool:
    return isinstance(node, Call) and ast.unparse(node.func) == "updates_before"


def _is_about_types(node: ast.expr) -> bool:
    return any(isinstance(n, Call) and ast.unparse(n.func) == "isinstance" for n in ast.walk(node))


CONTROL: Mapping[str, ControlOperator] = {
    "other-clip": other_clip,
    "other-rate": other_rate,
    "other-condition": other_condition,
    "part-of-condition": part_of_condition,
    "one-branch": one_branch,
    "other-count": other_count,
    "other-norm": other_norm,
    "floor": floor_product,
}
"""Every operator by the name that ids have; the likelier slip comes first."""
