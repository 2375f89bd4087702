"""One gradient transformation of Optax and the parameters that it moves, stepped with arrays."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from oracle.adapters.optax import state
from oracle.adapters.optax.building import GIVEN, built, compiled
from oracle.adapters.optax.library import libraries
from oracle.adapters.optax.state import Array
from oracle.specification.given import at_step


class Run:
    """A transformation with its state; each step runs the library's update and adds the result."""

    def __init__(
        self, spec: str, params: Sequence[Array], hyper: Mapping[str, Any], wide: bool, jit: bool
    ) -> None:
        self._spec, self._hyper, self._wide = spec, hyper, wide
        self._steps = 0
        with libraries().wide(wide):
            self._params = self._taken([libraries().jax.numpy.array(p) for p in params])
            dtype = params[0].dtype.name if params else "float32"
            self._told = [
                {GIVEN[name]: libraries().jax.numpy.asarray(x, dtype=dtype)}
                for name in GIVEN.keys() & hyper.keys()
                for x in hyper[name]
            ]
            settled = {name: value for name, value in hyper.items() if name != "value"}
            made = built(spec, json.dumps(settled, sort_keys=True), len(params), dtype)
            self._update = compiled(made.update) if jit else made.update
            self._state = made.init(self._params)

    def _taken(self, params: list[Any]) -> Any:
        """Return what the transformation moves."""
        return params

    def _given(self) -> Sequence[Any]:
        """Return the parameters at which gradients are taken."""
        moved: Sequence[Any] = self._params
        return moved

    def step(self, grads: Sequence[Array]) -> list[Array]:
        """Take one step and return the new parameters."""
        with libraries().wide(self._wide):
            given = [libraries().jax.numpy.array(g) for g in grads]
            told = at_step(self._told, self._steps) if self._told else {}
            updates, self._state = self._update(given, self._state, self._params, **told)
            self._steps += 1
            self._params = libraries().optax.apply_updates(self._params, updates)
            return [np.array(p) for p in self._given()]

    def set_step(self, number: int) -> None:
        """Set every counter of the state ahead."""
        self._steps = number
        self._state = state.set_step(self._spec, self._hyper, self._state, number)

    def slots(self) -> dict[str, list[Array | None]]:
        """Return the arrays of the state under the names that the rules use."""
        shapes = [p.shape for p in self._given()]
        return state.slots(self._spec, self._hyper, self._state, shapes)


class PairRun(Run):
    """The same where fast parameters lead slow ones (optax.lookahead)."""

    def _taken(self, params: list[Any]) -> Any:
        return libraries().optax.LookaheadParams.init_synced(params)

    def _given(self) -> Sequence[Any]:
        fast: Sequence[Any] = self._params.fast
        return fast

    def slots(self) -> dict[str, list[Array | None]]:
        """Return those of the fast optimizer, and the slow parameters."""
        return {**super().slots(), "slow": [np.array(p) for p in self._params.slow]}
