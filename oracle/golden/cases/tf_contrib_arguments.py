"""Values for the arguments of TensorFlow 1's tf.contrib.opt, and what each one claims there."""

from __future__ import annotations

from dataclasses import replace

from oracle.golden.cases.arguments import Values

_BETA1 = "beta1 alone sets how long the first moment remembers"
_BETA2 = "beta2 alone sets how long the second moment remembers"
_MEAN = "beta alone sets how long the mean gradient remembers"
_DECAY = "weight_decay alone is the share that weights lose, at any rate"

_ADAM = Values(
    coarse={"learning_rate": 0.125, "beta1": 0.5, "beta2": 0.75, "epsilon": 0.0625},
    other={"learning_rate": 0.25, "beta1": 0.75, "beta2": 0.5, "epsilon": 0.00390625},
    alone={"learning_rate": 0.03, "beta1": 0.7, "beta2": 0.95, "epsilon": 0.001},
    why={"beta1": _BETA1, "beta2": _BETA2},
)

TF_CONTRIB: dict[str, Values] = {
    "tf.contrib.opt/AdamWOptimizer": Values(
        coarse={"weight_decay": 0.25, **_ADAM.coarse},
        other={"weight_decay": 0.0625, **_ADAM.other},
        alone={"weight_decay": 0.03, **_ADAM.alone},
        required={"weight_decay": 0.01},
        why={"weight_decay": _DECAY, **_ADAM.why},
    ),
    "tf.contrib.opt/MomentumWOptimizer": Values(
        coarse={"weight_decay": 0.25, "learning_rate": 0.125, "momentum": 0.5},
        other={
            "weight_decay": 0.0625,
            "learning_rate": 0.25,
            "momentum": 0.875,
            "use_nesterov": True,
        },
        alone={
            "weight_decay": 0.03,
            "learning_rate": 0.3,
            "momentum": 0.7,
            "use_nesterov": True,
        },
        required={"weight_decay": 0.01, "learning_rate": 0.2, "momentum": 0.8},
        why={
            "weight_decay": _DECAY,
            "momentum": "momentum alone keeps gradients, which the rate scales afterwards",
            "use_nesterov": "use_nesterov=True alone adds the gradient to what the buffer gives",
        },
    ),
    "tf.contrib.opt/AdaMaxOptimizer": replace(
        _ADAM, why={"beta1": _BETA1, "beta2": "beta2 alone sets how fast the largest size fades"}
    ),
    "tf.contrib.opt/NadamOptimizer": _ADAM,
    "tf.contrib.opt/LazyAdamOptimizer": _ADAM,
    "tf.contrib.opt/RegAdagradOptimizer": Values(
        coarse={"learning_rate": 0.125, "initial_accumulator_value": 0.25},
        other={"learning_rate": 0.5, "initial_accumulator_value": 0.00390625},
        alone={"learning_rate": 0.03, "initial_accumulator_value": 0.3},
        required={"learning_rate": 0.2},
    ),
    "tf.contrib.opt/AddSignOptimizer": Values(
        coarse={"learning_rate": 0.125, "alpha": 0.5, "beta": 0.75},
        other={"learning_rate": 0.25, "alpha": 2.0, "beta": 0.5},
        alone={"learning_rate": 0.03, "alpha": 0.7, "beta": 0.8},
        why={"alpha": "alpha alone is the factor where signs cancel out", "beta": _MEAN},
    ),
    "tf.contrib.opt/PowerSignOptimizer": Values(
        coarse={"learning_rate": 0.125, "base": 2.0, "beta": 0.75},
        other={"learning_rate": 0.25, "base": 0.5, "beta": 0.5},
        alone={"learning_rate": 0.03, "base": 3.3, "beta": 0.8},
        why={"base": "base alone is what the agreement of signs is the power of", "beta": _MEAN},
    ),
    "tf.contrib.opt/LARSOptimizer": Values(
        coarse={
            "learning_rate": 0.5,
            "momentum": 0.5,
            "weight_decay": 0.25,
            "eeta": 0.5,
            "epsilon": 0.0625,
        },
        other={
            "learning_rate": 0.25,
            "momentum": 0.875,
            "weight_decay": 0.0625,
            "eeta": 1.0,
            "epsilon": 0.00390625,
            "use_nesterov": True,
        },
        alone={
            "learning_rate": 0.3,
            "momentum": 0.7,
            "weight_decay": 0.03,
            "eeta": 0.1,
            "epsilon": 0.01,
            "use_nesterov": True,
        },
        required={"learning_rate": 0.2},
        why={
            "weight_decay": "weight_decay alone enters the gradient and the trust ratio",
            "eeta": "eeta alone scales the trust ratio",
            "use_nesterov": "use_nesterov=True alone adds the step to what the buffer gives",
        },
    ),
}
