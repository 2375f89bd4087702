"""Values for the arguments of TensorFlow 1's tf.contrib.opt, and what each one claims there."""

from __future__ import annotations

from dataclasses import replace

from oracle.golden.cases.arguments import Values
from oracle.golden.cases.tf_train_arguments import TF_TRAIN

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

_COUNTED = replace(
    _ADAM,
    other={**_ADAM.other, "global_step": 3},
    alone={**_ADAM.alone, "global_step": "global_step"},
    why={**_ADAM.why, "global_step": "global_step alone is what counts the steps, 0 by default"},
)
_SIGNS = "sign_decay_fn alone lets the agreement of signs fade with the steps"
_CHOICE = "decay_var_list alone chooses the variables that decay"
_LINEAR = {"class_name": "get_linear_decay_fn", "config": {"decay_steps": 4}}
_COSINE = {"class_name": "get_cosine_decay_fn", "config": {"decay_steps": 8, "num_periods": 1}}

TF_CONTRIB: dict[str, Values] = {
    **{
        f"tf.contrib.opt/extend_with_decoupled_weight_decay.{spec.split('/')[1]}": Values(
            coarse={"weight_decay": 0.25, **values.coarse},
            other={"weight_decay": 0.0625, "decay_var_list": [0], **values.other},
            alone={"weight_decay": 0.03, "decay_var_list": [1], **values.alone},
            required={"weight_decay": 0.01, **values.required},
            why={"weight_decay": _DECAY, "decay_var_list": _CHOICE, **values.why},
        )
        for spec, values in TF_TRAIN.items()
        if spec not in ("tf.train/AdamOptimizer", "tf.train/MomentumOptimizer")
    },
    "tf.contrib.opt/AdamWOptimizer": Values(
        coarse={"weight_decay": 0.25, **_ADAM.coarse},
        other={"weight_decay": 0.0625, "decay_var_list": [0], **_ADAM.other},
        alone={"weight_decay": 0.03, "decay_var_list": [1], **_ADAM.alone},
        required={"weight_decay": 0.01},
        why={"weight_decay": _DECAY, "decay_var_list": _CHOICE, **_ADAM.why},
    ),
    "tf.contrib.opt/MomentumWOptimizer": Values(
        coarse={"weight_decay": 0.25, "learning_rate": 0.125, "momentum": 0.5},
        other={
            "weight_decay": 0.0625,
            "learning_rate": 0.25,
            "momentum": 0.875,
            "use_nesterov": True,
            "decay_var_list": [0],
        },
        alone={
            "weight_decay": 0.03,
            "decay_var_list": [1],
            "learning_rate": 0.3,
            "momentum": 0.7,
            "use_nesterov": True,
        },
        required={"weight_decay": 0.01, "learning_rate": 0.2, "momentum": 0.8},
        why={
            "weight_decay": _DECAY,
            "decay_var_list": _CHOICE,
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
        other={
            "learning_rate": 0.5,
            "initial_accumulator_value": 0.00390625,
            "avoid_updating_slots": True,
        },
        alone={
            "learning_rate": 0.03,
            "initial_accumulator_value": 0.3,
            "avoid_updating_slots": True,
        },
        required={"learning_rate": 0.2},
        why={
            "avoid_updating_slots": "avoid_updating_slots alone leaves the sum of squares as it is"
        },
    ),
    "tf.contrib.opt/AdamGSOptimizer": _COUNTED,
    "tf.contrib.opt/LazyAdamGSOptimizer": _COUNTED,
    "tf.contrib.opt/AddSignOptimizer": Values(
        coarse={"learning_rate": 0.125, "alpha": 0.5, "beta": 0.75},
        other={"learning_rate": 0.25, "alpha": 2.0, "beta": 0.5, "sign_decay_fn": _COSINE},
        alone={"learning_rate": 0.03, "alpha": 0.7, "beta": 0.8, "sign_decay_fn": _LINEAR},
        why={
            "alpha": "alpha alone is the factor where signs cancel out",
            "beta": _MEAN,
            "sign_decay_fn": _SIGNS,
        },
    ),
    "tf.contrib.opt/PowerSignOptimizer": Values(
        coarse={"learning_rate": 0.125, "base": 2.0, "beta": 0.75},
        other={"learning_rate": 0.25, "base": 0.5, "beta": 0.5, "sign_decay_fn": _COSINE},
        alone={"learning_rate": 0.03, "base": 3.3, "beta": 0.8, "sign_decay_fn": _LINEAR},
        why={
            "base": "base alone is what the agreement of signs is the power of",
            "beta": _MEAN,
            "sign_decay_fn": _SIGNS,
        },
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
            "skip_list": [0],
        },
        alone={
            "learning_rate": 0.3,
            "momentum": 0.7,
            "skip_list": [0],
            "weight_decay": 0.03,
            "eeta": 0.1,
            "epsilon": 0.01,
            "use_nesterov": True,
        },
        required={"learning_rate": 0.2},
        why={
            "weight_decay": "weight_decay alone enters the gradient and the trust ratio",
            "eeta": "eeta alone scales the trust ratio",
            "skip_list": "skip_list alone leaves a variable without norms and decay",
            "use_nesterov": "use_nesterov=True alone adds the step to what the buffer gives",
        },
    ),
}
