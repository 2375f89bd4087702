"""One PyTorch optimizer and its parameters, stepped with numpy arrays."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from oracle.adapters.torch.classes import CLASSES, DIFFERENTIABLE, MODES, TENSOR_RATE
from oracle.adapters.torch.library import library
from oracle.adapters.torch.tensors import Array, array, sparse, tensor
from oracle.errors import UnsupportedError


class TorchOptimizer:
    """An optimizer on parameters of its own; each step runs the library's ``step``."""

    def __init__(self, name: str, mode: str, params: Sequence[Array], hyper: Mapping[str, Any]):
        self._slots, self._squeezed = CLASSES[name].slots, CLASSES[name].squeezed
        self.params = [_parameter(p, mode) for p in params]
        given = {key: tuple(v) if isinstance(v, list) else v for key, v in hyper.items()}
        given |= MODES[mode] if CLASSES[name].ways else {}
        kind = getattr(library().optim, name)
        if mode == TENSOR_RATE:
            rate = given.get("lr", inspect.signature(kind).parameters["lr"].default)
            given["lr"] = library().tensor(float(rate))
        try:
            self.optimizer = kind(self.params, **given)
        except ValueError as refusal:
            raise UnsupportedError(f"torch.optim.{name} refuses: {refusal}") from refusal

    def step(self, grads: Sequence[Array | None]) -> list[Array]:
        """Take one step along gradients, of which some may be missing; return the parameters."""
        for p, g in zip(self.params, grads, strict=True):
            p.grad = None if g is None else self.gradient(g, p)
        self.take_step()
        return [array(p) for p in self.params]

    def take_step(self) -> None:
        """Run the library's step on the gradients that the parameters have."""
        self.optimizer.step()

    def gradient(self, value: Any, param: Any) -> Any:
        """Return a gradient as the library is given it."""
        return tensor(value)

    def slots(self) -> dict[str, list[Array | None]]:
        """Return the optimizer's state under the names that the rules use."""
        states = [self.optimizer.state.get(p, {}) for p in self.params]
        held = {slot: [s.get(key) for s in states] for slot, key in self._slots.items()}
        return {
            slot: [None if one is None else self._shown(slot, one) for one in several]
            for slot, several in held.items()
            if any(one is not None for one in several)
        }

    def _shown(self, slot: str, held: Any) -> Array:
        """Return one slot, without the axis that the library keeps beside those of the rule."""
        axis = self._squeezed.get(slot)
        return array(held if axis is None else held.squeeze(axis))


class CountingOptimizer(TorchOptimizer):
    """An optimizer that counts the steps of each parameter."""

    def set_step(self, number: int) -> None:
        """Set every count ahead; the state is first made as the library's first step makes it."""
        for p in self.params:
            p.grad = library().zeros_like(p)
        lists = len(inspect.signature(self.optimizer._init_group).parameters) - 1
        for group in self.optimizer.param_groups:
            self.optimizer._init_group(group, *([] for _ in range(lists)))
        for p in self.params:
            self.optimizer.state[p]["step"].fill_(number)


class SparseOptimizer(TorchOptimizer):
    """An optimizer that takes sparse gradients alone."""

    def gradient(self, value: Any, param: Any) -> Any:
        """Return a sparse gradient; a dense one has every row."""
        return sparse(value, tuple(param.shape))

    def set_step(self, number: int) -> None:
        """Set every count ahead, in the state that the library's first step makes."""
        zeros = library().zeros_like
        for p in self.params:
            state = self.optimizer.state[p]
            if not state:
                state |= {"exp_avg": zeros(p), "exp_avg_sq": zeros(p)}
            state["step"] = number


def _parameter(value: Array, mode: str) -> Any:
    """Return a parameter; one through whose steps gradients flow is made of another."""
    leaf = library().nn.Parameter(tensor(value))
    return leaf.clone() if mode == DIFFERENTIABLE else leaf
