"""An optimizer that is handed its gradients as TensorFlow's slices, as an embedding gives them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from oracle.adapters.keras.library import Libraries
from oracle.adapters.keras.optimizer import KerasOptimizer
from oracle.adapters.keras.slots import Array


class SlicedOptimizer(KerasOptimizer):
    """A Keras optimizer on TensorFlow whose gradients are slices: all rows, the last one first.

    To Keras these are the same gradients, so that every number is that of whole ones. No row occurs
    twice; where nothing is clipped, those that are 0 are left out, if there are others.
    """

    def __init__(
        self,
        at: Libraries,
        optimizer: Any,
        params: Sequence[Array],
        excluded: Sequence[int] = (),
        *,
        clips: bool,
    ) -> None:
        super().__init__(at, optimizer, params, excluded)
        self._clips = clips

    def gradient(self, values: Array) -> Any:
        """Return the rows of a gradient; what has no rows is whole."""
        if values.ndim == 0:
            return super().gradient(values)
        tensorflow = self._at.native
        there = values.any(axis=tuple(range(1, values.ndim)))
        rows = np.flatnonzero(there | self._clips | ~there.any())[::-1]
        return tensorflow.IndexedSlices(
            super().gradient(values[rows]),
            tensorflow.constant(rows.copy(), "int64"),
            tensorflow.constant(values.shape, "int64"),
        )
