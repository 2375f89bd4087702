"""Values for the arguments of the rules, and what each argument claims.

``coarse`` values have few bits, so that float16 and bfloat16 carry them exactly, and steps so long
that half types can see them; ``other`` values do it differently and reach what ``coarse`` leaves at
its default; ``alone`` values are decimal fractions, which no binary type carries exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from oracle.specification.domains import Domain, Flag
from oracle.specification.spec import Spec


@dataclass(frozen=True)
class Values:
    """Three settings of a spec's own arguments."""

    coarse: Mapping[str, Any]
    other: Mapping[str, Any]
    alone: Mapping[str, Any]
    required: Mapping[str, Any] = field(default_factory=dict)
    """Values for the arguments without a default, where a case sets nothing else."""
    why: Mapping[str, str] = field(default_factory=dict)
    """What an argument claims where the library gives it another meaning than the rest."""


def derived(spec: Spec, own: Sequence[str]) -> Values:
    """Return the settings that follow from the domains of a spec's own arguments.

    The second argument of a kind has the kind's second value, so that two are never alike.
    """
    found: dict[str, dict[str, Any]] = {"coarse": {}, "others": {}, "decimals": {}}
    met = Counter[type[Domain]]()
    for name in own:
        domain = spec.arguments[name].domain
        kind = next(k for k in type(domain).__mro__ if "coarse" in vars(k) or k is Flag)
        for setting, values in found.items():
            several = getattr(domain, setting)
            if several:
                values[name] = several[met[kind] % len(several)]
        met[kind] += 1
    why = {name: f"{name} alone: {spec.arguments[name].doc}" for name in own}
    return Values(found["coarse"], found["others"], found["decimals"], why=why)


WHY: dict[str, str] = {
    "amsgrad": "amsgrad=True alone divides by the largest second moment so far",
    "beta": "beta alone adds to the curvature of FTRL",
    "beta_1": "beta_1 alone sets how long the first moment remembers",
    "beta_2": "beta_2 alone sets how long the second slot remembers",
    "centered": "centered=True alone subtracts the squared mean gradient",
    "decay": "decay alone divides the rate by 1 + decay * steps done",
    "epsilon": "epsilon alone enters the denominator where the library has it",
    "initial_accumulator_value": "initial_accumulator_value alone is where the sum starts",
    "l1_regularization_strength": "l1_regularization_strength alone shrinks and cuts to zero",
    "l2_regularization_strength": "l2_regularization_strength alone adds twice to the curvature",
    "l2_shrinkage_regularization_strength": "L2 shrinkage alone pulls on the gradient, not on n",
    "learning_rate": "learning_rate alone scales the step",
    "learning_rate_power": "learning_rate_power alone is the exponent of the sum of squares",
    "momentum": "momentum alone accumulates steps that hold the learning rate",
    "nesterov": "nesterov=True without momentum is plain descent",
    "rho": "rho alone sets how long the mean square remembers",
    "schedule_decay": "schedule_decay alone sets how fast the momentum schedule rises",
    "weight_decay": "weight_decay alone sets how strongly weights shrink",
}

_SGD = Values(
    coarse={"learning_rate": 0.125, "momentum": 0.5},
    other={"learning_rate": 0.25, "momentum": 0.875, "nesterov": True},
    alone={"learning_rate": 0.3, "momentum": 0.7, "nesterov": True},
)
_ADAGRAD = Values(
    coarse={"learning_rate": 0.125, "epsilon": 0.0625},
    other={"learning_rate": 0.5, "epsilon": 0.00390625},
    alone={"learning_rate": 0.03, "epsilon": 0.01},
)
_ADADELTA = Values(
    coarse={"learning_rate": 0.5, "rho": 0.75, "epsilon": 0.0625},
    other={"learning_rate": 2.0, "rho": 0.5, "epsilon": 0.00390625},
    alone={"learning_rate": 0.3, "rho": 0.8, "epsilon": 0.001},
)
_ADAM = Values(
    coarse={"learning_rate": 0.125, "beta_1": 0.5, "beta_2": 0.75, "epsilon": 0.0625},
    other={"learning_rate": 0.25, "beta_1": 0.75, "beta_2": 0.5, "epsilon": 0.00390625},
    alone={"learning_rate": 0.03, "beta_1": 0.7, "beta_2": 0.95, "epsilon": 0.001},
)
_AMSGRAD = Values(
    coarse=_ADAM.coarse,
    other={**_ADAM.other, "amsgrad": True},
    alone={**_ADAM.alone, "amsgrad": True},
)

KERAS2: dict[str, Values] = {
    "keras2/SGD": Values(
        coarse=_SGD.coarse,
        other={**_SGD.other, "decay": 0.5},
        alone={**_SGD.alone, "decay": 0.1},
    ),
    "keras2/RMSprop": Values(
        coarse={"learning_rate": 0.125, "rho": 0.75, "epsilon": 0.0625},
        other={"learning_rate": 0.25, "rho": 0.5, "epsilon": 0.00390625, "decay": 0.5},
        alone={"learning_rate": 0.03, "rho": 0.8, "epsilon": 0.001, "decay": 0.1},
    ),
    "keras2/Adagrad": Values(
        coarse=_ADAGRAD.coarse,
        other={**_ADAGRAD.other, "decay": 0.5},
        alone={**_ADAGRAD.alone, "decay": 0.1},
    ),
    "keras2/Adadelta": Values(
        coarse=_ADADELTA.coarse,
        other={**_ADADELTA.other, "decay": 0.5},
        alone={**_ADADELTA.alone, "decay": 0.1},
    ),
    "keras2/Adam": Values(
        coarse=_AMSGRAD.coarse,
        other={**_AMSGRAD.other, "decay": 0.5},
        alone={**_AMSGRAD.alone, "decay": 0.1},
    ),
    "keras2/Adamax": Values(
        coarse=_ADAM.coarse,
        other={**_ADAM.other, "decay": 0.5},
        alone={**_ADAM.alone, "decay": 0.1},
    ),
    "keras2/Nadam": Values(
        coarse=_ADAM.coarse,
        other={**_ADAM.other, "schedule_decay": 0.5},
        alone={**_ADAM.alone, "schedule_decay": 0.1},
    ),
}

KERAS3: dict[str, Values] = {
    "keras3/SGD": _SGD,
    "keras3/RMSprop": Values(
        coarse={"learning_rate": 0.125, "rho": 0.75, "epsilon": 0.0625},
        other={
            "learning_rate": 0.25,
            "rho": 0.75,
            "momentum": 0.375,
            "epsilon": 0.25,
            "centered": True,
        },
        alone={
            "learning_rate": 0.03,
            "rho": 0.8,
            "momentum": 0.7,
            "epsilon": 0.001,
            "centered": True,
        },
    ),
    "keras3/Adagrad": Values(
        coarse={**_ADAGRAD.coarse, "initial_accumulator_value": 0.25},
        other={**_ADAGRAD.other, "initial_accumulator_value": 0.0},
        alone={**_ADAGRAD.alone, "initial_accumulator_value": 0.3},
    ),
    "keras3/Adadelta": _ADADELTA,
    "keras3/Adam": _AMSGRAD,
    "keras3/AdamW": Values(
        coarse={**_AMSGRAD.coarse, "weight_decay": 0.25},
        other={**_AMSGRAD.other, "weight_decay": 0.5},
        alone={**_AMSGRAD.alone, "weight_decay": 0.1},
    ),
    "keras3/Adamax": _ADAM,
    "keras3/Nadam": _ADAM,
    "keras3/Ftrl": Values(
        coarse={
            "learning_rate": 0.5,
            "initial_accumulator_value": 0.25,
            "l1_regularization_strength": 0.125,
            "l2_regularization_strength": 0.5,
            "l2_shrinkage_regularization_strength": 0.25,
            "beta": 0.5,
        },
        other={
            "learning_rate": 0.25,
            "learning_rate_power": -0.25,
            "initial_accumulator_value": 1.0,
            "l2_regularization_strength": 0.25,
        },
        alone={
            "learning_rate": 0.03,
            "learning_rate_power": -0.7,
            "initial_accumulator_value": 0.3,
            "l1_regularization_strength": 0.2,
            "l2_regularization_strength": 0.3,
            "l2_shrinkage_regularization_strength": 0.2,
            "beta": 0.6,
        },
    ),
    "keras3/Lion": Values(
        coarse={"learning_rate": 0.125, "beta_1": 0.5, "beta_2": 0.75},
        other={"learning_rate": 0.25, "beta_1": 0.75, "beta_2": 0.5},
        alone={"learning_rate": 0.03, "beta_1": 0.7, "beta_2": 0.8},
    ),
}
