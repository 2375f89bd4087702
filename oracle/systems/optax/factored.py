"""Optax's Adafactor, whose second moment is a product of those of a matrix' rows and columns.

From optax/_src/{factorized,transform,alias}.py (0.2.8).
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from oracle.arithmetic.base import Arithmetic, Number
from oracle.rules.directions import averages, clips, gradient, links
from oracle.rules.rule import Shape, Slot, zeros
from oracle.specification.checks import count, optional, real
from oracle.specification.direction import direction_with
from oracle.specification.domains import Count, DecayRate, Epsilon, among
from oracle.specification.draws import Whole
from oracle.specification.numbers import number
from oracle.specification.spec import Argument, Hyper
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.systems.optax.arguments import RATE_OR_NONE, alias, decayed, flag, mask
from oracle.systems.optax.base import Optax
from oracle.systems.optax.varying import varying

_MATRIX = 2


def largest_axes(shape: Shape) -> tuple[int, int]:
    """Return the axes of the second largest and of the largest side; of equal ones, the later."""
    order = np.argsort(shape)
    return int(order[-2]), int(order[-1])


def is_factored(hyper: Any, shape: Shape) -> bool:
    """Whether a parameter has moments of its rows and columns in the place of one of its own."""
    if not hyper["factored"] or len(shape) < _MATRIX:
        return False
    return bool(sorted(shape)[-2] >= hyper["min_dim_size_to_factor"])


def of_rows(shape: Shape) -> Shape:
    """Return the shape of what is left when the largest side is averaged out."""
    return _without(largest_axes(shape)[1], shape) if len(shape) >= _MATRIX else ()


def of_columns(shape: Shape) -> Shape:
    """Return the shape of what is left when the second largest side is averaged out."""
    return _without(largest_axes(shape)[0], shape) if len(shape) >= _MATRIX else ()


def _without(axis: int, shape: Shape) -> Shape:
    return shape[:axis] + shape[axis + 1 :]


def mean_along(xp: Arithmetic, a: Number, axis: int) -> Number:
    """Return the mean along an axis, which stays, with one element."""
    total = xp.sum(a, axis)
    return xp.rearranged(partial(np.expand_dims, axis=axis), total) / xp.shape(a)[axis]


def decay_of(step: Step) -> Number:
    """Return the decay rate of the second moment at this step, which JAX makes a float32."""

    def compute(xp: Arithmetic) -> Number:
        t = xp.constant(step.iterations + 1)
        return 1 - t ** (-xp.constant(step.hyper["decay_rate"], "decay_rate"))

    return step.xp.in_type_of("decay_rate", compute)


@transformation(
    couples=True,
    slots={
        "r": Slot(0, shape=of_rows),
        "c": Slot(0, shape=of_columns),
        "v": zeros,
    },
)
def scale_by_factored_rms(step: Step) -> None:
    """Divide by the root of a second moment, or of the product of those of rows and columns."""
    xp, slots, beta = step.xp, step.slots, decay_of(step)
    for k, g in zip(step.present(), step.gradients(), strict=True):
        square, shape = g**2 + step.numbers["eps"], xp.shape(g)
        if not is_factored(step.hyper, shape):
            slots["v"][k] = beta * slots["v"][k] + (1 - beta) * square
            step.grads[k] = g / xp.sqrt(slots["v"][k])
            continue
        second, first = largest_axes(shape)
        rows, columns = mean_along(xp, square, first), mean_along(xp, square, second)
        r = beta * _along(xp, slots["r"][k], first) + (1 - beta) * rows
        c = beta * _along(xp, slots["c"][k], second) + (1 - beta) * columns
        step.grads[k] = g / xp.sqrt(r / mean_along(xp, r, second)) / xp.sqrt(c)
        slots["r"][k], slots["c"][k] = _squeezed(xp, r, first), _squeezed(xp, c, second)


def _along(xp: Arithmetic, a: Number, axis: int) -> Number:
    return xp.rearranged(partial(np.expand_dims, axis=axis), a)


def _squeezed(xp: Arithmetic, a: Number, axis: int) -> Number:
    return xp.rearranged(partial(np.squeeze, axis=axis), a)


def no_such_moment(hyper: Hyper, slot: str, shape: Shape) -> bool:
    """Whether a parameter has no moments of rows and columns, or none of its own."""
    return slot in ("r", "c", "v") and (slot != "v") != is_factored(hyper, shape)


def _epsilon(hyper: Hyper) -> Any:
    return hyper["epsilon"]


_FACTORED = flag("factored", True, "factor at all")
_SIDE = Argument(
    "min_dim_size_to_factor",
    128,
    Count(count(0), Whole(1, 3), usual=True, coarse=(2,), others=(1,)),
    "smallest side that is factored",
)
_EXPONENT = number("decay_rate", 0.8, "exponent of the second moment's decay", 0.5, 1.0, 0.7)
_SCALE = flag("multiply_by_parameter_scale", True, "steps relative to the parameter's size")
_BESIDE_SQUARE = "added to the square of the gradient"
FACTORED = (
    varying(
        alias(
            "adafactor",
            "Adafactor: a second moment of rows and columns, and steps relative to the weights.",
            (
                RATE_OR_NONE,
                _SIDE,
                _EXPONENT,
                _SCALE,
                Argument(
                    "clipping_threshold",
                    1.0,
                    among(
                        *(0.5, 2.0),
                        check=optional(real),
                        usual=True,
                        zero_is_on=True,
                        coarse=(0.5,),
                        others=(2.0,),
                        decimals=(0.7,),
                    ),
                    "largest root mean square; None for none",
                ),
                Argument(
                    "momentum",
                    None,
                    DecayRate(optional(real), usual=False, zero_is_on=True),
                    "decay of the average",
                ),
                Argument(
                    "weight_decay_rate",
                    None,
                    among(0.0625, 0.5, check=optional(real), on=0.0625, zero_is_on=True),
                    "share of the parameter that is added",
                ),
                Argument("eps", 1e-30, Epsilon(), _BESIDE_SQUARE),
                _FACTORED,
                mask("weight_decay_mask", "weight_decay_rate"),
            ),
            {(): gradient.steepest},
            quirks=("The decay is not multiplied by the rate.",),
        ),
        Optax(
            direction_with(links.turn_around, name="scale"),
            before=(
                scale_by_factored_rms,
                direction_with(
                    clips.clip_by_block_rms,
                    {"threshold": "clipping_threshold"},
                    name="clip_by_block_rms",
                    asks=("clipping_threshold",),
                ),
                direction_with(
                    links.ascend, name="scale_by_learning_rate", asks=("learning_rate",)
                ),
                direction_with(
                    clips.scale_by_block_rms,
                    name="scale_by_param_block_rms",
                    asks=("multiply_by_parameter_scale",),
                    fixed={"min_scale": 1e-3},
                ),
                direction_with(
                    averages.average, {"decay": "momentum"}, name="ema", asks=("momentum",)
                ),
                decayed("weight_decay_rate", "weight_decay_mask"),
            ),
        ),
        no_such_moment,
    ),
    varying(
        alias(
            "scale_by_factored_rms",
            "What adafactor makes of a gradient, before its clip, rate and decay.",
            (
                _FACTORED,
                _EXPONENT,
                _SIDE,
                Argument("epsilon", 1e-30, Epsilon(), _BESIDE_SQUARE),
            ),
            {(): gradient.steepest},
            derived={"eps": _epsilon},
        ),
        Optax(before=(scale_by_factored_rms,)),
        no_such_moment,
    ),
)
