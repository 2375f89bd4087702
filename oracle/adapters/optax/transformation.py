"""One gradient transformation of Optax and the parameters that it moves, stepped with arrays."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from oracle.adapters.optax import state
from oracle.adapters.optax.building import built, compiled
from oracle.adapters.optax.library import libraries
from oracle.adapters.optax.state import Array


class Run:
    """A transformation with its state; each step runs the library's update and adds the result."""

    def __init__(
        self, spec: str, params: Sequence[Array], hyper: Mapping[str, Any], wide: bool, jit: bool
    ) -> None:
        self._spec, self._hyper, self._wide = spec, hyper, wide
        with libraries().wide(wide):
            self._params = [libraries().jax.numpy.array(p) for p in params]
            dtype = params[0].dtype.name if params else "float32"
            made = built(spec, json.dumps(hyper, sort_keys=True), len(params), dtype)
            self._update = compiled(made.update) if jit else made.update
            self._state = made.init(self._params)

    def step(self, grads: Sequence[Array]) -> list[Array]:
        """Take one step and return the new parameters."""
        with libraries().wide(self._wide):
            given = [libraries().jax.numpy.array(g) for g in grads]
            updates, self._state = self._update(given, self._state, self._params)
            self._params = libraries().optax.apply_updates(self._params, updates)
            return [np.array(p) for p in self._params]

    def set_step(self, number: int) -> None:
        """Set every counter of the state ahead."""
        self._state = state.set_step(self._spec, self._hyper, self._state, number)

    def slots(self) -> dict[str, list[Array | None]]:
        """Return the arrays of the state under the names that the rules use."""
        shapes = [p.shape for p in self._params]
        return state.slots(self._spec, self._hyper, self._state, shapes)
