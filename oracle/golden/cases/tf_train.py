"""Cases for what surprises in TensorFlow 1's tf.train, and for missing gradients."""

from __future__ import annotations

from oracle.golden.cases.common import rule_plans
from oracle.golden.cases.plan import Plan
from oracle.golden.cases.tf_shared import ADAGRAD, EPSILON_HAT, SHARED_POWERS, missing_gradients
from oracle.golden.cases.tf_train_arguments import TF_TRAIN


def tf_train_plans(spec: str) -> list[Plan]:
    """Return the cases of the rule, of a gradient that is missing, and of what surprises."""
    values = TF_TRAIN[spec]
    of_the_rule = [plan for plan in rule_plans(values) if (spec, plan.id) not in _NOT_CERTIFIED]
    return [*of_the_rule, missing_gradients(spec, values.coarse), *_SURPRISES[spec]]


_NOT_CERTIFIED = {("tf.train/FtrlOptimizer", "not-finite-gradients")}
"""Ftrl turns NaN into 0, which balls cannot witness: to them a NaN may be any number."""

_SURPRISES: dict[str, list[Plan]] = {
    "tf.train/GradientDescentOptimizer": [
        Plan(
            "climbs",
            "A negative learning rate climbs; nothing forbids it",
            {"learning_rate": -0.25},
            gradients="sign-changing",
        ),
    ],
    "tf.train/MomentumOptimizer": [
        Plan(
            "rate-outside",
            "The buffer sums gradients; the learning rate is not in it",
            {"learning_rate": 0.0625, "momentum": 0.75},
            gradients="steady",
            checkpoints=(1, 2, 3),
            start="zero",
        ),
        Plan(
            "nesterov-without-momentum",
            "Nesterov without momentum is plain descent",
            {"learning_rate": 0.25, "momentum": 0.0, "use_nesterov": True},
        ),
    ],
    "tf.train/AdagradOptimizer": ADAGRAD,
    "tf.train/AdagradDAOptimizer": [
        Plan(
            "forgets",
            "Zero gradients turn the initial weights to 0 at the first step",
            {"learning_rate": 0.5},
            gradients="zero-first",
            steps=4,
            checkpoints=(1, 2, 4),
        ),
        Plan(
            "starts-at-a-tenth",
            "The sum of squares starts at 0.1, the sum of gradients at 0",
            {"learning_rate": 0.5},
            gradients="small",
            start="zero",
        ),
        Plan(
            "negative-l1",
            "A negative L1 strength counts as none",
            {"learning_rate": 0.5, "l1_regularization_strength": -0.5},
        ),
        Plan(
            "penalties-grow",
            "Both penalties grow with the steps, also where gradients are 0",
            {
                "learning_rate": 0.5,
                "l1_regularization_strength": 0.015625,
                "l2_regularization_strength": 1.0,
            },
            gradients="zero-last",
            steps=8,
            checkpoints=(1, 2, 4, 8),
        ),
    ],
    "tf.train/AdadeltaOptimizer": [
        Plan(
            "epsilon-under-both-roots",
            "Epsilon is under the root of the squares and of the updates",
            {"learning_rate": 1.0, "rho": 0.5, "epsilon": 0.25},
            gradients="small",
            checkpoints=(1, 2, 3),
            start="zero",
        ),
    ],
    "tf.train/AdamOptimizer": [EPSILON_HAT, SHARED_POWERS],
    "tf.train/FtrlOptimizer": [
        Plan(
            "forgets",
            "Zero gradients turn the initial weights to 0 at the first step",
            {"learning_rate": 0.5},
            gradients="zero-first",
            steps=4,
            checkpoints=(1, 2, 4),
        ),
        Plan(
            "zero-start-of-squares",
            "From a sum of squares of 0, zero gradients give 0 and not 0/0",
            {"learning_rate": 0.5, "initial_accumulator_value": 0.0},
            gradients="zero-first",
            steps=4,
            checkpoints=(2, 4),
        ),
        Plan(
            "l2-counts-twice",
            "The L2 strength enters the curvature twice",
            {"learning_rate": 0.5, "l2_regularization_strength": 1.0},
            start="zero",
        ),
        Plan(
            "shrinkage-not-in-squares",
            "Shrinkage pulls on the linear sum, never on the sum of squares",
            {"learning_rate": 0.5, "l2_shrinkage_regularization_strength": 0.5},
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "power-of-zero",
            "With a power of 0 the rate is fixed and the old weight drops out",
            {"learning_rate": 0.25, "learning_rate_power": 0.0},
        ),
    ],
    "tf.train/RMSPropOptimizer": [
        Plan(
            "starts-at-one",
            "The mean square starts at 1, so that first steps are short",
            {"learning_rate": 0.25, "decay": 0.875},
            gradients="small",
            checkpoints=(1, 2, 3),
            start="zero",
        ),
        Plan(
            "centered-starts-at-one",
            "Centered, the mean square starts at 1 and the mean at 0",
            {"learning_rate": 0.25, "decay": 0.875, "centered": True},
            gradients="small",
            checkpoints=(1, 2, 3),
            start="zero",
        ),
        Plan(
            "epsilon-under-the-root",
            "Epsilon is under the root",
            {"learning_rate": 0.25, "decay": 0.5, "epsilon": 1.0},
            start="zero",
        ),
    ],
    "tf.train/ProximalGradientDescentOptimizer": [
        Plan(
            "negative-l1",
            "A negative L1 strength counts as none",
            {"learning_rate": 0.25, "l1_regularization_strength": -0.5},
        ),
        Plan(
            "cuts-to-zero",
            "A strong L1 penalty cuts small weights to exactly 0",
            {"learning_rate": 0.25, "l1_regularization_strength": 4.0},
        ),
        Plan(
            "climbs",
            "With a negative rate the threshold pushes weights away from 0",
            {"learning_rate": -0.25, "l1_regularization_strength": 0.5},
        ),
    ],
    "tf.train/ProximalAdagradOptimizer": [
        Plan(
            "starts-at-a-tenth",
            "The sum of squares starts at 0.1, so that small steps are short",
            {"learning_rate": 0.5},
            gradients="small",
            start="zero",
        ),
        Plan(
            "cuts-to-zero",
            "A strong L1 penalty cuts small weights to exactly 0",
            {"learning_rate": 0.25, "l1_regularization_strength": 4.0},
        ),
    ],
}
