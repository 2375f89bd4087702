"""Values for the arguments of TensorFlow 1's tf.contrib.opt, and what each one claims there."""

from __future__ import annotations

from oracle.golden.cases.arguments import Values

_BETA1 = "beta1 alone sets how long the first moment remembers"
_BETA2 = "beta2 alone sets how long the second moment remembers"
_DECAY = "weight_decay alone is the share that weights lose, at any rate"

TF_CONTRIB: dict[str, Values] = {
    "tf.contrib.opt/AdamWOptimizer": Values(
        coarse={
            "weight_decay": 0.25,
            "learning_rate": 0.125,
            "beta1": 0.5,
            "beta2": 0.75,
            "epsilon": 0.0625,
        },
        other={
            "weight_decay": 0.0625,
            "learning_rate": 0.25,
            "beta1": 0.75,
            "beta2": 0.5,
            "epsilon": 0.00390625,
        },
        alone={
            "weight_decay": 0.03,
            "learning_rate": 0.03,
            "beta1": 0.7,
            "beta2": 0.95,
            "epsilon": 0.001,
        },
        required={"weight_decay": 0.01},
        why={"weight_decay": _DECAY, "beta1": _BETA1, "beta2": _BETA2},
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
}
