"""What every optimizer of Keras 3 takes, and the spec of a class with arguments of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracle.specification.checks import count, floating, optional, real
from oracle.specification.domains import (
    Count,
    Domain,
    Flag,
    Indices,
    ScheduledRate,
    Threshold,
    among,
)
from oracle.specification.draws import Halvings, Whole
from oracle.specification.forms import Forms
from oracle.specification.spec import Argument, Spec
from oracle.systems.keras3 import schedules
from oracle.systems.keras3.base import Keras3

KERAS3 = Keras3()

FALLING = {
    "class_name": "InverseTimeDecay",
    "config": {"initial_learning_rate": 0.5, "decay_steps": 64, "decay_rate": 1.0},
}
"""A rate that shows at every step how many came before."""


def _learning_rate(value: Any) -> str | None:
    if isinstance(value, Mapping):
        return schedules.check_schedule(value)
    return floating(value)


BASE = (
    Argument(
        "weight_decay",
        None,
        among(0.0625, 0.004, 0.5, check=optional(real), on=0.0625, zero_is_on=True),
        "decoupled weight decay, times the rate",
    ),
    Argument("clipnorm", None, Threshold(), "largest norm of each gradient"),
    Argument("clipvalue", None, Threshold(), "largest magnitude of an element"),
    Argument("global_clipnorm", None, Threshold(), "largest common norm of all gradients"),
    Argument("use_ema", False, Flag(counting=True), "keep a moving average of the weights"),
    Argument(
        "ema_momentum",
        0.99,
        among(0.5, 0.75, 0.99, counting=0.5),
        "share of the last average that is kept",
        needs=("use_ema",),
    ),
    Argument(
        "ema_overwrite_frequency",
        None,
        Count(optional(real), Whole(1, 3), counting=2),
        "steps between overwriting weights",
        needs=("use_ema",),
    ),
    Argument(
        "loss_scale_factor",
        None,
        Domain(optional(real), Halvings(-3, 3), zero_is_on=True),
        "what the loss was multiplied by",
    ),
    Argument(
        "gradient_accumulation_steps",
        None,
        Count(optional(count(2)), Whole(2, 3), counting=2),
        "steps whose mean is applied",
    ),
    Argument(
        "exclude_from_weight_decay",
        None,
        Indices(),
        "indices of parameters handed to exclude_from_weight_decay(var_list=...)",
        needs=("weight_decay",),
    ),
)
_RATE = ScheduledRate(
    _learning_rate, counting=FALLING, schedules=schedules.DEFAULTS, at=schedules.learning_rate
)


def keras3_spec(
    name: str,
    doc: str,
    own: tuple[Argument, ...],
    forms: Forms,
    *,
    learning_rate: float = 0.001,
    quirks: tuple[str, ...] = (),
    **more: Any,
) -> Spec:
    """Return the spec of a class; its own arguments stand before those of the base class.

    ``more`` are further fields of the spec.
    """
    rate = Argument(
        "learning_rate",
        learning_rate,
        _RATE,
        "step size, or a schedule",
    )
    names = {a.name for a in own}
    arguments = (rate, *own, *(a for a in BASE if a.name not in names))
    return Spec(
        KERAS3,
        name,
        {a.name: a for a in arguments},
        forms,
        (name.lower(),),
        doc,
        quirks,
        **more,
    )
