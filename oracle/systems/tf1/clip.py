"""TensorFlow's functions that clip gradients, by themselves: a step returns what they return.

The clipped gradient is shown in the place of the parameter, whose start has no say; a parameter
without a gradient stays as it is. Where a function gives a sparse gradient back, what is shown is
the array that it stands for: the sum of its occurrences in each row, and 0 in the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oracle.arithmetic.base import Number
from oracle.errors import ShapeError
from oracle.rules.gradient import gradient_itself
from oracle.rules.transformations import clipping
from oracle.specification.checks import optional
from oracle.specification.domains import Domain, Other
from oracle.specification.draws import Among, Halvings
from oracle.specification.sparse import ALL_ROWS, Slices, SparseForm
from oracle.specification.spec import REQUIRED, Argument, Hyper, Program, Spec, System
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation, transformation
from oracle.specification.update import update_with


@transformation()
def clip_by_value(step: Step) -> None:
    """Take the smaller of each element and clip_value_max, then the larger with clip_value_min."""
    low, high = step.numbers["clip_value_min"], step.numbers["clip_value_max"]
    _replace(step, clipping.by_interval(step.xp, step.pieces(), low, high))


@transformation(couples=True)
def clip_by_norm(step: Step) -> None:
    """Multiply by clip_norm, and divide by the norm along axes or clip_norm, if that is larger."""
    threshold, axes = step.numbers["clip_norm"], step.hyper["axes"]
    pieces: list[Number] = []
    for gradient in step.grads:
        if isinstance(gradient, Slices):
            layers = list(gradient.layers)
            pieces += clipping.by_norm_of_rows(step.xp, layers, threshold, axes)
        elif gradient is not None:
            pieces += clipping.by_norm_along(step.xp, [gradient], threshold, axes)
    _replace(step, pieces)


@transformation(couples=True)
def clip_by_global_norm(step: Step) -> None:
    """Multiply all by clip_norm over their common norm or clip_norm, if that is larger."""
    threshold, pieces = step.numbers["clip_norm"], step.pieces()
    sign = _sign(step.hyper["clip_norm"])
    if sign < 0:
        _replace(step, clipping.by_negative_global_norm(step.xp, pieces))
    else:
        rule = clipping.by_global_norm if sign else clipping.by_global_norm_of_zero
        _replace(step, rule(step.xp, pieces, threshold))


@transformation(couples=True)
def clip_by_average_norm(step: Step) -> None:
    """Multiply by clip_norm over the norm per element or clip_norm, if that is larger.

    A sparse gradient is made dense first: its occurrences are added up, and all elements count.
    """
    if _sign(step.hyper["clip_norm"]) >= 0:
        threshold = step.numbers["clip_norm"]
        step.replace_gradients(clipping.by_average_norm(step.xp, step.gradients(), threshold))


@transformation(couples=True)
def global_norm(step: Step) -> None:
    """Fill each gradient with the root of the sum of all squares, each occurrence for itself."""
    norm = clipping.global_norm(step.xp, step.pieces())
    step.replace_gradients([step.xp.full(step.xp.shape(g), norm) for g in step.gradients()])


def _replace(step: Step, pieces: list[Number]) -> None:
    """Put clipped pieces in the places of those before; no row appears that did not occur."""
    step.replace_pieces(pieces)
    step.grads = [g.in_its_rows() if isinstance(g, Slices) else g for g in step.grads]


def _sign(value: Any) -> int:
    number = float(value)
    return (number > 0) - (number < 0)


class TfClip(System):
    """The functions of `tf` that clip gradients, with tensors or indexed slices."""

    name = "tf"
    version = "TensorFlow 1.15.5, tensorflow/python/ops/clip_ops.py"
    flushes_subnormals = True

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse a step without any gradient."""
        if all(g is None for g in gradients):
            raise ShapeError(f"step {step}: tf clips nothing without a gradient; give one")

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Clip, and show the gradients."""
        shown = update_with(gradient_itself, sparse=ALL_ROWS)
        return spec.chain(hyper, gradient_itself, *spec.before, shown)


TF_CLIP = TfClip()


def _axes(value: Any) -> str | None:
    """Accept a list of axes, those from the end included."""
    fits = isinstance(value, (list, tuple)) and all(
        isinstance(axis, int) and not isinstance(axis, bool) for axis in value
    )
    return None if fits else "it must be a list of axes"


def _spec(
    clip: Transformation, doc: str, *arguments: Argument, quirks: tuple[str, ...], sparse: str
) -> Spec:
    return Spec(
        TF_CLIP,
        clip.name,
        {argument.name: argument for argument in arguments},
        {(): gradient_itself},
        (),
        doc,
        quirks,
        sparse=SparseForm(sparse),
        before=(clip,),
    )


_SLICES = (
    "Slices come back; shown is what they stand for: in each row the sum of its clipped "
    "occurrences, 0 in the rows that do not occur."
)
_CLIP_NORM = Argument(
    "clip_norm", REQUIRED, Domain(drawn=Halvings(-4, 4), others=(1.5,)), "largest norm"
)
_FIRST_TIMES = "It multiplies first: what is below the threshold is rounded, and may overflow."
_SHOWN = "What it returns is shown in the place of the parameter."

SPECS = (
    _spec(
        clip_by_value,
        "Each element, moved into an interval.",
        Argument(
            "clip_value_min",
            REQUIRED,
            Domain(drawn=Halvings(-4, 4, sign=-1.0), on=-0.5, others=(-1.5,), decimals=(-0.7,)),
            "smallest value",
        ),
        Argument(
            "clip_value_max",
            REQUIRED,
            Domain(drawn=Halvings(-4, 4), coarse=(0.25,), others=(1.0,)),
            "largest value",
        ),
        quirks=(
            "Where the smallest value is above the largest one, everything becomes the smallest.",
            "NaN stays NaN.",
            _SHOWN,
        ),
        sparse=f"Each occurrence of a row is clipped by itself. {_SLICES}",
    ),
    _spec(
        clip_by_norm,
        "Each gradient, scaled down to a norm of its own.",
        _CLIP_NORM,
        Argument(
            "axes",
            None,
            Other(optional(_axes), Among(([],)), on=[]),
            "the axes of the norm; all by default",
        ),
        quirks=(
            _FIRST_TIMES,
            "An infinite element becomes NaN, and the others of its norm 0.",
            "A norm of 0 under a threshold of 0 gives NaN; a negative threshold turns gradients "
            "around.",
            "With an empty list of axes each element has a norm of its own.",
            _SHOWN,
        ),
        sparse="The norm is that of all occurrences, before they are added up. Along other axes "
        f"than the first, each occurrence has a norm of its own. {_SLICES}",
    ),
    _spec(
        clip_by_global_norm,
        "All gradients, scaled down to a common norm.",
        _CLIP_NORM,
        quirks=(
            "A norm that is infinite or NaN turns every element to NaN.",
            "The scale is clip_norm * (1 / clip_norm) below the threshold, which rounding may "
            "keep from 1.",
            "A norm of 0 under a threshold of 0 gives NaN; a negative threshold clips nothing.",
            _SHOWN,
        ),
        sparse=f"The norm is that of all occurrences, before they are added up. {_SLICES}",
    ),
    _spec(
        clip_by_average_norm,
        "Each gradient, scaled down by its norm per element.",
        Argument(
            "clip_norm",
            REQUIRED,
            Domain(drawn=Halvings(-4, 4), on=0.125, decimals=(0.03,)),
            "largest norm per element",
        ),
        quirks=(
            "The norm is divided by the number of elements, not by its root.",
            "It takes float32 alone: float64 raises TypeError.",
            "An infinite element becomes NaN, and the others 0.",
            "A norm of 0 under a threshold of 0 gives NaN; a negative threshold clips nothing.",
            _SHOWN,
        ),
        sparse="The gradient is made dense, and so is what comes back: its norm is that of the "
        "sums, over the number of all elements.",
    ),
    _spec(
        global_norm,
        "The common norm of all gradients.",
        quirks=(
            "It is the root of twice the sum of half the squares.",
            "A gradient that is missing adds nothing.",
            "The norm is shown in every element of each parameter with a gradient.",
        ),
        sparse="The norm is that of all occurrences, before they are added up; every row shows it.",
    ),
)
