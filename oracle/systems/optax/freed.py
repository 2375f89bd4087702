"""Optax's schedule-free wrapper: any optimizer's steps move z, and x is the mean of these.

From optax/contrib/_schedule_free.py (0.2.8); the parameters are y.
"""

from __future__ import annotations

from oracle.specification.composition import Around, Inner, composed
from oracle.specification.domains import DecayRate
from oracle.specification.draws import Among
from oracle.specification.numbers import number
from oracle.specification.spec import REQUIRED, Argument, Hyper, Program, Spec
from oracle.specification.wrapped import serialized
from oracle.systems.optax.arguments import RATE
from oracle.systems.optax.base import OptaxContrib, apply_updates
from oracle.systems.optax.bases import BASES, base_optimizer
from oracle.systems.optax.chain import Part
from oracle.systems.optax.schedule_free import average_steps
from oracle.systems.optax.wrapped import MOMENTUM


class _ScheduleFree(OptaxContrib):
    """The base optimizer's direction, and the mean of where it leads."""

    version = "Optax 0.2.8, optax/contrib/_schedule_free.py"

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Let the base optimizer move z, and the parameters stay between z and x."""
        base = BASES.inner(spec, hyper)

        def free(inner: Inner, hyper: Hyper) -> Around:
            stages = (Part(inner.name, inner.program).flowing(""), average_steps, apply_updates)
            return Around(stages, average_steps.slots, spec.numbers(hyper))

        return composed(free, base, hyper)


_ADAM = serialized("adam", learning_rate=0.125, b1=0.5, b2=0.75, eps=0.0625)
FREED = Spec(
    _ScheduleFree(),
    "schedule_free",
    {
        "base_optimizer": base_optimizer("base_optimizer", coarse=_ADAM, other=MOMENTUM),
        "learning_rate": Argument(
            "learning_rate", REQUIRED, RATE.domain, "what weighs a step: a number, or a schedule"
        ),
        "b1": Argument("b1", 0.9, DecayRate(drawn=Among((0.5, 0.75, 0.875))), "share of x in y"),
        "weight_lr_power": number(
            "weight_lr_power", 2.0, "power of the largest rate that weighs a step", 1.0, 3.0, 0.5
        ),
    },
    {},
    (),
    "Any optimizer, schedule-free.",
    (
        "The rate weighs steps alone: how long they are is the base optimizer's business.",
        "A schedule counts from 1.",
        "b1=0 divides by 0.",
    ),
)
