"""Cases for what Keras 2 does around every rule: clipping by a global norm, then by value."""

from __future__ import annotations

import math

from oracle.golden.cases.arguments import Values
from oracle.golden.cases.plan import Plan
from oracle.specification.options import plain
from oracle.systems import spec as find_spec


def keras2_plans(spec: str, values: Values) -> list[Plan]:
    """Return the cases that concern the library around the rule."""
    coarse = plain(find_spec(spec), values.coarse)
    return [
        *_beyond_one(coarse),
        *([*_MOMENTA, *_UNBOUNDED] if spec == "keras2/SGD" else []),
        Plan(
            "clipnorm",
            "clipnorm is global: 2.5 stays, 5 is the threshold, 10 is halved",
            {**coarse, "clipnorm": 5.0},
            gradients="norms",
        ),
        Plan(
            "clipnorm-only",
            "clipnorm=3 clips the norm over all parameters, none on its own",
            {"clipnorm": 3.0},
            gradients="norms",
        ),
        Plan(
            "clipnorm-of-zero",
            "A global norm of zero does not divide by zero",
            {**coarse, "clipnorm": 0.5},
            gradients="zero-last",
        ),
        Plan(
            "clipnorm-of-infinity",
            "An infinite norm turns finite gradients to zero, infinite to NaN",
            {**coarse, "clipnorm": 2.0},
            gradients="one-infinite",
        ),
        Plan(
            "clipnorm-disabled",
            "clipnorm=0 and a negative clipvalue clip nothing",
            {**coarse, "clipnorm": 0.0, "clipvalue": -0.5},
        ),
        Plan(
            "clipvalue",
            "clipvalue cuts each element on both sides, from the threshold on",
            {**coarse, "clipvalue": 1.0},
            gradients="levels",
            steps=4,
        ),
        Plan(
            "clipvalue-only",
            "clipvalue=0.3 alone cuts each element on both sides",
            {"clipvalue": 0.3},
            gradients="levels",
        ),
        Plan(
            "clipnorm-then-clipvalue",
            "With both, the norm is clipped first and the values after",
            {**coarse, "clipnorm": 5.0, "clipvalue": 1.0},
            gradients="norms",
        ),
        Plan(
            "lr-is-learning-rate",
            "The old name lr sets the learning rate",
            {**_without_rate(coarse), "lr": 0.125},
        ),
        Plan(
            "lr-wins",
            "With both names given, lr wins over learning_rate",
            {**coarse, "learning_rate": 0.5, "lr": 0.0625},
        ),
        Plan(
            "everything",
            "Every argument away from its default at once",
            {**values.other, "clipnorm": 4.0, "clipvalue": 1.5},
            gradients="norms",
            steps=6,
            checkpoints=(1, 3, 6),
        ),
    ]


_UNBOUNDED = [
    Plan(
        "clipnorm-infinite",
        "An infinite clipnorm clips nothing",
        {"learning_rate": 0.25, "clipnorm": math.inf},
        steps=2,
        shapes=((2, 3),),
    ),
    Plan(
        "clipvalue-infinite",
        "An infinite clipvalue clips nothing",
        {"learning_rate": 0.25, "clipvalue": math.inf},
        steps=2,
        shapes=((2, 3),),
    ),
]

_MOMENTA = [
    Plan(
        "momentum-and-decay",
        "The velocity keeps steps at the rates that they were taken with",
        {"learning_rate": 0.5, "momentum": 0.5, "decay": 0.5},
        steps=4,
        checkpoints=(1, 2, 4),
    ),
    Plan(
        "nesterov",
        "Nesterov looks ahead by the momentum, at a rate that stays",
        {"learning_rate": 0.25, "momentum": 0.875, "nesterov": True},
        gradients="sign-changing",
    ),
    Plan(
        "nesterov-and-decay-without-momentum",
        "Without momentum Nesterov is plain descent, at the rate that decays",
        {"learning_rate": 0.25, "nesterov": True, "decay": 0.5},
        steps=4,
        checkpoints=(1, 2, 4),
    ),
]


def _beyond_one(hyper: dict[str, object]) -> list[Plan]:
    """Nobody refuses a share above 1, though the mean square is negative then."""
    if "rho" not in hyper:
        return []
    why = "With rho=1.5 the mean square is negative, and its root counts as 0"
    return [Plan("rho-above-one", why, {**hyper, "rho": 1.5})]


def _without_rate(hyper: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in hyper.items() if name != "learning_rate"}
