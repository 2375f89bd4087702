"""What the model is trained with: the optimizers of the user's page, a start, and batches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

import oracle
from oracle.training import Batch
from oracle.truth import Array

FEATURES, UNITS, SAMPLES = 10, 64, 12

SCALES = (8192.0, 1.0, 8192.0, 1.0, 16384.0, 8192.0)
"""The magnitude of each batch's targets: gradients of large ones are clipped, of small ones not."""


@dataclass(frozen=True)
class TrainingCase:
    """One optimizer as the page writes it; no hyperparameters where it is called by its name."""

    case: str
    hyper: Mapping[str, Any]
    by_name: bool = False


BY_NAME = TrainingCase("by-name", {}, by_name=True)

PAGE: dict[str, tuple[TrainingCase, ...]] = {
    "keras2/SGD": (
        TrainingCase("page", {"lr": 0.01, "decay": 1e-6, "momentum": 0.9, "nesterov": True}),
        TrainingCase("clipnorm", {"lr": 0.01, "clipnorm": 1.0}),
        TrainingCase("clipvalue", {"lr": 0.01, "clipvalue": 0.5}),
    ),
    "keras3/SGD": (
        TrainingCase("page", {"learning_rate": 0.01, "momentum": 0.9, "nesterov": True}),
        TrainingCase("clipnorm", {"learning_rate": 0.01, "clipnorm": 1.0}),
        TrainingCase("clipvalue", {"learning_rate": 0.01, "clipvalue": 0.5}),
        TrainingCase("loss-scale", {"learning_rate": 0.01, "loss_scale_factor": 16.0}),
    ),
    "keras3/LossScaleOptimizer": (
        TrainingCase(
            "dynamic-scale",
            {
                "inner_optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.01}},
                "initial_scale": 64.0,
                "dynamic_growth_steps": 2,
            },
        ),
    ),
    "tf.train/AdadeltaOptimizer": (
        TrainingCase("page", {"learning_rate": 1.0, "rho": 0.95, "epsilon": 1e-08}),
    ),
    "tf.contrib.opt/AdamWOptimizer": (
        TrainingCase("page", {"weight_decay": 0.000001, "learning_rate": 0.01}),
    ),
}
"""What the page sets, as far as the library still has it; and the loss scaled up and down."""

CLIPPED = (
    TrainingCase("clipnorm", {"clipnorm": 1.0}),
    TrainingCase("clipvalue", {"clipvalue": 0.5}),
)
"""The page: these two can be used with all optimizers."""


def training_cases(id: str, *, by_name: bool) -> list[TrainingCase]:
    """Return what a spec is trained in, its call by name where there is one."""
    written = list(PAGE.get(id, ()))
    if not written and "clipnorm" in oracle.spec(id).arguments:
        written = list(CLIPPED)
    return [*written, BY_NAME] if by_name else written


@cache
def start() -> tuple[Array, Array]:
    """Return a uniform kernel, (features, units), and a bias of 0; float32 holds both exactly."""
    rng = np.random.default_rng(64)
    kernel = rng.uniform(-0.05, 0.05, (FEATURES, UNITS)).astype(np.float32)
    return kernel.astype(np.float64), np.zeros(UNITS)


@cache
def batches() -> tuple[Batch, ...]:
    """Return inputs in eighths and targets of 0 and of each scale; any dtype holds them exactly."""
    rng = np.random.default_rng(10)
    return tuple(
        Batch(
            rng.integers(-8, 9, (SAMPLES, FEATURES)) / 8.0,
            rng.integers(0, 2, (SAMPLES, UNITS)) * np.float64(scale),
        )
        for scale in SCALES
    )
