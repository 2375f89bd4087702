"""Numbers that are held in a narrower type: rounded to it, or as far off as it may be."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

import numpy as np

from oracle.arithmetic.base import Arithmetic, Number
from oracle.arithmetic.bounded import Bounded
from oracle.arithmetic.plain import PlainNumber
from oracle.dtypes import DTYPES, FloatType, float_type
from oracle.mutation.versions import EditedRule, function_of
from oracle.rules.rule import Rule

ROUNDINGS = 2.0
"""What a slot held in another type may lose in one step: itself, and what it is multiplied by."""

FLOAT32 = float_type("float32")
"""The narrowest type whose bound says something: within one of 16 bits lies much that is wrong."""


def narrower(kind: FloatType) -> list[FloatType]:
    """Return the types with fewer digits than one, the widest first."""
    kinds = sorted(map(float_type, DTYPES), key=lambda other: -other.precision)
    return [other for other in kinds if other.precision < kind.precision]


def rounded(number: Number, kind: FloatType) -> Number:
    """Round a number, of which a candidate's may lie beyond a tie."""
    if isinstance(number, Bounded):
        least, value, most = (
            kind.round(number.value + e) for e in (-number.error, 0, number.error)
        )
        return _like(number, value, np.maximum(most - value, value - least))
    assert isinstance(number, PlainNumber)
    return number.xp.array(kind.round(number.data))


def widened(number: Number, kind: FloatType) -> Number:
    """Let a number be as far off as what a narrower type may hold in its place."""
    if not isinstance(number, Bounded):
        return number
    lost = ROUNDINGS * (kind.unit_roundoff * number.reach + kind.smallest_subnormal)
    return _like(number, number.value, number.error + lost)


def _like(number: Bounded, value: Any, error: Any) -> Bounded:
    return Bounded(number.xp, value, error, kind=number.kind, host=number.host)


class _Narrowing:
    """An arithmetic with one more function, which rounds."""

    def __init__(self, xp: Arithmetic, kind: FloatType) -> None:
        self._xp = xp
        self._kind = kind

    def __getattr__(self, name: str) -> Any:
        return getattr(self._xp, name)

    def narrowed(self, number: Number) -> Number:
        """Return a number as it is where a narrower type may have held it."""
        return widened(number, self._kind)

    def rounded(self, number: Number) -> Number:
        """Return a number rounded to a narrower type."""
        return rounded(number, self._kind)


@dataclass(frozen=True)
class NarrowRule(EditedRule):
    """A rule one of whose slots is held in a narrower type."""

    kind: FloatType = FLOAT32

    def __call__(self, xp: Any, *operands: Any) -> tuple[Number, ...]:
        """Take a step with an arithmetic that rounds the slot."""
        narrowing: Any = _Narrowing(xp, self.kind)
        return super().__call__(narrowing, *operands)


def narrow_rule(rule: Rule, slot: str, how: str, kind: FloatType) -> NarrowRule | None:
    """Return a rule with one slot passed through a function; None where it has no such slot."""
    function = function_of(rule)
    last = function.body[-1]
    assert isinstance(last, ast.Return)
    assert isinstance(last.value, ast.Tuple)
    new = dict(zip(rule.slots, map(ast.unparse, last.value.elts[1:]), strict=True)).get(slot)
    for statement in function.body[:-1]:
        assert isinstance(statement, ast.Assign)
        if ast.unparse(statement.targets[0]) == new:
            text = f"xp.{how}({ast.unparse(statement.value)})"
            statement.value = ast.parse(text, mode="eval").body
            return _compiled(rule, function, kind)
    return None


def _compiled(rule: Rule, function: ast.FunctionDef, kind: FloatType) -> NarrowRule:
    names: dict[str, Any] = {}
    text = ast.unparse(function)
    exec(text, rule.function.__globals__, names)
    made = names[function.name]
    return NarrowRule(rule.name, made, rule.slots, rule.cites, rule.hyper, text, kind)
