"""Cases for what surprises in TensorFlow 1's tf.contrib.opt, and for missing gradients."""

from __future__ import annotations

from typing import Any

from oracle.golden.cases.arguments import Values
from oracle.golden.cases.common import rule_plans
from oracle.golden.cases.plan import Plan
from oracle.golden.cases.tf_contrib_arguments import TF_CONTRIB
from oracle.golden.cases.tf_shared import ADAGRAD, EPSILON_HAT, SHARED_POWERS, missing_gradients


def tf_contrib_plans(spec: str) -> list[Plan]:
    """Return the cases of the rule, of a gradient that is missing, and of what surprises."""
    values = TF_CONTRIB[spec]
    of_the_rule = [plan for plan in rule_plans(values) if (spec, plan.id) not in _NOT_CERTIFIED]
    return [*of_the_rule, missing_gradients(values), *_surprises(spec, values)]


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


def _signs(**others: Any) -> list[Plan]:
    """Return what both classes show that compare the signs of a gradient and of its mean."""
    return [
        Plan(
            "sign-of-zero",
            "sign(0) = 0: with beta 1 the mean stays 0 and has no say",
            {"learning_rate": 0.25, **others, "beta": 1.0},
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "no-bias-correction",
            "The mean grows from 0, without a bias correction",
            {"learning_rate": 0.25, **others, "beta": 0.875},
            gradients="steady",
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "new-mean",
            "The sign is that of the mean with the present gradient in it",
            {"learning_rate": 0.25, **others, "beta": 0.25},
            gradients="sign-changing",
            checkpoints=(1, 2, 3),
        ),
    ]


def _fading(**others: Any) -> list[Plan]:
    """Return what the functions that let the agreement of signs fade show."""
    common = {"learning_rate": 0.25, **others}

    def plan(id: str, why: str, name: str, **config: Any) -> Plan:
        function = {"class_name": f"get_{name}_decay_fn", "config": config}
        hyper = {**common, "sign_decay_fn": function}
        return Plan(id, why, hyper, steps=7, checkpoints=(1, 2, 4, 5, 7))

    return [
        plan(
            "linear-fading",
            "Linear: 1 at the first step, 0 from decay_steps on",
            "linear",
            decay_steps=4,
        ),
        plan(
            "cosine-fading",
            "Cosine: half a wave by default, from 1 down to 0",
            "cosine",
            decay_steps=4,
        ),
        plan(
            "cosine-full-wave",
            "A whole wave of cosine ends where it began, at 1",
            "cosine",
            decay_steps=4,
            num_periods=1.0,
        ),
        plan(
            "cosine-zero-after",
            "zero_after counts periods of the wave, not steps",
            "cosine",
            decay_steps=5,
            num_periods=1.0,
            zero_after=0.5,
        ),
        plan("restart-fading", "At decay_steps the restart is back at 1", "restart", decay_steps=4),
        plan(
            "restarts",
            "Each period of the restart falls from 1 anew",
            "restart",
            decay_steps=5,
            num_periods=2,
            zero_after=1.5,
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
    "tf.contrib.opt/AddSignOptimizer": [
        *_signs(alpha=0.5),
        *_fading(alpha=0.5, beta=0.75),
        Plan(
            "signs-cancel",
            "With alpha 1 a gradient against its mean moves nothing",
            {"learning_rate": 0.25, "alpha": 1.0, "beta": 0.875},
            gradients="sign-changing",
            steps=4,
            checkpoints=(1, 2, 3, 4),
        ),
    ],
    "tf.contrib.opt/PowerSignOptimizer": [
        *_signs(base=4.0),
        *_fading(base=4.0, beta=0.75),
        Plan(
            "base-of-one",
            "With base 1 the signs do not matter",
            {"learning_rate": 0.25, "base": 1.0},
            gradients="sign-changing",
        ),
    ],
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
                "momentum": 0.5,
                "weight_decay": 0.25,
                "eeta": 0.5,
                "skip_list": [0],
            },
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "skipped-nesterov",
            "A skipped variable with Nesterov has its rate inside the buffer",
            {"learning_rate": 0.25, "momentum": 0.5, "use_nesterov": True, "skip_list": [0, 1]},
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "nesterov-without-momentum",
            "Nesterov without momentum is the plain step",
            {"learning_rate": 0.25, "momentum": 0.0, "eeta": 1.0, "use_nesterov": True},
        ),
    ],
}
