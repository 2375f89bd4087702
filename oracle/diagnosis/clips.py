"""Clips as other libraries have them: by another measure of a gradient, or kept from 0 / 0."""

from __future__ import annotations

import ast
from ast import BinOp, Call, Div, Mult, Name, expr
from collections.abc import Iterator

from oracle.mutation.operators import Scene, called, said


def add_to_norm(epsilon: float, node: expr, scene: Scene) -> Iterator[str]:
    """Divide the threshold by the norm plus an epsilon, and scale by that where it is below 1."""
    match node:
        case BinOp(BinOp(g, Mult(), Name() as most), Div(), Call() as larger) if _is_clip(larger):
            for scale in _scales(most, larger, epsilon):
                yield f"{said(g)} * {scale}"
        case BinOp(Name() as most, Div(), Call() as larger) if _is_clip(larger):
            yield from _scales(most, larger, epsilon)
        case BinOp(Name("clip_norm") as most, Div(), Name("norm")):
            yield f"{said(most)} / (norm + {epsilon!r})"


def pass_small(node: expr, scene: Scene) -> Iterator[str]:
    """Leave alone what is no longer than the threshold: where both are 0, or infinite, too."""
    match node:
        case BinOp(BinOp(g, Mult(), Name() as most), Div(), Call() as larger) if _is_clip(larger):
            yield f"{said(g)} * {_unless_small(most, called(larger, 'maximum')[0])}"
        case BinOp(Name() as most, Div(), Call() as larger) if _is_clip(larger):
            yield _unless_small(most, called(larger, "maximum")[0])
        case BinOp(Name("clip_norm") as most, Div(), Name("norm") as norm):
            yield _unless_small(most, norm)


def add_for_maximum(node: expr, scene: Scene) -> Iterator[str]:
    """Divide by the norm and the threshold together, which scales what is within it, too."""
    match node:
        case BinOp(_, Div(), Call() as larger) if _is_clip(larger):
            norm, most = map(said, called(larger, "maximum"))
            yield f"{said(node.left)} / ({norm} + {most})"
        case BinOp(Name("clip_norm") as most, Div(), Name("norm") as norm):
            yield f"{said(most)} / ({said(norm)} + {said(most)})"


def other_measures(node: expr, scene: Scene) -> Iterator[str]:
    """Measure a gradient by its largest element, or by the root of the mean of its squares."""
    for g in called(node, "norm"):
        yield f"xp.max(xp.abs({said(g)}))"
        yield f"{said(node)} / math.sqrt(math.prod(xp.shape({said(g)})))"
    if ast.unparse(node) == "xp.sqrt(total)":
        yield "xp.max(*map(xp.abs, gradients))"
        yield "sum(map(xp.sum, map(xp.abs, gradients)))"
        yield f"{said(node)} / math.sqrt(sum(math.prod(xp.shape(g)) for g in gradients))"


def _unless_small(most: expr, norm: expr) -> str:
    return f"xp.where({said(norm)} <= {said(most)}, 1, {said(most)} / {said(norm)})"


def _is_clip(larger: expr) -> bool:
    return bool(called(larger, "maximum"))


def _scales(most: expr, larger: expr, epsilon: float) -> Iterator[str]:
    norm = said(called(larger, "maximum")[0])
    yield f"xp.minimum({said(most)} / ({norm} + {epsilon!r}), 1)"
    yield f"{said(most)} / ({said(larger)} + {epsilon!r})"
