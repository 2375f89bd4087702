"""What the optimizers of Keras 2 share: argument names, clipping, time decay, and their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from oracle.adapters.numpy import clipping
from oracle.adapters.numpy.base import Array, Gradient, Gradients, Number, Optimizer
from oracle.sparse import Sparse


@dataclass(kw_only=True, eq=False)
class Keras2Optimizer(Optimizer):
    """An optimizer of Keras 2: clip the gradients, fix the learning rate, update, count."""

    lr: float | None = None
    """The older name of ``learning_rate``; it wins where both are given."""
    learning_rate: float = 0.001
    clipnorm: float | None = None
    clipvalue: float | None = None

    def apply(self, grads: Gradients) -> None:
        """Run one step; the counter is read before its increment."""
        present = {k: g for k, g in enumerate(grads) if g is not None}
        if len(present) < len(self.params):
            raise ValueError("a gradient is None: Keras 2 needs a gradient for every parameter")
        clipped = self.dense(self.clip(present))
        lr = self.current_learning_rate()
        self.prepare()
        for k, g in clipped.items():
            self.set_param(k, self.update(self.params[k], g, self.state[k], lr))
        self.iterations += 1

    def clip(self, grads: dict[int, Gradient]) -> dict[int, Gradient]:
        """Clip the common norm, then the values; a limit that is not positive does nothing.

        The norm is that of dense gradients, but what is scaled and clipped are the slices.
        """
        values = {k: g.values if isinstance(g, Sparse) else g for k, g in grads.items()}
        if grads and self.clipnorm is not None and self.clipnorm > 0:
            norm = clipping.global_norm(self.dense(grads))
            values = clipping.keras2_clip_by_norm(values, norm, self.number(self.clipnorm))
        if self.clipvalue is not None and self.clipvalue > 0:
            limit = self.number(self.clipvalue)
            values = {k: clipping.clip_by_value(g, limit) for k, g in values.items()}
        return {
            k: Sparse(g.indices, values[k]) if isinstance(g, Sparse) else values[k]
            for k, g in grads.items()
        }

    def dense(self, grads: dict[int, Gradient]) -> dict[int, Array]:
        """Add the slices of sparse gradients up, in the order in which they come."""
        whole: dict[int, Array] = {}
        for k, g in grads.items():
            if isinstance(g, Sparse):
                whole[k] = np.zeros_like(self.params[k])
                np.add.at(whole[k], g.indices, g.values)
            else:
                whole[k] = g
        return whole

    def current_learning_rate(self) -> Number:
        """Return the learning rate of this step."""
        return self.number(self.learning_rate if self.lr is None else self.lr)

    def prepare(self) -> None:
        """Advance the state that all parameters share."""


@dataclass(kw_only=True, eq=False)
class DecayingOptimizer(Keras2Optimizer):
    """An optimizer of Keras 2 whose learning rate decays with time, as all but Nadam's do."""

    decay: float = 0.0

    def current_learning_rate(self) -> Number:
        """Return the learning rate after time decay; a negative decay is ignored."""
        lr = super().current_learning_rate()
        if self.decay > 0:
            one, decay, iterations = self.numbers(1, self.decay, self.iterations)
            lr = lr * (one / (one + decay * iterations))
        return lr


def sqrt(x: Any) -> Any:
    """Return the root as Keras 2 takes it: a negative number counts as zero."""
    return np.sqrt(np.maximum(x, x.dtype.type(0)))
