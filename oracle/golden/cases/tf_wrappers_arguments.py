"""Values for the arguments of the wrapping optimizers: among them other optimizers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracle.golden.cases.arguments import Values


def wrapped(name: str, **config: Any) -> Mapping[str, Any]:
    """Return an optimizer as an argument of another."""
    return {"class_name": name, "config": config}


_COARSE = wrapped("MomentumOptimizer", learning_rate=0.125, momentum=0.5)
_OTHER = wrapped("AdamOptimizer", learning_rate=0.25, beta1=0.75, beta2=0.5, epsilon=0.00390625)
_NESTEROV = wrapped("MomentumOptimizer", learning_rate=0.25, momentum=0.875, use_nesterov=True)
_ALONE = wrapped("RMSPropOptimizer", learning_rate=0.03, decay=0.8, momentum=0.7, epsilon=0.001)
_LEAST = wrapped("GradientDescentOptimizer", learning_rate=0.2)
_WHY = "another one takes its own steps, by its own slots"

_CLIPPING = {"vars_to_clip_dims": {"0": [0]}, "max_norm": 3.0}
_CHIEF = {"num_worker": 1, "is_chief": True}

TF_WRAPPERS: dict[str, Values] = {
    "tf.contrib.opt/MovingAverageOptimizer": Values(
        coarse={"opt": _COARSE, "average_decay": 0.75},
        other={"opt": _OTHER, "average_decay": 0.5, "num_updates": 20},
        alone={"opt": _ALONE, "average_decay": 0.9, "num_updates": 3},
        required={"opt": _LEAST},
        why={
            "opt": f"opt alone: {_WHY}",
            "average_decay": "average_decay alone sets how long the average remembers",
            "num_updates": "num_updates alone limits the decay",
        },
    ),
    "tf.contrib.opt/MultitaskOptimizerWrapper": Values(
        coarse={"opt": _COARSE},
        other={"opt": _OTHER},
        alone={"opt": _ALONE},
        required={"opt": _LEAST},
        why={"opt": f"opt alone: {_WHY}"},
    ),
    "tf.contrib.opt/VariableClippingOptimizer": Values(
        coarse={"opt": _COARSE, "vars_to_clip_dims": {"0": [0]}, "max_norm": 0.5},
        other={"opt": _OTHER, "vars_to_clip_dims": {"0": [0], "1": []}, "max_norm": 1.5},
        alone={"opt": _ALONE, "vars_to_clip_dims": {"1": []}, "max_norm": 0.3},
        required={"opt": _LEAST, **_CLIPPING},
        why={
            "opt": f"opt alone: {_WHY}",
            "vars_to_clip_dims": "vars_to_clip_dims alone chooses what is clipped, and how",
            "max_norm": "max_norm alone is the largest norm of a column",
        },
    ),
    "tf.contrib.opt/DropStaleGradientOptimizer": Values(
        coarse={"opt": _COARSE, "staleness": 0},
        other={"opt": _OTHER, "staleness": 3},
        alone={"opt": _ALONE, "staleness": 10},
        required={"opt": _LEAST, "staleness": 0},
        why={
            "opt": f"opt alone: {_WHY}",
            "staleness": "staleness alone lets the gradients of one process pass",
        },
    ),
    "tf.contrib.opt/ElasticAverageOptimizer": Values(
        coarse={
            "opt": _COARSE,
            "num_worker": 1,
            "communication_period": 2,
            "moving_rate": 0.25,
            "rho": 0.5,
        },
        other={
            "opt": _OTHER,
            "num_worker": 1,
            "communication_period": 3,
            "moving_rate": 0.5,
            "rho": 0.125,
        },
        alone={"opt": _ALONE, "communication_period": 2, "moving_rate": 0.3, "rho": 0.7},
        required={"opt": _LEAST, "num_worker": 1},
        why={
            "opt": f"opt alone: {_WHY}",
            "communication_period": "communication_period alone is 2: an exchange at step 2",
            "moving_rate": "moving_rate alone is in rho's default as well",
            "rho": "rho alone sets how strongly the center pulls",
        },
    ),
    "tf.contrib.opt/ModelAverageOptimizer": Values(
        coarse={"opt": _COARSE, **_CHIEF, "interval_steps": 2},
        other={"opt": _OTHER, **_CHIEF, "interval_steps": 1},
        alone={"opt": _ALONE, "interval_steps": 3},
        required={"opt": _LEAST, **_CHIEF},
        why={
            "opt": f"opt alone: {_WHY}",
            "interval_steps": "interval_steps alone sets when the center is copied",
        },
    ),
    "tf.contrib.opt/AGNOptimizer": Values(
        coarse={"optimizer": _COARSE, "num_worker": 1, "communication_period": 2},
        other={"optimizer": _NESTEROV, "num_worker": 1, "communication_period": 3},
        alone={"optimizer": _ALONE, "communication_period": 2},
        required={"optimizer": _LEAST, "num_worker": 1},
        why={
            "optimizer": f"optimizer alone: {_WHY}",
            "communication_period": "communication_period alone is 2: the center moves at step 2",
        },
    ),
    "tf.train/SyncReplicasOptimizer": Values(
        coarse={"opt": _COARSE, "replicas_to_aggregate": 1, "total_num_replicas": 1},
        other={"opt": _OTHER, "replicas_to_aggregate": 2, "total_num_replicas": 1},
        alone={"opt": _ALONE, "replicas_to_aggregate": 3, "total_num_replicas": 3},
        required={"opt": _LEAST, "replicas_to_aggregate": 1},
        why={
            "opt": f"opt alone: {_WHY}",
            "replicas_to_aggregate": "replicas_to_aggregate alone is how many make a mean",
            "total_num_replicas": "total_num_replicas alone sets how many tokens there are",
        },
    ),
    "keras2/TFOptimizer": Values(
        coarse={"optimizer": _COARSE},
        other={"optimizer": _OTHER},
        alone={"optimizer": _ALONE},
        required={"optimizer": _LEAST},
        why={"optimizer": f"optimizer alone: {_WHY}"},
    ),
}
