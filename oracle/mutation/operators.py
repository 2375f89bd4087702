"""The ways in which a formula is written wrongly, each a function from an expression to others.

An operator is given one expression of a rule and the scene around it, and yields what somebody
might have written in its place, as Python source.
"""

from __future__ import annotations

import ast
from ast import BinOp, Call, Compare, Constant, Name, UnaryOp
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Scene:
    """What an operator may know of the formula around an expression."""

    target: str
    """The name that the statement computes."""
    hyper: tuple[str, ...]
    """The hyperparameters of the rule."""
    slots: Mapping[str, str]
    """The name of each slot's new value, by the name of the slot."""
    known: Mapping[str, ast.expr]
    """What is computed before the statement, by name."""
    upcoming: Mapping[str, ast.expr]
    """What is computed after the statement, or by it, but could be computed before it."""
    corrections: tuple[str, ...]
    """The roots of bias corrections, as they stand in the formula."""

    @property
    def decays(self) -> tuple[str, ...]:
        """The hyperparameters other than the step size and epsilon."""
        return tuple(h for h in self.hyper if h not in ("learning_rate", "epsilon"))

    @property
    def slot(self) -> str:
        """The slot that the statement renews; empty where it renews none."""
        return next((old for old, new in self.slots.items() if new == self.target), "")


Operator: TypeAlias = Callable[[ast.expr, Scene], Iterator[str]]


def said(node: ast.expr) -> str:
    """Return an expression as Python source, in brackets where it might need them."""
    text = ast.unparse(node)
    return text if isinstance(node, (Name, Constant, Call)) else f"({text})"


def called(node: ast.expr, name: str) -> list[ast.expr]:
    """Return the operands if ``node`` calls that function of the arithmetic, else none."""
    match node:
        case Call(func=ast.Attribute(attr=found), args=operands) if found == name:
            return operands
    return []


def _is_epsilon(node: ast.expr) -> bool:
    return isinstance(node, Name) and node.id == "epsilon"


def _is_correction(node: ast.expr) -> bool:
    """Whether an expression is ``1 - h**t``."""
    match node:
        case BinOp(Constant(1), ast.Sub(), BinOp(_, ast.Pow(), exponent)):
            return any(isinstance(n, Name) and n.id == "t" for n in ast.walk(exponent))
    return False


def move_epsilon(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Put epsilon under the root that it is added to, or beside the one that it is under."""
    match node:
        case BinOp(left, ast.Add(), right) if _is_epsilon(right) and called(left, "sqrt"):
            yield f"xp.sqrt({said(called(left, 'sqrt')[0])} + epsilon)"
            yield f"xp.maximum({said(left)}, epsilon)"
    for inside in called(node, "sqrt"):
        match inside:
            case BinOp(left, ast.Add(), right) if _is_epsilon(right):
                yield f"(xp.sqrt({said(left)}) + epsilon)"
                yield f"xp.sqrt(xp.maximum({said(left)}, epsilon))"


def scale_epsilon(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take another epsilon: ten times, a tenth, squared, or one that the correction scales."""
    if _is_epsilon(node):
        yield "10 * epsilon"
        yield "epsilon / 10"
        yield "epsilon**2"
        for correction in scene.corrections:
            yield f"epsilon * {correction}"
            yield f"epsilon / {correction}"


def drop_bias_correction(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Forget ``/ (1 - beta**t)``, or the root of it."""
    match node:
        case BinOp(left, ast.Mult() | ast.Div(), right):
            root = called(right, "sqrt")
            if _is_correction(right) or (root and _is_correction(root[0])):
                yield said(left)


def complement(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Write h for 1 - h, or 1 - h for h."""
    match node:
        case BinOp(Constant(1), ast.Sub(), Name(name)) if name in scene.decays:
            yield name
        case Name(name) if name in scene.decays:
            yield f"1 - {name}"


def sibling(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take another hyperparameter of the same kind."""
    if isinstance(node, Name) and node.id in scene.decays:
        yield from (name for name in scene.decays if name != node.id)


def drop_term(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Leave out one term of a sum."""
    match node:
        case BinOp(left, ast.Add(), right):
            yield said(left)
            yield said(right)
        case BinOp(left, ast.Sub(), right):
            yield said(left)
            yield f"-{said(right)}"


def drop_factor(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Leave out one factor of a product, or the divisor or the dividend of a quotient."""
    match node:
        case BinOp(left, ast.Mult(), right):
            yield said(left)
            yield said(right)
        case BinOp(left, ast.Div(), right):
            yield said(left)
            yield f"1 / {said(right)}"


def drop_root(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Leave out a square root."""
    yield from map(said, called(node, "sqrt"))


def drop_square(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take a number, its magnitude, or its product with the slot, for its square."""
    match node:
        case BinOp(base, ast.Pow(), Constant(2)):
            yield said(base)
            yield f"xp.abs({said(base)})"
            if scene.slot:
                yield f"{said(base)} * {scene.slot}"


def drop_function(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Leave out a sign, a magnitude or a minus."""
    for name in ("sign", "abs"):
        yield from map(said, called(node, name))
    if isinstance(node, UnaryOp) and isinstance(node.op, ast.USub):
        yield said(node.operand)


def old_or_new(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take a slot before its renewal for the same after it, or the other way round."""
    if not isinstance(node, Name):
        return
    for old, new in scene.slots.items():
        if node.id == new:
            yield old
        elif node.id == old and new in scene.known:
            yield new
        elif node.id == old and new in scene.upcoming:
            yield said(scene.upcoming[new])


def other_source(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take the gradient, another slot, or what was computed on the way, for a new slot."""
    if isinstance(node, Name) and node.id in scene.slots.values() and node.id != scene.target:
        yield "g"
        yield from (n for n in scene.slots.values() if n != node.id and n in scene.known)


def swap_sign(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Write + for -, or - for +."""
    match node:
        case BinOp(left, ast.Add(), right):
            yield f"{said(left)} - {said(right)}"
        case BinOp(left, ast.Sub(), right):
            yield f"{said(left)} + {said(right)}"


def swap_product(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Write * for /, or / for *."""
    match node:
        case BinOp(left, ast.Mult(), right):
            yield f"{said(left)} / {said(right)}"
        case BinOp(left, ast.Div(), right):
            yield f"{said(left)} * {said(right)}"


def shift_time(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Count steps from 0 or from 2 in one place."""
    if isinstance(node, Name) and node.id == "t":
        yield "t - 1"
        yield "t + 1"


def dampen(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Weigh the gradient by 1 - h in a slot that is no weighted mean."""
    if scene.slot and isinstance(node, Name) and node.id == "g":
        yield from (f"(1 - {name}) * g" for name in scene.decays)


def swap_extremes(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take the smaller for the larger, the larger for the smaller, or one of the two only."""
    for name, other in (("maximum", "minimum"), ("minimum", "maximum")):
        operands = called(node, name)
        if operands:
            first, second = map(said, operands)
            yield f"xp.{other}({first}, {second})"
            yield first
            yield second


def swap_branches(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Exchange both branches of a choice, or take one of them always."""
    operands = called(node, "where")
    if operands:
        yield said(operands[1])
        yield said(operands[2])
        yield f"xp.where({', '.join(map(said, (operands[0], operands[2], operands[1])))})"


def change_condition(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Let a comparison hold for equal numbers as well, or no longer."""
    others = {ast.Gt: ">=", ast.GtE: ">", ast.Lt: "<=", ast.LtE: "<"}
    if isinstance(node, Compare) and type(node.ops[0]) in others:
        sign = others[type(node.ops[0])]
        yield f"{said(node.left)} {sign} {said(node.comparators[0])}"


def change_constant(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take a number next to the right one: 1 or 3 for 2, half of 0.5."""
    if not isinstance(node, Constant) or isinstance(node.value, (str, bool)):
        return
    value = node.value
    if isinstance(value, int):
        yield from (str(value + 1), str(value - 1))
    elif isinstance(value, float):
        yield from (f"{value!r} / 2", f"1.01 * {value!r}", "1")


def scale_rate(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take a step size that is one per cent off, or its square."""
    if isinstance(node, Name) and node.id == "learning_rate":
        yield "1.01 * learning_rate"
        yield "learning_rate**2"


OPERATORS: Mapping[str, Operator] = {
    "move-epsilon": move_epsilon,
    "scale-epsilon": scale_epsilon,
    "drop-bias-correction": drop_bias_correction,
    "complement": complement,
    "sibling": sibling,
    "drop-root": drop_root,
    "drop-square": drop_square,
    "drop-function": drop_function,
    "old-or-new": old_or_new,
    "other-source": other_source,
    "swap-extremes": swap_extremes,
    "swap-branches": swap_branches,
    "change-condition": change_condition,
    "dampen": dampen,
    "shift-time": shift_time,
    "swap-sign": swap_sign,
    "drop-term": drop_term,
    "drop-factor": drop_factor,
    "swap-product": swap_product,
    "change-constant": change_constant,
    "scale-rate": scale_rate,
}
"""Every operator by the name that ids have; the likelier slip comes first."""
