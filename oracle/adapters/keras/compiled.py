"""The same optimizer under tf.function, as ``model.fit`` runs it, traced as seldom as may be."""

from __future__ import annotations

import json
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oracle.adapters.keras.library import libraries
from oracle.adapters.keras.optimizer import KerasOptimizer
from oracle.adapters.keras.slots import Array


class CompiledOptimizer(KerasOptimizer):
    """A Keras optimizer whose step is traced once and then run as a graph, or compiled by XLA."""

    def __init__(
        self,
        optimizer: Any,
        params: Sequence[Array],
        excluded: Sequence[int] = (),
        *,
        jit: bool,
    ) -> None:
        super().__init__(optimizer, params, excluded)
        optimizer.build(self.variables)
        self._start = [variable.numpy() for variable in optimizer.variables]

        def step(grads: list[Any]) -> None:
            optimizer.apply(grads, self.variables)

        self._graph = libraries().tensorflow.function(step, jit_compile=jit, autograph=False)

    def apply(self, grads: list[Any]) -> None:
        """Run the traced step; another pattern of missing gradients is traced anew."""
        self._graph(grads)

    def restart(self, params: Sequence[Array]) -> None:
        """Give every variable, the step counter too, the value it had when it was built."""
        for variable, value in zip(self.optimizer.variables, self._start, strict=True):
            variable.assign(value)
        for variable, value in zip(self.variables, params, strict=True):
            variable.assign(value.copy())


class Run:
    """One use of a compiled optimizer, which goes back to the pool when the run is forgotten."""

    def __init__(self, compiled: CompiledOptimizer) -> None:
        self._compiled = compiled

    def step(self, grads: Sequence[Array | None]) -> list[Array]:
        """Apply one step of gradients and return the new parameters."""
        return self._compiled.step(grads)

    def set_step(self, number: int) -> None:
        """Set the library's own counter ahead."""
        self._compiled.set_step(number)

    def slots(self) -> dict[str, list[Array | None]]:
        """Return the optimizer's variables under the names that the rules use."""
        return self._compiled.slots()


class Pool:
    """Compiled optimizers that no run holds any more, by what they were built for.

    A trace costs as much as a hundred steps. All the state of an optimizer is in its variables, so
    one whose variables are set back is as good as new; two living runs never share one.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._free: dict[str, list[CompiledOptimizer]] = {}

    def run(self, key: str, params: Sequence[Array], build: Callable[[], CompiledOptimizer]) -> Run:
        """Return a fresh run, on a free optimizer of this key if there is one."""
        free = self._free.get(key)
        if free:
            compiled = free.pop()
            compiled.restart(params)
        else:
            compiled = build()
        run = Run(compiled)
        weakref.finalize(run, self._give_back, key, compiled)
        return run

    def _give_back(self, key: str, compiled: CompiledOptimizer) -> None:
        while key not in self._free and len(self._free) >= self._size:
            del self._free[next(iter(self._free))]
        self._free.setdefault(key, []).append(compiled)


def signature(name: str, params: Sequence[Array], hyper: Mapping[str, Any]) -> str:
    """Return what a trace depends on, as text."""
    return json.dumps([name, [[p.dtype.name, p.shape] for p in params], hyper], sort_keys=True)
