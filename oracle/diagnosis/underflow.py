"""Forms of a formula that are the same number, but for an intermediate that underflows.

An honest candidate may have them, and still lose digits that the formula as it is written keeps:
the square of 1e-25 has none left in float32. Each is the right rule with the bound of that form.
"""

from __future__ import annotations

import ast
from ast import BinOp, Div, Mult, Pow
from collections.abc import Iterator

from oracle.diagnosis.evidence import Evidence
from oracle.diagnosis.hypotheses import ARGUMENT, Hypothesis
from oracle.diagnosis.statements import versions_by
from oracle.mutation.operators import Scene, called, said
from oracle.mutation.substitute import rules_run, substituted
from oracle.mutation.versions import Version, function_of


def underflowing(evidence: Evidence) -> Iterator[Hypothesis]:
    """Yield the rules of a evidence in these forms; they widen the bound and move no truth."""
    for rule in rules_run(evidence.spec, evidence.hyper, evidence.problem):
        everywhere = range(len(function_of(rule).body))
        for rank, form in enumerate((_square_factor, _square_all, _take_reciprocal)):
            for version in versions_by((form,), rule, everywhere, _passes):
                make = substituted(evidence.spec, rule, version.rule).program
                yield Hypothesis(_told(version), (ARGUMENT, rank - 3), make, widens=True)


def _told(version: Version) -> str:
    """Tell a form, and which part of it is further from 1 than what it is a part of."""
    tree = ast.walk(ast.parse(version.after))
    squares = [node for node in tree if isinstance(node, BinOp) and isinstance(node.op, Pow)]
    lost = f"`{ast.unparse(squares[0])}` underflows" if squares else "a part of it is out of range"
    form = f"`{version.after}` instead of `{version.before}`"
    return f"would pass but that {lost} in {form}, the same number ({version.where})"


def _passes(place: int, statement: str) -> bool:
    return True


def _square_factor(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take one root of the last factor's square over what stands under the divisor's."""
    match node:
        case BinOp(BinOp(factor, Mult(), x), Div(), root) if called(root, "sqrt"):
            yield f"{said(factor)} * {_root_of_square(x, root)}"


def _square_all(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Take one root of the whole square over what stands under the divisor's."""
    match node:
        case BinOp(over, Div(), root) if called(root, "sqrt"):
            yield _root_of_square(over, root)


def _root_of_square(x: ast.expr, root: ast.expr) -> str:
    return f"xp.sign({said(x)}) * xp.sqrt({said(x)}**2 / {said(called(root, 'sqrt')[0])})"


def _take_reciprocal(node: ast.expr, scene: Scene) -> Iterator[str]:
    """Multiply by the reciprocal of a root, or by the root of a reciprocal."""
    match node:
        case BinOp(over, Div(), root) if called(root, "sqrt"):
            yield f"{said(over)} * (1 / {said(root)})"
            yield f"{said(over)} * xp.sqrt(1 / {said(called(root, 'sqrt')[0])})"
