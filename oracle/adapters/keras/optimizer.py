"""One Keras optimizer and its variables, stepped with numpy arrays."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from oracle.adapters.keras.classes import named
from oracle.adapters.keras.library import libraries
from oracle.adapters.keras.slots import Array, array, slots, stepping


class KerasOptimizer:
    """A Keras optimizer built on variables of its own; each step runs the library's ``apply``."""

    def __init__(self, optimizer: Any, params: Sequence[Array], excluded: Sequence[int] = ()):
        variable = libraries().keras.Variable
        self.variables = [
            variable(p.copy(), dtype=p.dtype.name, name=named(k)) for k, p in enumerate(params)
        ]
        self.optimizer = optimizer
        if excluded:
            chosen = [self.variables[index] for index in excluded]
            optimizer.exclude_from_weight_decay(var_list=chosen)

    def step(self, grads: Sequence[Array | None]) -> list[Array]:
        """Apply one step of gradients and return the new parameters."""
        tensor = libraries().tensorflow.constant
        tensors = [None if g is None else tensor(g.copy()) for g in grads]
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Gradients do not exist for variables")
            self.apply(tensors)
        return [array(variable) for variable in self.variables]

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
