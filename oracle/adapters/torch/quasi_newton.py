"""PyTorch's L-BFGS, whose step is given its gradients by a closure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from oracle.adapters.torch.library import library
from oracle.adapters.torch.tensors import Array, array, tensor
from oracle.errors import UnsupportedError

LBFGS = "LBFGS"
_VECTORS = ("d", "prev_flat_grad")
_NUMBERS = {"t": "t", "h_diag": "H_diag"}
"""The library's name of each number, by slot."""


class QuasiNewton:
    """An L-BFGS on parameters of its own, all of them one vector."""

    def __init__(self, params: Sequence[Array], hyper: Mapping[str, Any]) -> None:
        self.params = [library().nn.Parameter(tensor(p)) for p in params]
        if not sum(p.numel() for p in self.params):
            raise UnsupportedError("torch.optim.LBFGS finds no largest of no elements at all")
        self.optimizer = library().optim.LBFGS(self.params, **hyper)

    def step(self, grads: Sequence[Array | None]) -> list[Array]:
        """Take one step along gradients, of which some may be missing; return the parameters."""
        for p, g in zip(self.params, grads, strict=True):
            p.grad = None if g is None else tensor(g)
        self.optimizer.step(self._loss)
        return [array(p) for p in self.params]

    def _loss(self) -> Any:
        """Return a loss, which no step without a line search looks at."""
        return library().zeros(())

    def slots(self) -> dict[str, list[Array | None]]:
        """Return the state, once a step was taken."""
        held = self.optimizer.state[self.params[0]]
        if "d" not in held:
            return {}
        found: dict[str, list[Array | None]] = {name: self._split(held[name]) for name in _VECTORS}
        return found | {
            slot: [_number(held[name]) for _ in self.params] for slot, name in _NUMBERS.items()
        }

    def _split(self, vector: Any) -> list[Array | None]:
        pieces = vector.split([p.numel() for p in self.params])
        return [array(piece.view_as(p)) for piece, p in zip(pieces, self.params, strict=True)]


def _number(held: Any) -> Array:
    return array(held) if isinstance(held, library().Tensor) else np.array(float(held))
