"""The page on what "honest" means, from the table by which bounds are computed."""

from __future__ import annotations

import ast

from oracle.arithmetic.rewritings.rewriting import Rewriting
from oracle.arithmetic.rewritings.table import REWRITINGS
from oracle.report.reference.latex import latex
from oracle.report.reference.markdown import bullets, code, fenced, literal

_NOTE = "<!-- Written by `oracle docs` from oracle/arithmetic/rewritings: edit that, not this. -->"
_INTRODUCTION = """
A check compares each number of a candidate with the exact one, and lets it be off by what an honest
candidate may lose: one that computes the spec's formula, in the arithmetic that it declares, in any
of the forms below. The bound is a running error analysis (Higham, Accuracy and Stability of
Numerical Algorithms, 2nd ed., chapter 3.3): the errors of all operands are followed through every
operation, and to them comes what the operation itself, and its other forms, lose.
"""
_ROUNDINGS = (
    "A sum, difference, product or root is off by u of its result, where u is the unit roundoff of "
    "the type that it is computed in; a sum by no more than either operand.",
    "`exp`, `log`, `cos` and powers are off by 4 ulp; a function of a symmetric matrix by what an "
    "eigensolver or singular values lose.",
    "A result that may be subnormal is off by half the smallest subnormal number, too; by the "
    "smallest normal one where the candidate flushes. One that may overflow has no bound.",
    "A multiply-add that is fused rounds once, and not twice: that loses nothing.",
    "A hyperparameter is rounded to the type that is declared to hold it, and to that of the "
    "arrays where it meets them. Parameters and gradients are what they are.",
    "What is kept is rounded to the type that is declared to store it, and is one number for all "
    "that comes after it.",
    "Where a comparison may fall out either way, both ways are right.",
    "Where libraries differ in one line, its rule has both ways, as `xp.either(one, other)`.",
)
_NOT_HONEST = """
Whatever else is the same in mathematics, and loses more, is outside of the bound: so is a number
that is added and taken off again, or a sum in a narrower type than is declared. Each form is a row
of the table in `oracle/arithmetic/rewritings/`, of which the bound is computed and by which the
tests write honest candidates: `tests/test_rewritings.py` runs them, and shows of each row that
without it one of them fails.
"""


def honest() -> str:
    """Return the page."""
    parts = (
        _NOTE,
        "# What honest means",
        _INTRODUCTION.strip(),
        "## What an operation may lose",
        bullets(map(literal, _ROUNDINGS)),
        "## What may be written otherwise",
        *map(_entry, REWRITINGS),
        "## What is not honest",
        _NOT_HONEST.strip(),
    )
    return "\n\n".join(parts) + "\n"


def _entry(rewriting: Rewriting) -> str:
    """Return what one entry of the table says."""
    first, *others = (_set(form) for form in (rewriting.formula, *rewriting.forms))
    rows = " \\\\\n".join([f"{first} &= {others[0]}", *(f"&= {other}" for other in others[1:])])
    names = " and ".join(map(code, rewriting.hyper))
    where = f" Made of hyperparameters: {names}." if names else ""
    return "\n\n".join(
        (
            f"### {rewriting.name.capitalize()}",
            fenced("math", f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"),
            f"Charged: {literal(rewriting.cost)}.{where}",
        )
    )


def _set(form: str) -> str:
    """Return an expression as LaTeX; its names are letters."""
    tree = ast.parse(form, mode="eval").body
    return latex(tree, {n.id: n.id for n in ast.walk(tree) if isinstance(n, ast.Name)})
