"""Cases for what surprises in TensorFlow 1's tf.contrib.opt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from oracle.golden.cases.around import option_plans
from oracle.golden.cases.plan import SHARED, Plan
from oracle.golden.cases.values import Values
from oracle.specification.options import plain
from oracle.specification.spec import Spec


def tf_contrib_plans(spec: Spec, values: Values) -> list[Plan]:
    """Return each option by itself, and what every class with decoupled weight decay shows."""
    decays = _decays(plain(spec, values.coarse)) if "weight_decay" in spec.required else []
    return [*option_plans(spec, values), *(replace(plan, role=SHARED) for plan in decays)]


def _decays(coarse: Mapping[str, Any]) -> list[Plan]:
    return [
        Plan(
            "decay-not-times-rate",
            "The decay is not times the rate: at a rate of 0 weights shrink",
            {**coarse, "weight_decay": 0.125, "learning_rate": 0.0},
        ),
        Plan(
            "decay-before-update",
            "The weights decay first: all decayed, what is left is the update",
            {**coarse, "weight_decay": 1.0},
        ),
        Plan(
            "no-decay",
            "Without decay the step is that of the class in tf.train",
            {**coarse, "weight_decay": 0.0},
        ),
        Plan(
            "decay-of-resting-weights",
            "Zero gradients let the weights decay, missing ones do not",
            {**coarse, "weight_decay": 0.25},
            gradients="zero-first",
            steps=4,
            checkpoints=(1, 2, 4),
            missing=((1, 1), (2, 1)),
        ),
    ]
