"""A PyTorch optimizer beside the average of the weights that it makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oracle.adapters.torch.classes import FOREACH, SINGLE
from oracle.adapters.torch.library import library
from oracle.adapters.torch.optimizer import TorchOptimizer
from oracle.adapters.torch.tensors import Array, array

AVERAGED = "AveragedModel"


class AveragedOptimizer(TorchOptimizer):
    """An optimizer whose weights an AveragedModel averages, one by one or all at once."""

    def __init__(self, mode: str, params: Sequence[Array], hyper: Mapping[str, Any]) -> None:
        inner = hyper["optimizer"]
        super().__init__(inner["class_name"], SINGLE, params, inner["config"])
        self.model = library().nn.ParameterList(self.params)
        self.averaged = library().optim.swa_utils.AveragedModel(
            self.model, **_function(mode, hyper)
        )

    def step(self, grads: Sequence[Array | None]) -> list[Array]:
        """Take one step, average the weights, and return them."""
        moved = super().step(grads)
        self.averaged.update_parameters(self.model)
        return moved

    def slots(self) -> dict[str, list[Array | None]]:
        """Return those of the optimizer, and the averages."""
        return {**super().slots(), "averaged": [array(p) for p in self.averaged.parameters()]}


def _function(mode: str, hyper: Mapping[str, Any]) -> dict[str, Any]:
    """Return the argument that is a function: of one average, or of all of them."""
    name = "multi_avg_fn" if mode == FOREACH else "avg_fn"
    made_by, kind = library().optim.swa_utils, hyper.get("avg_fn", "swa")
    given = {"decay": hyper["decay"]} if kind == "ema" and "decay" in hyper else {}
    return {name: getattr(made_by, f"get_{kind}_{name}")(**given)}
