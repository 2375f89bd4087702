"""PyTorch's functions that clip gradients, whose result is shown in the parameters' places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oracle.adapters.torch.classes import MODES
from oracle.adapters.torch.library import library
from oracle.adapters.torch.tensors import Array, array, tensor
from oracle.errors import UnsupportedError

CLIPS = ("clip_grad_norm_", "clip_grads_with_norm_", "clip_grad_value_", "get_total_norm")
_NUMBERS = ("max_norm", "norm_type", "clip_value", "total_norm")
_NO_NORM, _REFUSED = "on an empty tensor", "is non-finite"


def given_in(dtype: str) -> Mapping[str, str]:
    """Return the ``hyper_dtype`` declaration: all are Python floats, but a tensor of the dtype."""
    return {"*": "float64", "total_norm": dtype}


class Clip:
    """A function that clips the gradients of parameters."""

    def __init__(self, name: str, mode: str, params: Sequence[Array], hyper: Mapping[str, Any]):
        self._name, self._mode = name, MODES[mode]
        self._params = [library().nn.Parameter(tensor(p)) for p in params]
        self._hyper = {k: float(v) if k in _NUMBERS else v for k, v in hyper.items()}

    def step(self, grads: Sequence[Array | None]) -> list[Array]:
        """Clip, and return the gradients; where there is none, the parameter."""
        for p, g in zip(self._params, grads, strict=True):
            p.grad = None if g is None else tensor(g)
        try:
            self._call()
        except RuntimeError as error:
            if _NO_NORM in str(error):
                raise UnsupportedError(f"torch.nn.utils.{self._name}: {error}") from error
            if _REFUSED not in str(error):
                raise
        return [array(p if p.grad is None else p.grad) for p in self._params]

    def _call(self) -> None:
        function = getattr(library().nn.utils, self._name)
        if self._name == "get_total_norm":
            there = [p.grad for p in self._params if p.grad is not None]
            norm = function(there, **self._hyper, **self._mode)
            for gradient in there:
                gradient.fill_(norm)
            return
        given = dict(self._hyper)
        if "total_norm" in given:
            kind = self._params[0].dtype
            given["total_norm"] = library().tensor(given["total_norm"], dtype=kind)
        function(self._params, **given, **self._mode)
