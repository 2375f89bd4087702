r"""LaTeX from the Python syntax tree of a formula.

Two formulas that round differently look different: `a * b * c` and `a * (b * c)` keep their
brackets, and a division is a fraction of exactly what Python divides. GitHub's MathJax refuses
``\operatorname``, so that a function without a macro of its own is ``\mathop{\mathrm{...}}``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

from oracle.errors import OracleError


class UntranslatableError(OracleError, ValueError):
    """A formula holds syntax that has no translation into LaTeX."""


class Level(IntEnum):
    """How tightly a piece of LaTeX holds together; a looser one needs brackets."""

    CHOICE = 0
    SUM = 1
    NEGATION = 2
    PRODUCT = 3
    TALL = 4
    """Fractions, roots and powers: factors as they are, but no bases of a power."""
    ATOM = 5


class Piece(NamedTuple):
    """LaTeX, and how tightly it holds together."""

    text: str
    level: Level


_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: r"\lt",
    ast.LtE: r"\le",
    ast.Gt: r"\gt",
    ast.GtE: r"\ge",
    ast.Eq: "=",
    ast.NotEq: r"\ne",
}
_FUNCTIONS = {
    "sign": r"\mathop{\mathrm{sign}}",
    "maximum": r"\max",
    "minimum": r"\min",
    "exp": r"\exp",
    "log": r"\ln",
    "cos": r"\cos",
    "sum": r"\sum",
    "longest_side": r"\mathop{\mathrm{longest\ side}}",
    "orthogonalized": r"\mathop{\mathrm{orthogonalized}}",
    "mean": r"\mathop{\mathrm{mean}}",
    "row_means": r"\mathop{\mathrm{row\ means}}",
    "column_means": r"\mathop{\mathrm{column\ means}}",
    "over_row_means": r"\mathop{\mathrm{over\ row\ means}}",
    "outer": r"\mathop{\mathrm{outer}}",
    "rows": r"\mathop{\mathrm{rows}}",
    "row_sums": r"\mathop{\mathrm{row\ sums}}",
    "slide": r"\mathop{\mathrm{slide}}",
    "smallest_eigenvalue": r"\lambda_{\min}",
}
"""Functions that stand before brackets with their arguments."""
_DELIMITERS = {
    "abs": (r"\lvert", r"\rvert"),
    "norm": (r"\lVert", r"\rVert"),
    "floor": (r"\lfloor", r"\rfloor"),
    "ceil": (r"\lceil", r"\rceil"),
}
_CONSTANTS = {"pi": r"\pi", "inf": r"\infty", "nan": r"\mathrm{NaN}"}
_TALL = re.compile(r"\\(frac|sqrt|begin|sum|left)\b")
_NUMBER_AT_END = re.compile(r"(?:^|[ ({])[\d.]+$")
_WORD = re.compile(r"\\mathrm\{[^{}]*\}$")


def latex(node: ast.expr, symbols: Mapping[str, str]) -> str:
    """Return an expression as LaTeX, each name by its symbol."""
    return _piece(node, symbols).text


def _piece(node: ast.expr, symbols: Mapping[str, str]) -> Piece:
    match node:
        case ast.Name(id=name) if name in symbols:
            return Piece(symbols[name], Level.ATOM)
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return number(value)
        case ast.Constant(value=value) if value is ...:
            return Piece(r"\dots", Level.ATOM)
        case ast.Attribute(value=ast.Name(id="xp"), attr=attr) if attr in _CONSTANTS:
            return Piece(_CONSTANTS[attr], Level.ATOM)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            text = _within(_piece(operand, symbols), Level.PRODUCT)
            return Piece(f"-{text}", Level.NEGATION)
        case ast.BinOp(left=left, op=op, right=right):
            return _operation(node, op, _piece(left, symbols), _piece(right, symbols))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
            sides = (_within(_piece(side, symbols), Level.SUM) for side in (left, right))
            return Piece(f" {_COMPARISONS[type(op)]} ".join(sides), Level.CHOICE)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="xp"), attr=attr), keywords=[]):
            return _call(node, attr, [_piece(argument, symbols) for argument in node.args])
    raise _untranslatable(node)


def number(value: float) -> Piece:
    """Return a number as one writes it: 10^{-7} rather than 1e-07."""
    mantissa, _, exponent = repr(value).partition("e")
    if not exponent:
        return Piece(mantissa, Level.ATOM)
    power = f"10^{{{int(exponent)}}}"
    if mantissa == "1":
        return Piece(power, Level.TALL)
    return Piece(rf"{mantissa} \cdot {power}", Level.PRODUCT)


def _operation(node: ast.expr, op: ast.operator, left: Piece, right: Piece) -> Piece:
    match op:
        case ast.Add() | ast.Sub():
            sign = "+" if isinstance(op, ast.Add) else "-"
            first, second = _within(left, Level.SUM), _within(right, Level.PRODUCT)
            return Piece(f"{first} {sign} {second}", Level.SUM)
        case ast.Mult():
            return _product(_within(left, Level.PRODUCT), _within(right, Level.TALL))
        case ast.Div():
            return Piece(rf"\frac{{{left.text}}}{{{right.text}}}", Level.TALL)
        case ast.Pow():
            return Piece(f"{_within(left, Level.ATOM)}^{{{right.text}}}", Level.TALL)
    raise _untranslatable(node)


def _product(left: str, right: str) -> Piece:
    """Write factors side by side, with a dot where two numbers or two words would run together."""
    fraction_after_number = right.startswith(r"\frac") and _NUMBER_AT_END.search(left)
    words = right.startswith(r"\mathrm") or _WORD.search(left)
    dot = right[0].isdigit() or fraction_after_number or words
    return Piece(rf"{left} \cdot {right}" if dot else f"{left} {right}", Level.PRODUCT)


def _call(node: ast.expr, function: str, arguments: list[Piece]) -> Piece:
    texts = [argument.text for argument in arguments]
    match function, texts:
        case "sqrt", [text]:
            return Piece(rf"\sqrt{{{text}}}", Level.TALL)
        case "either", [_, _]:
            return arguments[0]
        case "constant", [_]:
            return arguments[0]
        case "where", [condition, yes, no]:
            rows = rf"{yes} & \text{{if }} {condition} \\ {no} & \text{{otherwise}}"
            return Piece(rf"\begin{{cases}} {rows} \end{{cases}}", Level.CHOICE)
        case "transpose", [_]:
            return Piece(rf"{_within(arguments[0], Level.ATOM)}^{{\top}}", Level.TALL)
        case "identity_like", [_]:
            return Piece("I", Level.ATOM)
        case "matrix_power", [_, power, _]:
            factors = _within(arguments[0], Level.ATOM), _within(arguments[2], Level.TALL)
            return Piece(rf"{factors[0]}^{{{power}}} \cdot {factors[1]}", Level.PRODUCT)
        case "root_power", [root, _, power, _]:
            shifted = _bracketed(rf"\sqrt{{{root}}} + {_within(arguments[1], Level.TALL)} I")
            last = _within(arguments[3], Level.TALL)
            return Piece(rf"{shifted}^{{{power}}} \cdot {last}", Level.PRODUCT)
        case "matmul", [_, _]:
            left, right = arguments
            factors = _within(left, Level.TALL), _within(right, Level.TALL)
            return Piece(r" \cdot ".join(factors), Level.PRODUCT)
        case _, [text] if function in _DELIMITERS:
            return Piece(_bracketed(text, *_DELIMITERS[function]), Level.ATOM)
        case _ if function in _FUNCTIONS:
            return Piece(_FUNCTIONS[function] + _bracketed(", ".join(texts)), Level.TALL)
    raise _untranslatable(node)


def _within(piece: Piece, level: Level) -> str:
    """Return the text of a piece, in brackets unless it holds together at least so tightly."""
    return piece.text if piece.level >= level else _bracketed(piece.text)


def _bracketed(text: str, opening: str = "(", closing: str = ")") -> str:
    space = " " if opening.startswith("\\") else ""
    if _TALL.search(text):
        return rf"\left{opening}{space}{text}{space}\right{closing}"
    return f"{opening}{space}{text}{space}{closing}"


def _untranslatable(node: ast.expr) -> UntranslatableError:
    return UntranslatableError(
        f"line {node.lineno}: `{ast.unparse(node)}` has no translation into LaTeX: a formula uses "
        "+ - * / **, its own names and the functions of its arithmetic"
    )
