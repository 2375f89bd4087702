"""What shows the forms of one rule of Keras 3: of momentum under a schedule, and of RMSprop."""

from __future__ import annotations

from typing import Any

from oracle.golden.cases.plan import Plan

FALLING_RATES = [
    Plan(
        "momentum-and-schedule",
        "The velocity keeps steps at the rates that they were taken with",
        {
            "learning_rate": {
                "class_name": "PiecewiseConstantDecay",
                "config": {"boundaries": [0, 1], "values": [0.5, 0.125, 0.25]},
            },
            "momentum": 0.5,
        },
        steps=4,
        checkpoints=(1, 2, 4),
    )
]


def forms_of_rmsprop(coarse: dict[str, Any]) -> list[Plan]:
    """Return each form of RMSprop with few bits, so that half types show it, too."""

    def plan(id: str, why: str, gradients: str = "mixed", **more: Any) -> Plan:
        hyper = {**coarse, **more}
        return Plan(id, why, hyper, gradients, 4, checkpoints=(1, 2, 4), start="zero")

    both: dict[str, Any] = {"momentum": 0.375, "centered": True}
    return [
        plan(
            "momentum-plain", "Momentum sums scaled steps, the learning rate inside", momentum=0.375
        ),
        plan(
            "momentum-small",
            "With momentum, too, epsilon is under the root",
            "small",
            momentum=0.375,
        ),
        plan(
            "centered-plain",
            "The squared mean gradient is taken from the mean square",
            centered=True,
        ),
        plan(
            "centered-small",
            "Centered, epsilon is under the root with the difference",
            "small",
            centered=True,
        ),
        plan(
            "centered-momentum-plain",
            "Centered and with momentum: one form, not two in a row",
            **both,
        ),
        plan(
            "centered-momentum-small",
            "Centered with momentum, epsilon is under the root as well",
            "small",
            **both,
        ),
    ]
