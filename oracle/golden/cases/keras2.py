"""Cases for what Keras 2 does around every rule: clipping by a global norm, then by value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from oracle.golden.cases.around import clipvalue_plan, option_plans
from oracle.golden.cases.plan import SHARED, SPARE, Plan
from oracle.golden.cases.values import Values
from oracle.specification.options import plain
from oracle.specification.spec import Spec

CARRIERS = ("keras2/SGD", "keras2/Adam")
"""They show each option by itself; the others have what tells their own wrong versions apart."""


def keras2_plans(spec: Spec, values: Values) -> list[Plan]:
    """Return the cases that concern the library around the rule."""
    if "clipnorm" not in spec.arguments:
        return option_plans(spec, values)
    coarse = plain(spec, values.coarse)
    options = _options(coarse)
    if spec.id not in CARRIERS:
        options = [replace(plan, role=SPARE) for plan in options]
    shared = [*_beyond_one(coarse), *_decay(spec, coarse), *_together(spec, coarse, values)]
    return [*options, *(replace(plan, role=SHARED) for plan in shared)]


def _decay(spec: Spec, coarse: Mapping[str, Any]) -> list[Plan]:
    if "decay" not in spec.arguments:
        return []
    why = "The rate is divided by 1 + decay * steps done"
    return [Plan("only-decay", why, {**coarse, "decay": 0.5})]


def _together(spec: Spec, coarse: Mapping[str, Any], values: Values) -> list[Plan]:
    """Return what every spec shows: each clip, both of them, and all arguments at once."""
    decay = {"decay": 0.5} if "decay" in spec.arguments else {}
    return [
        Plan(
            "clipnorm",
            "clipnorm is global: 2.5 stays, 5 is the threshold, 10 is halved",
            {**coarse, "clipnorm": 5.0},
            gradients="norms",
        ),
        clipvalue_plan(coarse),
        Plan(
            "lr-wins",
            "With both names given, lr wins over learning_rate",
            {**coarse, "learning_rate": 0.5, "lr": 0.0625},
        ),
        Plan(
            "everything",
            "Every argument away from its default at once",
            {**values.other, **decay, "clipnorm": 4.0, "clipvalue": 1.5},
            gradients="norms",
            steps=6,
            checkpoints=(1, 3, 6),
        ),
    ]


def _options(coarse: Mapping[str, Any]) -> list[Plan]:
    return [
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
    ]


def _beyond_one(hyper: Mapping[str, Any]) -> list[Plan]:
    """Nobody refuses a share above 1, though the mean square is negative then."""
    if "rho" not in hyper:
        return []
    why = "With rho=1.5 the mean square is negative, and its root counts as 0"
    return [Plan("rho-above-one", why, {**hyper, "rho": 1.5})]


def _without_rate(hyper: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in hyper.items() if name != "learning_rate"}
