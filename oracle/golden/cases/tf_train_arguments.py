"""Values for the arguments of TensorFlow 1's tf.train, and what each one claims there."""

from __future__ import annotations

from oracle.golden.cases.arguments import Values

_RATE = {"learning_rate": 0.2}
_MOMENTUM = {"learning_rate": 0.2, "momentum": 0.8}
_OUTSIDE = "momentum alone keeps gradients, which the rate scales afterwards"
_DECAY = "decay alone sets how long the mean square remembers"
_BETA1 = "beta1 alone sets how long the first moment remembers"
_BETA2 = "beta2 alone sets how long the second moment remembers"
_SQUARES = "initial_gradient_squared_accumulator_value alone starts the sum"

TF_TRAIN: dict[str, Values] = {
    "tf.train/GradientDescentOptimizer": Values(
        coarse={"learning_rate": 0.125},
        other={"learning_rate": 0.5},
        alone={"learning_rate": 0.3},
        required=_RATE,
    ),
    "tf.train/MomentumOptimizer": Values(
        coarse={"learning_rate": 0.125, "momentum": 0.5},
        other={"learning_rate": 0.25, "momentum": 0.875, "use_nesterov": True},
        alone={"learning_rate": 0.3, "momentum": 0.7, "use_nesterov": True},
        required=_MOMENTUM,
        why={
            "momentum": _OUTSIDE,
            "use_nesterov": "use_nesterov=True alone adds the gradient to what the buffer gives",
        },
    ),
    "tf.train/AdagradOptimizer": Values(
        coarse={"learning_rate": 0.125, "initial_accumulator_value": 0.25},
        other={"learning_rate": 0.5, "initial_accumulator_value": 0.00390625},
        alone={"learning_rate": 0.03, "initial_accumulator_value": 0.3},
        required=_RATE,
    ),
    "tf.train/AdagradDAOptimizer": Values(
        coarse={
            "learning_rate": 0.5,
            "initial_gradient_squared_accumulator_value": 0.25,
            "l1_regularization_strength": 0.0625,
            "l2_regularization_strength": 0.5,
        },
        other={
            "learning_rate": 0.25,
            "initial_gradient_squared_accumulator_value": 1.0,
            "l2_regularization_strength": 0.25,
        },
        alone={
            "learning_rate": 0.03,
            "initial_gradient_squared_accumulator_value": 0.3,
            "l1_regularization_strength": 0.1,
            "l2_regularization_strength": 0.3,
        },
        required=_RATE,
        why={
            "initial_gradient_squared_accumulator_value": _SQUARES,
            "l1_regularization_strength": "L1 alone cuts off its strength times the steps so far",
            "l2_regularization_strength": "L2 alone adds its strength times rate and steps so far",
        },
    ),
    "tf.train/AdadeltaOptimizer": Values(
        coarse={"learning_rate": 0.5, "rho": 0.75, "epsilon": 0.0625},
        other={"learning_rate": 2.0, "rho": 0.5, "epsilon": 0.00390625},
        alone={"learning_rate": 0.3, "rho": 0.8, "epsilon": 0.001},
    ),
    "tf.train/AdamOptimizer": Values(
        coarse={"learning_rate": 0.125, "beta1": 0.5, "beta2": 0.75, "epsilon": 0.0625},
        other={"learning_rate": 0.25, "beta1": 0.75, "beta2": 0.5, "epsilon": 0.00390625},
        alone={"learning_rate": 0.03, "beta1": 0.7, "beta2": 0.95, "epsilon": 0.001},
        why={"beta1": _BETA1, "beta2": _BETA2},
    ),
    "tf.train/FtrlOptimizer": Values(
        coarse={
            "learning_rate": 0.5,
            "initial_accumulator_value": 0.25,
            "l1_regularization_strength": 0.125,
            "l2_regularization_strength": 0.5,
            "l2_shrinkage_regularization_strength": 0.25,
        },
        other={
            "learning_rate": 0.25,
            "learning_rate_power": -0.25,
            "initial_accumulator_value": 1.0,
            "l2_regularization_strength": 0.25,
        },
        alone={
            "learning_rate": 0.03,
            "learning_rate_power": -0.7,
            "initial_accumulator_value": 0.3,
            "l1_regularization_strength": 0.2,
            "l2_regularization_strength": 0.3,
            "l2_shrinkage_regularization_strength": 0.2,
        },
        required=_RATE,
    ),
    "tf.train/RMSPropOptimizer": Values(
        coarse={"learning_rate": 0.125, "decay": 0.75, "momentum": 0.5, "epsilon": 0.0625},
        other={
            "learning_rate": 0.25,
            "decay": 0.5,
            "momentum": 0.5,
            "epsilon": 0.25,
            "centered": True,
        },
        alone={
            "learning_rate": 0.03,
            "decay": 0.8,
            "momentum": 0.7,
            "epsilon": 0.001,
            "centered": True,
        },
        required=_RATE,
        why={"decay": _DECAY},
    ),
    "tf.train/ProximalGradientDescentOptimizer": Values(
        coarse={
            "learning_rate": 0.125,
            "l1_regularization_strength": 0.25,
            "l2_regularization_strength": 0.5,
        },
        other={"learning_rate": 0.5, "l2_regularization_strength": 0.25},
        alone={
            "learning_rate": 0.3,
            "l1_regularization_strength": 0.2,
            "l2_regularization_strength": 0.3,
        },
        required=_RATE,
        why={
            "l1_regularization_strength": "L1 alone cuts off its strength times the rate",
            "l2_regularization_strength": "L2 alone divides by 1 + its strength times the rate",
        },
    ),
    "tf.train/ProximalAdagradOptimizer": Values(
        coarse={
            "learning_rate": 0.125,
            "initial_accumulator_value": 0.25,
            "l1_regularization_strength": 0.25,
            "l2_regularization_strength": 0.5,
        },
        other={
            "learning_rate": 0.5,
            "initial_accumulator_value": 1.0,
            "l2_regularization_strength": 0.25,
        },
        alone={
            "learning_rate": 0.03,
            "initial_accumulator_value": 0.3,
            "l1_regularization_strength": 0.2,
            "l2_regularization_strength": 0.3,
        },
        required=_RATE,
        why={
            "l1_regularization_strength": "L1 alone cuts off by each element's own rate",
            "l2_regularization_strength": "L2 alone shrinks by each element's own rate",
        },
    ),
}
