"""Cases that classes of both tf.train and tf.contrib.opt show, in which they do the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracle.golden.cases.plan import Plan
from oracle.specification.options import plain
from oracle.systems import spec as find_spec

EPSILON_HAT = Plan(
    "epsilon-hat",
    "Epsilon stands beside the root before the bias correction",
    {"learning_rate": 0.5, "beta1": 0.5, "beta2": 0.5, "epsilon": 0.25},
    gradients="small",
    checkpoints=(1, 2, 3),
    start="zero",
)
SHARED_POWERS = Plan(
    "shared-powers",
    "The powers of the betas move on where a gradient is missing",
    {"learning_rate": 0.25, "beta1": 0.5, "beta2": 0.75, "epsilon": 0.0625},
    steps=4,
    checkpoints=(3, 4),
    start="zero",
    missing=((1, 0), (2, 0)),
)
ADAGRAD = [
    Plan(
        "starts-at-a-tenth",
        "The sum of squares starts at 0.1, so that small steps are short",
        {"learning_rate": 0.5},
        gradients="small",
        checkpoints=(1, 2, 3),
        start="zero",
    ),
    Plan(
        "no-epsilon",
        "A tiny start of the sum divides as it is, without an epsilon",
        {"learning_rate": 0.5, "initial_accumulator_value": 2.0**-60},
        gradients="tiny",
        start="zero",
    ),
]


def missing_gradients(spec: str, coarse: Mapping[str, Any]) -> Plan:
    """Return the case in which some parameters have no gradient at some steps."""
    return Plan(
        "missing-gradients",
        "A variable without a gradient rests, and so do its slots",
        plain(find_spec(spec), coarse),
        steps=4,
        checkpoints=(2, 3, 4),
        missing=((2, 0), (3, 1), (3, 2)),
    )
