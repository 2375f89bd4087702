"""What a backend is asked to compute: each operation by itself, and expressions that tell tales."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from oracle.dtypes import FloatType

Operands = tuple[Any, ...]


def _as_given(kind: FloatType, *arrays: Any) -> Operands:
    return arrays


@dataclass(frozen=True)
class Expression:
    """One expression, in the words of a library of arrays."""

    name: str
    text: str
    function: Callable[..., Any]
    """Of the library, the type of its numbers and the arrays."""
    operation: str = ""
    """The operation of a declaration whose loss it shows, if it is one operation."""
    arrays: int = 1
    operands: Callable[..., Operands] = _as_given
    """Of the type and the arrays: what the operation is applied to."""

    def is_exhaustible(self, kind: FloatType) -> bool:
        """Return whether all inputs may be tried; of powers, those of half types."""
        few = kind.bits <= (16 if self.operation == "power" else 32)
        return bool(self.operation) and self.arrays == 1 and few


def near_one(kind: FloatType) -> float:
    """Return a decay rate that every type with so many bits holds exactly."""
    return 1.0 - 2.0 ** -min(10, kind.precision)


DIVISOR = 3.0
"""A constant whose reciprocal no type holds."""

_ONE = [
    Expression("sqrt", "sqrt(x)", lambda xp, kind, x: xp.sqrt(x), "sqrt"),
    Expression("rsqrt", "rsqrt(x)", lambda xp, kind, x: xp.rsqrt(x), "rsqrt"),
    Expression(
        "reciprocal",
        "1 / x",
        lambda xp, kind, x: 1 / x,
        "divide",
        operands=lambda kind, x: (1.0, x),
    ),
    Expression("exp", "exp(x)", lambda xp, kind, x: xp.exp(x), "exp"),
    Expression("log", "log(x)", lambda xp, kind, x: xp.log(x), "log"),
    Expression("cos", "cos(x)", lambda xp, kind, x: xp.cos(x), "cos"),
]
_POWERS = [
    Expression(
        f"power{exponent}",
        f"x**{exponent}",
        lambda xp, kind, x, exponent=exponent: x**exponent,
        "power",
        operands=lambda kind, x, exponent=exponent: (x, exponent),
    )
    for exponent in (0.5, -0.5, 0.75)
]
_DECAY = Expression(
    "decay",
    "beta**t",
    lambda xp, kind, t: near_one(kind) ** t,
    "power",
    operands=lambda kind, t: (near_one(kind), t),
)
_TWO = [
    Expression("add", "a + b", lambda xp, kind, a, b: a + b, "add", 2),
    Expression(
        "subtract",
        "a - b",
        lambda xp, kind, a, b: a - b,
        "add",
        2,
        operands=lambda kind, a, b: (a, -b),
    ),
    Expression("multiply", "a * b", lambda xp, kind, a, b: a * b, "multiply", 2),
    Expression("divide", "a / b", lambda xp, kind, a, b: a / b, "divide", 2),
    Expression("power", "a**b", lambda xp, kind, a, b: a**b, "power", 2),
]
OPERATIONS = {each.name: each for each in (*_TWO, *_ONE, *_POWERS, _DECAY)}
"""Programs of one operation, by name."""

_EXPRESSIONS = [
    Expression("fused", "a * b + c", lambda xp, kind, a, b, c: a * b + c, arrays=3),
    Expression("fused_difference", "c - a * b", lambda xp, kind, a, b, c: c - a * b, arrays=3),
    Expression("kept", "(a + b) - a", lambda xp, kind, a, b: (a + b) - a, arrays=2),
    Expression("cancelled", "a * b / b", lambda xp, kind, a, b: a * b / b, arrays=2),
    Expression("by_constant", f"x / {DIVISOR:g}", lambda xp, kind, x: x / DIVISOR),
    Expression("sum", "sum(x)", lambda xp, kind, x: xp.sum(x)),
    Expression("matmul", "a @ b", lambda xp, kind, a, b: xp.matmul(a, b), arrays=2),
]
PROGRAMS = {**OPERATIONS, **{each.name: each for each in _EXPRESSIONS}}
