"""What other libraries have in the place of a statement: corrections, roots, brackets elsewhere.

These slips are for explanations alone: a kill matrix lists those of `oracle.mutation.operators`.
"""

from __future__ import annotations

import ast
from ast import Add, BinOp, Compare, Constant, Div, Gt, GtE, Lt, LtE, Mult, Name, Pow, Sub
from collections.abc import Iterator

from oracle.mutation.operators import Operator, Scene, called, said

_SUMS = (Add, Sub)
_TURNED = {Gt: "<", GtE: "<=", Lt: ">", LtE: ">="}
_SIGNS = {Add: "+", Sub: "-", Mult: "*", Div: "/"}


def correct(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Correct for the bias what has none: a maximum, epsilon, the step size once more."""
    if not isinstance(node, Name):
        return
    if node.id in scene.slots.values() and node.id != scene.target:
        for name in scene.decays:
            yield f"{node.id} / (1 - {name}**t)"
            yield f"{node.id} * (1 - {name}**t)"
    if node.id == "epsilon":
        for name in scene.decays:
            yield f"epsilon * (1 - {name}**t)"
            yield f"epsilon / (1 - {name}**t)"
            yield f"epsilon * xp.sqrt(1 - {name}**t)"
            yield f"epsilon / xp.sqrt(1 - {name}**t)"
    if node.id == "learning_rate":
        for name in scene.decays:
            yield f"learning_rate * xp.sqrt(1 - {name}**t)"
            yield f"learning_rate / (1 - {name}**t)"
            yield f"learning_rate / xp.sqrt(1 - {name}**t)"
            yield f"learning_rate * (1 - {name}**t)"


def take_root(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take the root of a slot that is no mean of squares, or its magnitude."""
    if isinstance(node, Name) and node.id in scene.slots.values() and node.id != scene.target:
        yield f"xp.sqrt({node.id})"
        yield f"xp.abs({node.id})"


def take_namesake(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take the same quantity at another stage or moment: mu_t for mu_next, m_t for m_hat."""
    if isinstance(node, Name) and node.id in scene.known:
        stem, mark, _ = node.id.partition("_")
        alike = (name for name in scene.known if name.startswith(stem + mark))
        yield from (name for name in alike if mark and name != node.id)


def turn_corrections(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Multiply by all corrections of a quotient that are divisors, and divide by the factors."""
    turned = _turned(node)
    if turned != ast.unparse(node):
        yield turned


def _turned(node: ast.expr) -> str:
    match node:
        case BinOp(left, Mult() | Div() as sign, right):
            if _is_correction(right):
                other = "/" if isinstance(sign, Mult) else "*"
                return f"{_turned(left)} {other} {said(right)}"
            return f"{_turned(left)} {_SIGNS[type(sign)]} {said(right)}"
    return ast.unparse(node) if isinstance(node, Name) else said(node)


def _is_correction(node: ast.expr) -> bool:
    inside = (called(node, "sqrt") or [node])[0]
    names = {n.id for n in ast.walk(inside) if isinstance(n, Name)}
    return isinstance(inside, BinOp) and isinstance(inside.op, Sub) and "t" in names


def move_out(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Close a bracket too soon, so that its last term or factor is left out of it."""
    match node:
        case BinOp(
            x, (Add() | Sub()) as first, BinOp(c, (Mult() | Div()) as of, BinOp(a, op, b))
        ) if isinstance(op, _SUMS):
            yield f"{said(x)} {_sign(first)} {said(c)} {_sign(of)} {said(a)} {_sign(op)} {said(b)}"
    match node:
        case BinOp(c, (Mult() | Div()) as of, BinOp(a, op, b)) if isinstance(op, _SUMS):
            yield f"{said(c)} {_sign(of)} {said(a)} {_sign(op)} {said(b)}"
        case BinOp(a, Div(), BinOp(b, (Mult() | Div()) as of, c)):
            yield f"{said(a)} / {said(b)} {_sign(of)} {said(c)}"
        case BinOp(a, Sub(), BinOp(b, op, c)) if isinstance(op, _SUMS):
            yield f"{said(a)} - {said(b)} {_sign(op)} {said(c)}"
    for inside in called(node, "sqrt"):
        if isinstance(inside, BinOp) and type(inside.op) in _SIGNS:
            yield f"(xp.sqrt({said(inside.left)}) {_sign(inside.op)} {said(inside.right)})"


def move_in(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Close a bracket too late, so that it holds a term or a factor that stands beside it."""
    match node:
        case BinOp(BinOp(a, (Mult() | Div()) as of, b), op, c) if isinstance(op, _SUMS):
            yield f"{said(a)} {_sign(of)} ({said(b)} {_sign(op)} {said(c)})"
        case BinOp(BinOp(a, Div(), b), (Mult() | Div()) as of, c):
            yield f"{said(a)} / ({said(b)} {_sign(of)} {said(c)})"
    match node:
        case BinOp(a, op, BinOp(b, (Mult() | Div()) as of, c)) if isinstance(op, _SUMS):
            yield f"({said(a)} {_sign(op)} {said(b)}) {_sign(of)} {said(c)}"
        case BinOp(Constant(1), Sub(), BinOp(h, Pow(), t)):
            yield f"(1 - {said(h)})**{said(t)}"
        case BinOp(root, op, x) if called(root, "sqrt") and type(op) in _SIGNS:
            yield f"xp.sqrt({said(called(root, 'sqrt')[0])} {_sign(op)} {said(x)})"


def turn_around(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Ask the opposite of a comparison: what is below for what is above."""
    match node:
        case Compare(left, [op], [right]) if type(op) in _TURNED:
            yield f"{said(left)} {_TURNED[type(op)]} {said(right)}"


def sum_for_mean(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Add up what is to be averaged, or average what is to be added up."""
    for name, other in (("mean", "sum"), ("sum", "mean")):
        yield from (f"xp.{other}({said(inside)})" for inside in called(node, name))


def _sign(op: ast.operator) -> str:
    return _SIGNS[type(op)]


HABITS: tuple[Operator, ...] = (
    correct,
    take_root,
    take_namesake,
    turn_corrections,
    move_out,
    move_in,
    turn_around,
    sum_for_mean,
)
