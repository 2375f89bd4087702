"""Cases of the optimizers that wrap another one: what they add, around several of them."""

from __future__ import annotations

from typing import Any

from oracle.golden.cases.common import rule_plans
from oracle.golden.cases.plan import Plan
from oracle.golden.cases.tf_shared import missing_gradients
from oracle.golden.cases.tf_wrappers_arguments import TF_WRAPPERS, wrapped

_MOMENTUM = wrapped("MomentumOptimizer", learning_rate=0.25, momentum=0.5)
_DESCENT = wrapped("GradientDescentOptimizer", learning_rate=0.25)
_ADAM = wrapped("AdamOptimizer", learning_rate=0.25, beta1=0.5, beta2=0.75, epsilon=0.0625)
_DECAYING = wrapped("MomentumWOptimizer", weight_decay=0.25, learning_rate=0.25, momentum=0.5)
_SUMMING = wrapped("AdagradOptimizer", learning_rate=0.25, initial_accumulator_value=0.5)
_ALONE = {"num_worker": 1}

_WITHOUT_MISSING = ("tf.train/SyncReplicasOptimizer",)
_NOT_CERTIFIED = {
    ("tf.contrib.opt/MultitaskOptimizerWrapper", "not-finite-gradients"),
    ("tf.contrib.opt/VariableClippingOptimizer", "not-finite-gradients"),
    ("tf.contrib.opt/VariableClippingOptimizer", "huge-gradients"),
    ("tf.contrib.opt/VariableClippingOptimizer", "enormous-gradients"),
}
"""Both compare with NaN, which balls cannot witness: a NaN may be any number there. And what is
subtracted from a huge parameter to clip it cancels more digits than are computed."""


def tf_wrapper_plans(spec: str) -> list[Plan]:
    """Return the cases of a wrapper around several optimizers, and of what surprises."""
    values = TF_WRAPPERS[spec]
    usual = [plan for plan in rule_plans(values) if (spec, plan.id) not in _NOT_CERTIFIED]
    missing = [] if spec in _WITHOUT_MISSING else [missing_gradients(spec, values.coarse)]
    return [*usual, *missing, *_SURPRISES[spec]]


def _powers(id: str, why: str, **others: Any) -> Plan:
    """Return a case in which Adam's powers of the betas are seen."""
    return Plan(id, why, others, steps=6, checkpoints=(3, 4, 6), start="zero")


_SURPRISES: dict[str, list[Plan]] = {
    "tf.contrib.opt/MovingAverageOptimizer": [
        Plan(
            "average-after-update",
            "The average takes in the parameter as the update leaves it",
            {"opt": _MOMENTUM, "average_decay": 0.75},
            gradients="steady",
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "average-of-nothing-before",
            "With average_decay=0 the average is the parameter",
            {"opt": _DESCENT, "average_decay": 0.0},
            checkpoints=(1, 2),
            steps=2,
        ),
        Plan(
            "few-updates",
            "num_updates limits the decay to (1 + n) / (10 + n)",
            {"opt": _DESCENT, "average_decay": 0.875, "num_updates": 8},
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "many-updates",
            "Many updates leave the decay as it is",
            {"opt": _DESCENT, "average_decay": 0.5, "num_updates": 1000},
            checkpoints=(1, 2, 3),
        ),
    ],
    "tf.contrib.opt/MultitaskOptimizerWrapper": [
        Plan(
            "zero-gradients-rest",
            "A gradient of 0 moves neither weight nor buffer, one zero in it does",
            {"opt": _MOMENTUM},
            gradients="zero-last",
            steps=4,
            checkpoints=(1, 2, 4),
        ),
        Plan(
            "decay-rests",
            "Weights do not decay by a gradient that is 0",
            {"opt": _DECAYING},
            gradients="zero-first",
            steps=4,
            checkpoints=(2, 4),
        ),
        Plan(
            "powers-move-on",
            "Adam's powers of the betas move on while its moments rest",
            {"opt": _ADAM},
            gradients="zero-first",
            steps=6,
            checkpoints=(3, 4, 6),
            start="zero",
        ),
        Plan(
            "sparse-gradient-moves",
            "A gradient with zeros in it moves each element, as its buffer says",
            {"opt": _MOMENTUM},
            gradients="sparse",
            steps=5,
        ),
    ],
    "tf.contrib.opt/VariableClippingOptimizer": [
        Plan(
            "each-row",
            "Axis 1 gives each row a norm of its own",
            {"opt": _MOMENTUM, "vars_to_clip_dims": {"0": [1]}, "max_norm": 0.75},
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "each-column",
            "Axis 0 gives each column a norm of its own, and the scalar is free",
            {"opt": _MOMENTUM, "vars_to_clip_dims": {"0": [0]}, "max_norm": 0.75},
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "whole-matrix",
            "Both axes give the matrix one norm",
            {"opt": _DESCENT, "vars_to_clip_dims": {"0": [0, 1], "1": []}, "max_norm": 0.5},
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "missing-at-first",
            "A long parameter stays as long until its first gradient",
            {"opt": _DESCENT, "vars_to_clip_dims": {"0": [0, 1]}, "max_norm": 0.5},
            checkpoints=(1, 2, 3),
            missing=((1, 0),),
        ),
        Plan(
            "nothing-to-clip",
            "Without parameters to clip, huge gradients take their steps",
            {"opt": _MOMENTUM, "vars_to_clip_dims": {}, "max_norm": 0.5},
            gradients="huge",
        ),
        Plan(
            "buffer-is-free",
            "The buffer goes on as if nothing had been clipped",
            {"opt": _MOMENTUM, "vars_to_clip_dims": {"0": [1]}, "max_norm": 0.125},
            gradients="steady",
            steps=4,
            checkpoints=(1, 2, 4),
        ),
    ],
    "tf.contrib.opt/DropStaleGradientOptimizer": [
        Plan(
            "as-old-as-allowed",
            "A gradient that is 0 steps old is fresh enough for a staleness of 0",
            {"opt": _ADAM, "staleness": 0},
            start="zero",
        ),
    ],
    "tf.contrib.opt/ElasticAverageOptimizer": [
        Plan(
            "pull",
            "rho times the distance from the local center is in the gradient",
            {"opt": _DESCENT, **_ALONE, "rho": 0.5, "moving_rate": 0.25},
            checkpoints=(1, 2, 3),
            gradients="steady",
        ),
        Plan(
            "exchange",
            "Parameter and center move together by the distance before",
            {"opt": _DESCENT, **_ALONE, "communication_period": 2, "rho": 0.0, "moving_rate": 0.25},
            steps=4,
            checkpoints=(1, 2, 3, 4),
        ),
        Plan(
            "local-center-lags",
            "The local center is the global one before its last exchange",
            {"opt": _MOMENTUM, **_ALONE, "communication_period": 1, "rho": 1.0, "moving_rate": 0.5},
            checkpoints=(1, 2, 3),
        ),
    ],
    "tf.contrib.opt/ModelAverageOptimizer": [
        Plan(
            "copies-at-interval",
            "The global center is the parameter of the last interval's end",
            {"opt": _MOMENTUM, **_ALONE, "is_chief": True, "interval_steps": 2},
            steps=5,
            checkpoints=(1, 2, 3, 5),
        ),
    ],
    "tf.contrib.opt/AGNOptimizer": [
        Plan(
            "excursion-is-lost",
            "At the period's end one step by the mean gradient replaces all",
            {"optimizer": _DESCENT, **_ALONE, "communication_period": 3},
            steps=6,
            checkpoints=(2, 3, 6),
        ),
        Plan(
            "slots-of-the-center",
            "The center has a buffer of its own, and the parameter keeps its",
            {"optimizer": _MOMENTUM, **_ALONE, "communication_period": 2},
            steps=5,
            checkpoints=(1, 2, 3, 4, 5),
        ),
        _powers(
            "shared-powers-of-betas",
            "Adam's powers move on once more when the center moves",
            optimizer=_ADAM,
            communication_period=2,
            **_ALONE,
        ),
        Plan(
            "sum-of-squares-of-the-center",
            "Each of both sums of squares starts at its own start",
            {"optimizer": _SUMMING, **_ALONE, "communication_period": 2},
            steps=4,
            checkpoints=(1, 2, 4),
        ),
    ],
    "tf.train/SyncReplicasOptimizer": [
        Plan(
            "second-is-stale",
            "With one replica the second gradient is stale, and no other",
            {"opt": _MOMENTUM, "replicas_to_aggregate": 1},
            steps=5,
            checkpoints=(1, 2, 3, 4, 5),
        ),
        Plan(
            "mean-of-two",
            "A step by the mean of two gradients; the third one is stale",
            {"opt": _MOMENTUM, "replicas_to_aggregate": 2, "total_num_replicas": 1},
            steps=7,
            checkpoints=(2, 3, 4, 5, 7),
        ),
        Plan(
            "tokens-pile-up",
            "One process for two workers: every second gradient is stale",
            {"opt": _MOMENTUM, "replicas_to_aggregate": 1, "total_num_replicas": 2},
            steps=6,
            checkpoints=(1, 2, 3, 4, 5, 6),
        ),
        _powers(
            "powers-of-every-step",
            "Where every gradient ends a group, Adam's powers move on with each",
            opt=_ADAM,
            replicas_to_aggregate=1,
        ),
        _powers(
            "powers-of-updates",
            "Adam's powers of the betas count updates, not gradients",
            opt=_ADAM,
            replicas_to_aggregate=2,
        ),
    ],
    "keras2/TFOptimizer": [
        _powers("powers-of-betas", "Adam counts its steps by itself", optimizer=_ADAM),
        Plan(
            "rate-outside",
            "Momentum keeps the rate outside its buffer, unlike Keras's SGD",
            {"optimizer": _MOMENTUM},
            gradients="steady",
            checkpoints=(1, 2, 3),
            start="zero",
        ),
        Plan(
            "no-epsilon",
            "Adagrad starts its sum at 0.1 and has no epsilon, unlike Keras's",
            {"optimizer": wrapped("AdagradOptimizer", learning_rate=0.5)},
            gradients="small",
            checkpoints=(1, 2, 3),
            start="zero",
        ),
    ],
}
