"""One Keras optimizer and its variables, stepped with numpy arrays."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.adapters.keras.classes import BASE_SLOTS, CLASSES
from oracle.adapters.keras.hyperparameters import named
from oracle.adapters.keras.library import libraries

Array: TypeAlias = npt.NDArray[Any]


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
        return [_numpy(variable) for variable in self.variables]

    def apply(self, grads: list[Any]) -> None:
        """Run Keras' own step; the compiled form overrides this."""
        self.optimizer.apply(grads, self.variables)

    def set_step(self, number: int) -> None:
        """Set the library's own counter ahead.

        Since Keras 3.6 ``iterations`` counts the updates, and ``_iterations`` the steps.
        """
        library = self.optimizer
        counter = library._iterations if hasattr(library, "_iterations") else library.iterations
        counter.assign(number)

    def slots(self) -> dict[str, list[Array | None]]:
        """Return the optimizer's variables under the names that the rules use."""
        row = CLASSES.get(type(self.optimizer).__name__)
        names = {**(row.slots if row else {}), **BASE_SLOTS}
        found = {slot: self._slot(attribute) for slot, attribute in names.items()}
        return {slot: arrays for slot, arrays in found.items() if arrays}

    def _slot(self, attribute: str) -> list[Array | None]:
        held = getattr(self.optimizer, attribute, None)
        if held is None:
            return []
        if not isinstance(held, Sequence):
            return [_numpy(held) for _ in self.variables]
        return [self._of(k, variable) for k, variable in enumerate(held)]

    def _of(self, k: int, slot: Any) -> Array | None:
        """Return the slot of a parameter; where it has none, Adafactor keeps an integer."""
        there = slot is not None and slot.dtype == self.variables[k].dtype
        return _numpy(slot) if there else None


def _numpy(variable: Any) -> Array:
    return np.array(variable.numpy())
