"""Cases for what surprises in TensorFlow 1's tf.contrib.opt, and for missing gradients."""

from __future__ import annotations

from typing import Any

from oracle.golden.cases.common import rule_plans
from oracle.golden.cases.plan import Plan
from oracle.golden.cases.tf_contrib_arguments import TF_CONTRIB


def tf_contrib_plans(spec: str) -> list[Plan]:
    """Return the cases of the rule, of a gradient that is missing, and of what surprises."""
    values = TF_CONTRIB[spec]
    missing = Plan(
        "missing-gradients",
        "A variable without a gradient rests, and so do its slots",
        values.coarse,
        steps=4,
        checkpoints=(2, 3, 4),
        missing=((2, 0), (3, 1), (3, 2)),
    )
    return [*rule_plans(values), missing, *_SURPRISES[spec]]


def _decays(**others: Any) -> list[Plan]:
    """Return what every class with decoupled weight decay shows; it needs no rate for it."""
    return [
        Plan(
            "decay-not-times-rate",
            "The decay is not times the rate: at a rate of 0 weights shrink",
            {"weight_decay": 0.125, **others, "learning_rate": 0.0},
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "decay-before-update",
            "The weights decay first: all decayed, what is left is the update",
            {"weight_decay": 1.0, **others},
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "no-decay",
            "Without decay the step is that of the class in tf.train",
            {"weight_decay": 0.0, **others},
        ),
        Plan(
            "decay-of-resting-weights",
            "Zero gradients let the weights decay, missing ones do not",
            {"weight_decay": 0.25, **others},
            gradients="zero-first",
            steps=4,
            checkpoints=(1, 2, 4),
            missing=((1, 1), (2, 1)),
        ),
    ]


_EPSILON_HAT = Plan(
    "epsilon-hat",
    "Epsilon stands beside the root before the bias correction",
    {"learning_rate": 0.5, "beta1": 0.5, "beta2": 0.5, "epsilon": 0.25},
    gradients="small",
    checkpoints=(1, 2, 3),
    start="zero",
)

_SURPRISES: dict[str, list[Plan]] = {
    "tf.contrib.opt/AdamWOptimizer": [
        *_decays(learning_rate=0.25, beta1=0.5, beta2=0.75, epsilon=0.0625),
        Plan(
            "epsilon-hat",
            _EPSILON_HAT.why,
            {**_EPSILON_HAT.hyper, "weight_decay": 0.125},
            gradients="small",
            checkpoints=(1, 2, 3),
            start="zero",
        ),
    ],
    "tf.contrib.opt/MomentumWOptimizer": [
        *_decays(learning_rate=0.25, momentum=0.5),
        Plan(
            "rate-outside",
            "The buffer sums gradients; neither rate nor decay is in it",
            {"weight_decay": 0.125, "learning_rate": 0.0625, "momentum": 0.75},
            gradients="steady",
            checkpoints=(1, 2, 3),
            start="zero",
        ),
    ],
}
