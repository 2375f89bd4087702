"""Cases for what surprises in TensorFlow 1's tf.contrib.opt, and for missing gradients."""

from __future__ import annotations

from typing import Any

from oracle.golden.cases.arguments import Values
from oracle.golden.cases.common import rule_plans
from oracle.golden.cases.plan import Plan
from oracle.golden.cases.tf_contrib_arguments import TF_CONTRIB
from oracle.golden.cases.tf_contrib_signs import SIGNS
from oracle.golden.cases.tf_shared import ADAGRAD, EPSILON_HAT, SHARED_POWERS, missing_gradients


def tf_contrib_plans(spec: str) -> list[Plan]:
    """Return the cases of the rule, of a gradient that is missing, and of what surprises."""
    values = TF_CONTRIB[spec]
    of_the_rule = [plan for plan in rule_plans(values) if (spec, plan.id) not in _NOT_CERTIFIED]
    return [*of_the_rule, missing_gradients(spec, values.coarse), *_surprises(spec, values)]


def _surprises(spec: str, values: Values) -> list[Plan]:
    if _EXTENDED not in spec:
        return _SURPRISES[spec]
    plans = _decays(**{k: v for k, v in values.coarse.items() if k != "weight_decay"})
    refused = spec.endswith(("FtrlOptimizer", "ProximalAdagradOptimizer"))
    return [plan for plan in plans if not (refused and plan.hyper["learning_rate"] == 0)]


_EXTENDED = "extend_with_decoupled_weight_decay."


_NOT_CERTIFIED = {
    ("tf.contrib.opt/AdaMaxOptimizer", "not-finite-gradients"),
    ("tf.contrib.opt/LARSOptimizer", "not-finite-gradients"),
    (f"tf.contrib.opt/{_EXTENDED}FtrlOptimizer", "not-finite-gradients"),
}
"""They choose by comparing with NaN, which balls cannot witness: a NaN may be any number there."""


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


_COUNTED = [
    EPSILON_HAT,
    Plan(
        "counter-at-rest",
        "By default the counter rests: every step is corrected as the first",
        {"learning_rate": 0.5, "beta1": 0.5, "beta2": 0.75, "epsilon": 0.0625},
        gradients="steady",
        checkpoints=(1, 2, 3),
        start="zero",
    ),
    Plan(
        "counter-that-counts",
        "With the global step as its counter it is AdamOptimizer",
        {"learning_rate": 0.5, "beta1": 0.5, "beta2": 0.75, "global_step": "global_step"},
        gradients="steady",
        checkpoints=(1, 2, 3),
        start="zero",
    ),
]

_SURPRISES: dict[str, list[Plan]] = {
    **SIGNS,
    "tf.contrib.opt/AdamWOptimizer": [
        *_decays(learning_rate=0.25, beta1=0.5, beta2=0.75, epsilon=0.0625),
        Plan(
            "epsilon-hat",
            EPSILON_HAT.why,
            {**EPSILON_HAT.hyper, "weight_decay": 0.125},
            gradients="small",
            checkpoints=(1, 2, 3),
            start="zero",
        ),
    ],
    "tf.contrib.opt/MomentumWOptimizer": [
        *_decays(learning_rate=0.25, momentum=0.5),
        Plan(
            "nesterov-without-momentum",
            "Nesterov without momentum is plain descent, after the decay",
            {"weight_decay": 0.25, "learning_rate": 0.25, "momentum": 0.0, "use_nesterov": True},
        ),
        Plan(
            "rate-outside",
            "The buffer sums gradients; neither rate nor decay is in it",
            {"weight_decay": 0.125, "learning_rate": 0.0625, "momentum": 0.75},
            gradients="steady",
            checkpoints=(1, 2, 3),
            start="zero",
        ),
    ],
    "tf.contrib.opt/AdaMaxOptimizer": [
        Plan(
            "epsilon-beside-norm",
            "Epsilon is added to the largest size; there is no root",
            {"learning_rate": 0.25, "beta1": 0.5, "beta2": 0.5, "epsilon": 0.25},
            gradients="small",
            checkpoints=(1, 2, 3),
            start="zero",
        ),
        Plan(
            "norm-not-corrected",
            "Only the mean has a bias correction; the norm fades by beta2",
            {"learning_rate": 0.25, "beta1": 0.5, "beta2": 0.75},
            gradients="zero-last",
            checkpoints=(1, 2, 3),
        ),
        SHARED_POWERS,
    ],
    "tf.contrib.opt/NadamOptimizer": [
        EPSILON_HAT,
        Plan(
            "no-schedule",
            "The momentum is beta1 from the first step on: no schedule warms",
            {"learning_rate": 0.5, "beta1": 0.75, "beta2": 0.5, "epsilon": 0.0625},
            gradients="steady",
            checkpoints=(1, 2, 3),
            start="zero",
        ),
        SHARED_POWERS,
    ],
    "tf.contrib.opt/LazyAdamOptimizer": [
        EPSILON_HAT,
        Plan(
            "not-lazy-on-dense",
            "A dense gradient with zeros in it moves each element, as in Adam",
            {"learning_rate": 0.25, "beta1": 0.5, "beta2": 0.75, "epsilon": 0.0625},
            gradients="sparse",
            steps=6,
            checkpoints=(2, 4, 6),
        ),
        SHARED_POWERS,
    ],
    "tf.contrib.opt/RegAdagradOptimizer": [
        *ADAGRAD,
        Plan(
            "slots-at-rest",
            "At rest the sum of squares stays at its start, and divides",
            {"learning_rate": 0.5, "avoid_updating_slots": True},
            gradients="steady",
            checkpoints=(1, 2, 3),
        ),
    ],
    "tf.contrib.opt/AdamGSOptimizer": _COUNTED,
    "tf.contrib.opt/LazyAdamGSOptimizer": _COUNTED,
    "tf.contrib.opt/LARSOptimizer": [
        Plan(
            "zero-weights",
            "From weights of 0 the trust ratio is 1 at the first step",
            {"learning_rate": 0.25, "momentum": 0.5, "weight_decay": 0.25, "eeta": 0.5},
            checkpoints=(1, 2, 3),
            start="zero",
        ),
        Plan(
            "zero-gradients-decay",
            "Zero gradients have a trust ratio of 1, and the weights decay",
            {"learning_rate": 0.25, "momentum": 0.5, "weight_decay": 0.25, "eeta": 0.5},
            gradients="zero-first",
            steps=4,
            checkpoints=(1, 2, 4),
        ),
        Plan(
            "ratio-without-decay",
            "Without decay a step has the length eeta * rate * norm of weights",
            {"learning_rate": 0.5, "momentum": 0.0, "weight_decay": 0.0, "eeta": 0.5},
            gradients="norms",
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "epsilon-beside-norms",
            "Epsilon is added to the norms; there is no root around it",
            {"learning_rate": 0.5, "momentum": 0.5, "eeta": 1.0, "epsilon": 0.5},
            gradients="small",
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "rate-inside",
            "The buffer holds steps: the scaled rate and the decay are in it",
            {"learning_rate": 0.25, "momentum": 0.75, "weight_decay": 0.125, "eeta": 1.0},
            gradients="steady",
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "skipped",
            "A skipped variable has no norms and no decay, the others have both",
            {
                "learning_rate": 0.25,
                "momentum": 0.75,
                "weight_decay": 0.25,
                "eeta": 0.5,
                "skip_list": [0],
            },
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "skipped-nesterov",
            "A skipped variable with Nesterov has its rate inside the buffer",
            {"learning_rate": 0.25, "momentum": 0.75, "use_nesterov": True, "skip_list": [0, 1]},
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "nesterov-without-momentum",
            "Nesterov without momentum is the plain step",
            {
                "learning_rate": 0.25,
                "momentum": 0.0,
                "weight_decay": 0.25,
                "eeta": 1.0,
                "use_nesterov": True,
            },
        ),
    ],
}
