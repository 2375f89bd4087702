"""The same optimizer compiled, as ``model.fit`` runs it, and compiled as seldom as may be."""

from __future__ import annotations

import json
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oracle.adapters.keras.compilers import Compiler
from oracle.adapters.keras.library import Libraries
from oracle.adapters.keras.optimizer import KerasOptimizer
from oracle.adapters.keras.slots import Array, array


class CompiledOptimizer(KerasOptimizer):
    """A Keras optimizer whose step is compiled once and then run."""

    def __init__(
        self,
        at: Libraries,
        optimizer: Any,
        params: Sequence[Array],
        excluded: Sequence[int] = (),
        *,
        compiler: Compiler,
    ) -> None:
        super().__init__(at, optimizer, params, excluded)
        with self.computing():
            optimizer.build(self.variables)
            self._start = [array(variable) for variable in optimizer.variables]
            self._compiled = compiler(at, optimizer, self.variables)

    def apply(self, grads: list[Any]) -> None:
        """Run the compiled step; another pattern of missing gradients is compiled anew."""
        self._compiled(grads)

    def restart(self, params: Sequence[Array]) -> None:
        """Give every variable, the step counter too, the value it had when it was built."""
        with self.computing():
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


STARTS_AT_ITS_PARAMETERS = "ScheduleFreeAdamW"
"""The class with a slot that begins as what the parameters were when it was built."""


def signature(name: str, params: Sequence[Array], hyper: Mapping[str, Any]) -> str:
    """Return what a compiled optimizer depends on, as text."""
    given = [[p.dtype.name, p.shape] for p in params]
    text = json.dumps([name, given, hyper], sort_keys=True)
    if STARTS_AT_ITS_PARAMETERS not in text:
        return text
    return " ".join([text, *(p.tobytes().hex() for p in params)])
