"""Optax's SM3, whose sums of squares are those of a tensor's axes.

From optax/_src/{transform,alias}.py (0.2.8).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce
from typing import Any

import numpy as np

from oracle.arithmetic.base import Arithmetic, Number
from oracle.errors import ShapeError
from oracle.rules.directions import averages, links
from oracle.rules.rule import Shape, Slot
from oracle.specification.direction import direction_with
from oracle.specification.domains import among
from oracle.specification.spec import Argument, Hyper
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.systems.optax.arguments import CONSTANT_RATE, alias, decay_rate, epsilon
from oracle.systems.optax.base import Link, Optax
from oracle.systems.optax.varying import varying

_AXES = 4
"""How many axes of a tensor SM3 is run with here."""


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
    xp, kept = step.xp, step.numbers["b2"]
    fresh = xp.where(kept < 1, 1 - kept, 1)
    for k, g in zip(step.present(), step.gradients(), strict=True):
        shape = xp.shape(g)
        known = [
            _broadcast(xp, step.slots[f"mu_{axis}"][k], axis, len(shape))
            for axis in range(len(shape))
        ]
        total = fresh * g**2 + kept * reduce(xp.minimum, known)
        step.grads[k] = xp.where(total > 0, g / xp.sqrt(total + step.numbers["eps"]), 0)
        for axis in range(len(shape)):
            held = total if len(shape) == 1 else largest_but_along(xp, total, axis)
            step.slots[f"mu_{axis}"][k] = held


def _broadcast(xp: Arithmetic, a: Number, axis: int, axes: int) -> Number:
    others = tuple(range(axes - 1 - axis))
    return xp.rearranged(lambda x: x.reshape(x.shape + (1,) * len(others)), a)


class _Sm3(Optax):
    """SM3's chain, which no scalar has."""

    def __init__(self, *after: Link) -> None:
        super().__init__(*after, before=(scale_by_sm3,))

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse a missing gradient, a scalar, and more axes than are run here."""
        super().check_gradients(gradients, step)
        for k, axes in enumerate(map(np.ndim, gradients)):
            if not 1 <= axes <= _AXES:
                raise ShapeError(
                    f"step {step}: gradient {k} has {axes} axes: SM3 takes 1 to {_AXES}"
                )


SM3 = (
    varying(
        alias(
            "sm3",
            "SM3: Adagrad whose sums of squares are kept for each axis.",
            (CONSTANT_RATE, decay_rate("momentum", 0.9, "decay rate of the average")),
            {(): averages.average},
            renamed={"decay": "momentum"},
            fixed={"b2": 1.0, "eps": 1e-8},
        ),
        _Sm3(direction_with(links.descend, name="scale_by_learning_rate")),
        no_such_axis,
    ),
    varying(
        alias(
            "scale_by_sm3",
            "What sm3 makes of a gradient, before its rate; its sums of squares may fade.",
            (
                decay_rate("b1", 0.9, "decay rate of the average"),
                Argument(
                    "b2",
                    1.0,
                    among(0.5, 0.75, usual=True, on=0.75, coarse=(0.5,), decimals=(0.7,)),
                    "share of the sums that is kept; of 1 what is added counts whole",
                ),
                epsilon(1e-8),
            ),
            {(): averages.average},
            renamed={"decay": "b1"},
        ),
        _Sm3(),
        no_such_axis,
    ),
)
