"""A PyTorch optimizer whose rate a scheduler sets: it steps after the optimizer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from oracle.adapters.torch.classes import SINGLE
from oracle.adapters.torch.library import library
from oracle.adapters.torch.optimizer import TorchOptimizer
from oracle.adapters.torch.tensors import Array
from oracle.errors import UnsupportedError
from oracle.specification.given import at_step

SCHEDULERS = (
    "StepLR",
    "MultiStepLR",
    "ConstantLR",
    "LinearLR",
    "ExponentialLR",
    "PolynomialLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "OneCycleLR",
    "ChainedScheduler",
    "SequentialLR",
    "SWALR",
    "LambdaLR",
    "MultiplicativeLR",
    "ReduceLROnPlateau",
)


class ScheduledOptimizer(TorchOptimizer):
    """An optimizer with its scheduler, which takes its step before the optimizer's next."""

    def __init__(self, name: str, params: Sequence[Array], hyper: Mapping[str, Any]) -> None:
        config = dict(hyper)
        inner, self._losses = config.pop("optimizer"), config.pop("metrics", [])
        super().__init__(inner["class_name"], SINGLE, params, inner["config"])
        try:
            self.scheduler = _built(name, self.optimizer, config)
        except ValueError as refusal:
            raise UnsupportedError(f"{name} refuses: {refusal}") from refusal
        self._steps = 0

    def step(self, grads: Sequence[Array | None]) -> list[Array]:
        """Take one step of the scheduler but for the first time, and one of the optimizer."""
        if self._steps:
            losses = (at_step(self._losses, self._steps - 1),) if self._losses else ()
            self.scheduler.step(*losses)
        self._steps += 1
        return super().step(grads)


def _built(name: str, optimizer: Any, config: Mapping[str, Any]) -> Any:
    kinds = library().optim.lr_scheduler
    if name == "SWALR":
        return library().optim.swa_utils.SWALR(optimizer, **config)
    if "lr_lambda" in config:
        config = {"lr_lambda": partial(at_step, config["lr_lambda"])}
    if "schedulers" not in config:
        return getattr(kinds, name)(optimizer, **config)
    parts = [_built(one["class_name"], optimizer, one["config"]) for one in config["schedulers"]]
    if name == "ChainedScheduler":
        return kinds.ChainedScheduler(parts)
    return kinds.SequentialLR(optimizer, parts, config["milestones"])


HELD = {"*": "float64"}
"""The precision of hyperparameters: Python's floats."""
