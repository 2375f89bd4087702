"""A PyTorch optimizer whose gradients a GradScaler divides, or leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from oracle.adapters.torch.classes import SINGLE
from oracle.adapters.torch.library import library
from oracle.adapters.torch.optimizer import TorchOptimizer
from oracle.adapters.torch.tensors import Array, array
from oracle.dtypes import DTYPES

SCALER = "GradScaler"
TAKEN = tuple(dtype for dtype in DTYPES if dtype != "float16")
"""Gradients in float16 are refused: they are thought to be a mistake."""


class ScaledOptimizer(TorchOptimizer):
    """An optimizer that steps where the scaler lets it."""

    def __init__(self, params: Sequence[Array], hyper: Mapping[str, Any]) -> None:
        config = dict(hyper)
        inner = config.pop("optimizer")
        super().__init__(inner["class_name"], SINGLE, params, inner["config"])
        self.scaler = library().amp.GradScaler("cpu", **config)
        self.scaler.scale(library().zeros(()))

    def step(self, grads: Sequence[Array | None]) -> list[Array]:
        """Take one step along the gradients of a scaled loss, if they are finite."""
        for p, g in zip(self.params, grads, strict=True):
            p.grad = None if g is None else self.gradient(g, p)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        return [array(p) for p in self.params]

    def slots(self) -> dict[str, list[Array | None]]:
        """Return those of the optimizer, and the scale and its count."""
        found, held = super().slots(), self.scaler.state_dict()
        for slot, key in (("scale", "scale"), ("growth_tracker", "_growth_tracker")):
            found[slot] = [np.array(held[key]) for _ in self.params]
        return found
