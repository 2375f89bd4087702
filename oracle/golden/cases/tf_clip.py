"""Cases of TensorFlow's functions that clip gradients: both sides of each threshold, and at it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from oracle.golden.cases.arguments import Values
from oracle.golden.cases.common import rule_plans
from oracle.golden.cases.plan import Plan

TF_CLIP: dict[str, Values] = {
    "tf/clip_by_value": Values(
        coarse={"clip_value_min": -0.5, "clip_value_max": 0.25},
        other={"clip_value_min": -1.5, "clip_value_max": 1.0},
        alone={"clip_value_min": -0.7, "clip_value_max": 0.3},
        required={"clip_value_min": -0.2, "clip_value_max": 0.8},
        why={
            "clip_value_min": "clip_value_min alone is where small elements stop",
            "clip_value_max": "clip_value_max alone is where large elements stop",
        },
    ),
    "tf/clip_by_norm": Values(
        coarse={"clip_norm": 0.5},
        other={"clip_norm": 1.5, "axes": []},
        alone={"clip_norm": 0.3, "axes": []},
        required={"clip_norm": 0.7},
        why={
            "clip_norm": "clip_norm alone is the norm of what is longer",
            "axes": "No axes alone: each element has a norm of its own",
        },
    ),
    "tf/clip_by_global_norm": Values(
        coarse={"clip_norm": 0.5},
        other={"clip_norm": 1.5},
        alone={"clip_norm": 0.3},
        required={"clip_norm": 0.7},
        why={"clip_norm": "clip_norm alone is the common norm of what is longer"},
    ),
    "tf/clip_by_average_norm": Values(
        coarse={"clip_norm": 0.125},
        other={"clip_norm": 0.5},
        alone={"clip_norm": 0.03},
        required={"clip_norm": 0.07},
        why={"clip_norm": "clip_norm alone is the norm per element of what is longer"},
    ),
    "tf/global_norm": Values(coarse={}, other={}, alone={}),
}


def tf_clip_plans(spec: str) -> list[Plan]:
    """Return the cases of gradients of every kind, of one that is missing, and of surprises."""
    values = TF_CLIP[spec]
    usual = [plan for plan in rule_plans(values) if (spec, plan.id) not in _NOT_CERTIFIED]
    missing = Plan(
        "missing-gradients",
        "Where a gradient is missing, nothing is returned and nothing counted",
        values.coarse,
        steps=3,
        checkpoints=(2, 3),
        missing=((2, 0), (3, 1)),
    )
    return [*usual, missing, *_SURPRISES[spec]]


_NOT_CERTIFIED = {
    ("tf/clip_by_value", "not-finite-gradients"),
    ("tf/clip_by_norm", "not-finite-gradients"),
    ("tf/clip_by_global_norm", "not-finite-gradients"),
    ("tf/clip_by_average_norm", "not-finite-gradients"),
}
"""All compare with NaN, which balls cannot witness: a NaN may be any number there."""


def _norms(clip_norm: float, why: str) -> Plan:
    return Plan(
        "at-the-threshold",
        why,
        {"clip_norm": clip_norm},
        gradients="norms",
        checkpoints=(1, 2, 3),
    )


def _unbounded(why: str, hyper: Mapping[str, Any]) -> Plan:
    return Plan("infinite-threshold", why, hyper, steps=2, shapes=((2, 3), ()))


def _zero_by_zero(why: str) -> Plan:
    """Return a case whose first gradients are zeros, and later ones are not."""
    return Plan(
        "norm-of-zero-at-zero",
        why,
        {"clip_norm": 0.0},
        gradients="zero-first",
        shapes=((2, 3), ()),
    )


_INFINITE = {"clip_norm": math.inf}

_SURPRISES: dict[str, list[Plan]] = {
    "tf/clip_by_value": [
        _unbounded(
            "Infinite ends clip nothing",
            {"clip_value_min": -math.inf, "clip_value_max": math.inf},
        ),
        Plan(
            "ends-crossed",
            "With the ends crossed everything becomes the lower end's value",
            {"clip_value_min": 0.75, "clip_value_max": -0.25},
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "at-the-ends",
            "Elements at an end stay, those beyond it become it",
            {"clip_value_min": -1.0, "clip_value_max": 1.0},
            gradients="levels",
            checkpoints=(1, 2, 3),
        ),
    ],
    "tf/clip_by_norm": [
        _unbounded("An infinite threshold turns all to NaN: it is multiplied first", _INFINITE),
        _zero_by_zero("A norm of 0 under a threshold of 0 becomes NaN, any other norm 0"),
        _norms(3.0, "A norm at the threshold is not scaled, twice of it is halved"),
        Plan(
            "each-row",
            "The last axis gives each row a norm of its own",
            {"clip_norm": 0.75, "axes": [1]},
            checkpoints=(1, 2, 3),
            shapes=((2, 3), (3, 2), (1, 1)),
        ),
        Plan(
            "each-column",
            "Axis 0 gives each column a norm of its own",
            {"clip_norm": 0.75, "axes": [0]},
            checkpoints=(1, 2, 3),
            shapes=((2, 3), (4,), (0,)),
        ),
        Plan(
            "axis-from-the-end",
            "Of two axes the second from the end is the first",
            {"clip_norm": 0.75, "axes": [-2]},
            checkpoints=(1, 2, 3),
            shapes=((2, 3), (3, 2), (1, 1)),
        ),
        Plan(
            "turned-around",
            "A negative threshold turns each gradient around, at its length",
            {"clip_norm": -0.5},
            gradients="norms",
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "one-infinite",
            "An infinite element becomes NaN, and the others of its norm 0",
            {"clip_norm": 1.0},
            gradients="one-infinite",
            checkpoints=(1, 3),
        ),
    ],
    "tf/clip_by_global_norm": [
        _unbounded("An infinite threshold turns all to NaN: infinity times 0", _INFINITE),
        _zero_by_zero("A norm of 0 under a threshold of 0 is 0 times 1/0: all become NaN"),
        _norms(5.0, "A common norm at the threshold is not scaled, twice of it is halved"),
        Plan(
            "negative-threshold",
            "A negative threshold clips nothing",
            {"clip_norm": -0.5},
            gradients="norms",
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "negative-threshold-of-infinity",
            "With a negative threshold, too, an infinite norm turns all to NaN",
            {"clip_norm": -0.5},
            gradients="one-infinite",
        ),
        Plan(
            "threshold-of-zero",
            "A threshold of 0 scales everything to 0",
            {"clip_norm": 0.0},
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "one-infinite",
            "An infinite element turns all elements of all gradients to NaN",
            {"clip_norm": 1.0},
            gradients="one-infinite",
            checkpoints=(1, 3),
        ),
    ],
    "tf/clip_by_average_norm": [
        _unbounded("An infinite threshold turns all to NaN, infinity times 0", _INFINITE),
        _zero_by_zero("A norm of 0 under a threshold of 0 becomes NaN, others become 0"),
        _norms(0.5, "The norm is divided by how many elements there are, not by a root"),
        Plan(
            "negative-threshold",
            "A negative threshold clips nothing",
            {"clip_norm": -0.5},
            gradients="norms",
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "threshold-of-zero",
            "A threshold of 0 scales everything to 0",
            {"clip_norm": 0.0},
            shapes=((2, 3), (4,)),
        ),
        Plan(
            "one-infinite",
            "An infinite element becomes NaN, and the others of its gradient 0",
            {"clip_norm": 1.0},
            gradients="one-infinite",
            checkpoints=(1, 3),
        ),
    ],
    "tf/global_norm": [
        Plan(
            "three-four-five",
            "Norms of 3 and 4 have a common norm of 5",
            gradients="norms",
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "many-gradients",
            "Six gradients, one without elements, have one norm",
            shapes=((4,), (4,), (1, 2, 2), (), (0,), (1,)),
            checkpoints=(1, 2, 3),
        ),
        Plan(
            "one-infinite",
            "An infinite element makes the norm infinite",
            gradients="one-infinite",
            checkpoints=(1, 3),
        ),
        Plan(
            "matrices",
            "The shape of a gradient has no say",
            shapes=((2, 3), (3, 2), ()),
            checkpoints=(1, 2, 3),
        ),
    ],
}
