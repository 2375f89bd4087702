"""Runs in which an honest error once came out larger than the bound."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from honest.runs import Run
from honest.situations import Array
from oracle.claim import Precision
from oracle.dtypes import float_type

ELEMENTS = 4096


def short_memories_of_fading_gradients(normal: Array) -> tuple[str, dict[str, object], Array]:
    """m + (g - m) * (1 - beta_1) keeps the rounding of the m that it forgets."""
    fading = normal[1] * 0.01 ** np.arange(4)[:, None]
    hyper = {"learning_rate": 0.1, "beta_1": 0.1, "beta_2": 0.05, "epsilon": 1e-7}
    return "keras3/Adam", hyper, np.vstack([normal[:1], fading])


def terms_of_far_different_size(normal: Array) -> tuple[str, dict[str, object], Array]:
    """The small terms of p + momentum * v - rate * g are rounded once or twice, by the order."""
    hyper = {"learning_rate": 0.75, "momentum": 2.0**-12, "nesterov": True}
    return "keras3/SGD", hyper, normal[:1] * 2.0 ** np.linspace(0, 26, ELEMENTS)


def updates_too_small_to_be_seen(normal: Array) -> tuple[str, dict[str, object], Array]:
    """Float32 loses all of them; the float64 of the truth loses some."""
    hyper = {"learning_rate": 0.001, "momentum": 0.5, "nesterov": False}
    return "keras3/SGD", hyper, np.repeat(normal[1:] * 1e-13, 5, axis=0)


def weights_that_decay_by_one_factor(normal: Array) -> tuple[str, dict[str, object], Array]:
    """p * (1 - h) is rounded twice, p - p * h once, and what is subtracted then once more."""
    h = 2.0**-12 + 2.0**-25
    hyper = {"learning_rate": h, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1.0, "weight_decay": 1}
    return "keras3/AdamW", hyper, normal[:1]


Place = Callable[[Array], tuple[str, dict[str, object], Array]]
PLACES: tuple[Place, ...] = (
    short_memories_of_fading_gradients,
    terms_of_far_different_size,
    updates_too_small_to_be_seen,
    weights_that_decay_by_one_factor,
)


def run_at(place: Place, precision: Precision) -> Run:
    kind = float_type(precision.dtype)
    normal = np.random.Generator(np.random.PCG64(1)).normal(size=(3, ELEMENTS))
    spec, hyper, grads = place(normal[1:])
    limit = kind.largest / 64
    rows = kind.round(np.clip(grads, -limit, limit))
    return Run(spec, precision, hyper, [kind.round(normal[0])], [[row] for row in rows])
