"""A PyTorch optimizer whose rate a scheduler sets: it steps after the optimizer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oracle.adapters.torch.classes import SINGLE
from oracle.adapters.torch.library import library
from oracle.adapters.torch.optimizer import TorchOptimizer
from oracle.adapters.torch.tensors import Array
from oracle.errors import UnsupportedError

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
)


class ScheduledOptimizer(TorchOptimizer):
    """An optimizer with its scheduler, which takes its step before the optimizer's next."""

    def __init__(self, name: str, params: Sequence[Array], hyper: Mapping[str, Any]) -> None:
        config = dict(hyper)
        inner = config.pop("optimizer")
        super().__init__(inner["class_name"], SINGLE, params, inner["config"])
        try:
            self.scheduler = _built(name, self.optimizer, config)
        except ValueError as refusal:
            raise UnsupportedError(f"{name} refuses: {refusal}") from refusal
        self._began = False

    def step(self, grads: Sequence[Array | None]) -> list[Array]:
        """Take one step of the scheduler but for the first time, and one of the optimizer."""
        if self._began:
            self.scheduler.step()
        self._began = True
        return super().step(grads)


def _built(name: str, optimizer: Any, config: Mapping[str, Any]) -> Any:
    kinds = library().optim.lr_scheduler
    if name == "SWALR":
        return library().optim.swa_utils.SWALR(optimizer, **config)
    if "schedulers" not in config:
        return getattr(kinds, name)(optimizer, **config)
    parts = [_built(one["class_name"], optimizer, one["config"]) for one in config["schedulers"]]
    if name == "ChainedScheduler":
        return kinds.ChainedScheduler(parts)
    return kinds.SequentialLR(optimizer, parts, config["milestones"])


HELD = {"*": "float64"}
"""The precision of hyperparameters: Python's floats."""
