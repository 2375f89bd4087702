"""Optax's Adafactor and SM3, whose second moments are those of a tensor's axes.

From optax/_src/{factorized,transform,alias}.py (0.2.8).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial, reduce
from typing import Any

import numpy as np

from oracle.arithmetic.base import Arithmetic, Number
from oracle.errors import ShapeError
from oracle.rules.directions import averages, clips, gradient, links
from oracle.rules.rule import Rule, Shape, Slot, zeros
from oracle.specification.checks import count, optional, real
from oracle.specification.direction import direction_with
from oracle.specification.domains import Count, DecayRate, Epsilon, Flag, among
from oracle.specification.draws import Whole
from oracle.specification.spec import Argument, Hyper, Program, Spec
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation, transformation
from oracle.systems.optax.arguments import (
    CONSTANT_RATE,
    RATE_OR_NONE,
    alias,
    decay_rate,
    decayed,
    mask,
    number,
)
from oracle.systems.optax.base import Optax

_MATRIX = 2
_AXES = 4
"""How many axes of a tensor SM3 is run with here."""


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


@dataclass(frozen=True, repr=False)
class Varying(Spec):
    """A spec of whose slots a parameter has those that its shape asks for."""

    has_not: Callable[[Hyper, str, Shape], bool] = lambda hyper, slot, shape: False
    """Whether a slot is one that a parameter of a shape does not have."""

    def chain(self, hyper: Hyper, rule: Rule, *links: Transformation) -> Program:
        """Return the program of those links, and which slots each parameter has."""

        def lacks(slot: str, index: int, shape: Shape) -> bool:
            return self.has_not(hyper, slot, shape)

        return replace(super().chain(hyper, rule, *links), lacks=lacks)


def varying(spec: Spec, system: Optax, has_not: Callable[[Hyper, str, Shape], bool]) -> Spec:
    """Return a spec whose slots depend on the shape, with the system that runs it."""
    known = {field.name: getattr(spec, field.name) for field in fields(spec)}
    return Varying(**{**known, "system": system}, has_not=has_not)


def no_such_moment(hyper: Hyper, slot: str, shape: Shape) -> bool:
    """Whether a parameter has no moments of rows and columns, or none of its own."""
    return slot in ("r", "c", "v") and (slot != "v") != is_factored(hyper, shape)


def length_of(axis: int) -> Callable[[Shape], Shape]:
    """Return the shape of a slot with a number for each place along an axis."""

    def along(shape: Shape) -> Shape:
        return shape[axis : axis + 1]

    return along


def no_such_axis(hyper: Hyper, slot: str, shape: Shape) -> bool:
    """Whether a slot is one of an axis that a parameter has not."""
    return slot.startswith("mu_") and int(slot.removeprefix("mu_")) >= len(shape)


def largest_but_along(xp: Arithmetic, a: Number, axis: int) -> Number:
    """Return the largest element at each place along an axis."""
    shape = xp.shape(a)
    slices = [
        xp.rearranged(partial(np.take, indices=[i], axis=axis), a) for i in range(shape[axis])
    ]
    return xp.rearranged(lambda *found: np.array([f[()] for f in found]), *map(xp.max, slices))


@transformation(
    couples=True,
    slots={f"mu_{axis}": Slot(0, shape=length_of(axis)) for axis in range(_AXES)},
)
def scale_by_sm3(step: Step) -> None:
    """Divide by the root of the smallest bound of a sum of squares that an axis knows."""
    xp = step.xp
    for k, g in zip(step.present(), step.gradients(), strict=True):
        shape = xp.shape(g)
        known = [
            _broadcast(xp, step.slots[f"mu_{axis}"][k], axis, len(shape))
            for axis in range(len(shape))
        ]
        total = g**2 + reduce(xp.minimum, known)
        step.grads[k] = xp.where(total > 0, g / xp.sqrt(total + 1e-8), 0)
        for axis in range(len(shape)):
            held = total if len(shape) == 1 else largest_but_along(xp, total, axis)
            step.slots[f"mu_{axis}"][k] = held


def _broadcast(xp: Arithmetic, a: Number, axis: int, axes: int) -> Number:
    others = tuple(range(axes - 1 - axis))
    return xp.rearranged(lambda x: x.reshape(x.shape + (1,) * len(others)), a)


class _Sm3(Optax):
    """SM3's chain, which no scalar has."""

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse a missing gradient, a scalar, and more axes than are run here."""
        super().check_gradients(gradients, step)
        for k, axes in enumerate(map(np.ndim, gradients)):
            if not 1 <= axes <= _AXES:
                raise ShapeError(
                    f"step {step}: gradient {k} has {axes} axes: optax/sm3 takes 1 to {_AXES}"
                )


_SCALE = Argument(
    "multiply_by_parameter_scale",
    True,
    Flag(others=(False,), decimals=(False,)),
    "steps relative to the parameter's root mean square",
)
FACTORED = (
    varying(
        alias(
            "adafactor",
            "Adafactor: a second moment of rows and columns, and steps relative to the weights.",
            (
                RATE_OR_NONE,
                Argument(
                    "min_dim_size_to_factor",
                    128,
                    Count(count(0), Whole(1, 3), usual=True, coarse=(2,), others=(1,)),
                    "smallest side that is factored",
                ),
                number("decay_rate", 0.8, "exponent of the second moment's decay", 0.5, 1.0, 0.7),
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
                Argument("eps", 1e-30, Epsilon(), "added to the square of the gradient"),
                Argument(
                    "factored", True, Flag(others=(False,), decimals=(False,)), "factor at all"
                ),
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
            "sm3",
            "SM3: Adagrad whose sums of squares are kept for each axis.",
            (CONSTANT_RATE, decay_rate("momentum", 0.9, "decay rate of the average")),
            {(): averages.average},
            renamed={"decay": "momentum"},
        ),
        _Sm3(direction_with(links.descend, name="scale_by_learning_rate"), before=(scale_by_sm3,)),
        no_such_axis,
    ),
)
