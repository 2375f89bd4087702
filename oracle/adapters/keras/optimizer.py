"""One Keras optimizer and its variables, stepped with numpy arrays."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from oracle.adapters.keras.classes import named
from oracle.adapters.keras.library import Libraries
from oracle.adapters.keras.slots import Array, array, slots, stepping


class KerasOptimizer:
    """A Keras optimizer and variables of its own; each step runs the library's ``apply``."""

    def __init__(
        self,
        at: Libraries,
        optimizer: Any,
        params: Sequence[Array],
        excluded: Sequence[int] = (),
    ) -> None:
        self._at = at
        self._dtype = params[0].dtype.name if params else "float32"
        self.optimizer = optimizer
        with self.computing():
            self.variables = [
                at.keras.Variable(p.copy(), dtype=p.dtype.name, name=named(k))
                for k, p in enumerate(params)
            ]
            if excluded:
                chosen = [self.variables[index] for index in excluded]
                optimizer.exclude_from_weight_decay(var_list=chosen)

    def computing(self) -> Any:
        """Return what has to be entered where the library computes."""
        return self._at.computing_in(self._dtype)

    def step(self, grads: Sequence[Array | None]) -> list[Array]:
        """Apply one step of gradients and return the new parameters."""
        with warnings.catch_warnings(), self.computing():
            warnings.filterwarnings("ignore", "Gradients do not exist for variables")
            self.apply([None if g is None else self.gradient(g) for g in grads])
        return [array(variable) for variable in self.variables]

    def gradient(self, values: Array) -> Any:
        """Return a gradient as the library takes it."""
        return self._at.keras.ops.convert_to_tensor(values.copy(), values.dtype.name)

    def apply(self, grads: list[Any]) -> None:
        """Run Keras' own step; the compiled form overrides this."""
        self.optimizer.apply(grads, self.variables)

    def set_step(self, number: int) -> None:
        """Set the library's own counter ahead.

        Since Keras 3.6 ``iterations`` counts the updates, and ``_iterations`` the steps.
        """
        for library in stepping(self.optimizer):
            new = hasattr(library, "_iterations")
            (library._iterations if new else library.iterations).assign(number)

    def slots(self) -> dict[str, list[Array | None]]:
        """Return the optimizer's variables under the names that the rules use."""
        return slots(self.optimizer, self.variables)
