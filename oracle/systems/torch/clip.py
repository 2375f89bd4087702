"""PyTorch's functions that clip gradients, by themselves: a step returns what they leave.

The gradient is shown in the place of the parameter, whose start has no say; a parameter without a
gradient stays as it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from oracle.arithmetic.base import Number
from oracle.errors import ShapeError
from oracle.rules.gradient import gradient_itself
from oracle.rules.transformations import norms
from oracle.specification.checks import real
from oracle.specification.domains import Domain, Flag
from oracle.specification.draws import Among, Halvings
from oracle.specification.spec import REQUIRED, Argument, Hyper, Program, Spec, System
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation, transformation
from oracle.specification.update import update_with


def _norm(step: Step) -> Number:
    order, p = float(step.hyper["norm_type"]), step.numbers["norm_type"]
    return norms.total_norm(step.xp, step.gradients(), order, p)


def _is_refused(step: Step, norm: Number) -> bool:
    return bool(step.hyper["error_if_nonfinite"]) and not step.xp.is_finite(norm)


def _scale(step: Step, norm: Number) -> None:
    max_norm = step.numbers["max_norm"]
    step.replace_gradients(norms.by_total_norm(step.xp, step.gradients(), norm, max_norm))


@transformation(couples=True)
def clip_grad_norm_(step: Step) -> None:
    """Scale all gradients down to a common norm; what is refused leaves them alone."""
    norm = _norm(step)
    if not _is_refused(step, norm):
        _scale(step, norm)


@transformation(couples=True)
def clip_grads_with_norm_(step: Step) -> None:
    """Scale all gradients down, by a norm that is given."""
    _scale(step, step.numbers["total_norm"])


@transformation()
def clip_grad_value_(step: Step) -> None:
    """Move each element between -clip_value and clip_value."""
    clip_value = step.numbers["clip_value"]
    step.replace_gradients(norms.by_size(step.xp, step.gradients(), clip_value))


@transformation(couples=True)
def get_total_norm(step: Step) -> None:
    """Fill each gradient with the norm of all; what is refused leaves them alone."""
    norm = _norm(step)
    if not _is_refused(step, norm):
        step.replace_gradients([step.xp.full(step.xp.shape(g), norm) for g in step.gradients()])


class TorchClip(System):
    """The functions of `torch.nn.utils` that clip gradients."""

    name = "torch"
    version = "PyTorch 2.13.0, torch/nn/utils/clip_grad.py"

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse a step without any gradient."""
        if all(g is None for g in gradients):
            raise ShapeError(f"step {step}: torch clips nothing without a gradient; give one")

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Clip, and show the gradients."""
        return spec.chain(hyper, gradient_itself, *spec.before, update_with(gradient_itself))


TORCH_CLIP = TorchClip()


def _order(value: Any) -> str | None:
    """Accept a number but NaN; ``inf`` may be a word."""
    return real(value) or ("it must not be NaN" if math.isnan(float(value)) else None)


def _spec(
    clip: Transformation, doc: str, *arguments: Argument, quirks: tuple[str, ...] = ()
) -> Spec:
    shown = "What it leaves is shown in the place of the parameter."
    return Spec(
        TORCH_CLIP,
        clip.name,
        {argument.name: argument for argument in arguments},
        {(): gradient_itself},
        (),
        doc,
        (*quirks, shown),
        before=(clip,),
    )


_MAX_NORM = Argument(
    "max_norm", REQUIRED, Domain(drawn=Halvings(-4, 4), others=(1.5,)), "largest norm"
)
_NORM_TYPE = Argument(
    "norm_type",
    2.0,
    Domain(
        _order,
        Among((2.0, 1.0, math.inf, 3.0, 0.5, 0.0, -math.inf, -1.0)),
        usual=True,
        coarse=(1.0,),
        others=(3.0,),
        decimals=(2.5,),
    ),
    "order of the norm",
)
_ERROR = Argument(
    "error_if_nonfinite", False, Flag(), "raise RuntimeError where the norm is not finite"
)
_OF_NORMS = (
    "The norm is that of the norms of the tensors: of order 0 it counts the tensors that have an "
    "element other than 0.",
    "A tensor without elements has no norm of order inf, nor of a negative one: RuntimeError.",
    "Where error_if_nonfinite raises, the gradients are left alone.",
)
_SCALED = (
    "The norm is made longer by 1e-6: what is small is clipped to less than max_norm.",
    "An infinite norm makes 0 of finite elements and NaN of infinite ones; NaN makes all NaN.",
    "A negative max_norm turns the gradients around.",
)

SPECS = (
    _spec(
        clip_grad_norm_,
        "All gradients, scaled down to a common norm of any order.",
        _MAX_NORM,
        _NORM_TYPE,
        _ERROR,
        quirks=(*_OF_NORMS, *_SCALED),
    ),
    _spec(
        clip_grads_with_norm_,
        "All gradients, scaled down by a norm that is given.",
        _MAX_NORM,
        Argument(
            "total_norm",
            REQUIRED,
            Domain(drawn=Halvings(-4, 6), on=2.0, others=(4.0,), decimals=(0.9,)),
            "the norm, a tensor of the parameters' dtype",
        ),
        quirks=_SCALED,
    ),
    _spec(
        clip_grad_value_,
        "Each element, moved into an interval around 0.",
        Argument(
            "clip_value", REQUIRED, Domain(drawn=Halvings(-4, 4), others=(1.5,)), "largest size"
        ),
        quirks=("NaN stays NaN.", "A negative clip_value makes every element clip_value itself."),
    ),
    _spec(
        get_total_norm,
        "The norm of all gradients.",
        _NORM_TYPE,
        _ERROR,
        quirks=(*_OF_NORMS, "The norm is shown in every element of each gradient."),
    ),
)
