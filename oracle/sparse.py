"""Sparse gradients: some rows of a parameter, each perhaps several times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Values: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Sparse:
    """A gradient for some rows of its parameter: TensorFlow's ``IndexedSlices``.

    ``indices`` has shape (n,), whole numbers from 0 to rows - 1; ``values`` has shape (n, ...), the
    rest being the shape of one row. A row may occur several times; what its occurrences come to is
    their sum, and how the library gets there is part of its spec.
    """

    indices: Any
    values: Any

    def map(self, change: Callable[[Any], Any]) -> Sparse:
        """Return the same rows with changed values."""
        return Sparse(self.indices, change(self.values))

    def layers(self, shape: tuple[int, ...]) -> list[Values]:
        """Return arrays of the parameter's ``shape`` that add up to the gradient.

        The first holds the first occurrence of each row, the second the second, and so on; there
        is always one.
        """
        indices, values = np.asarray(self.indices, np.intp), np.asarray(self.values)
        seen: dict[int, int] = {}
        layers = [_zeros(shape, values.dtype)]
        for row, value in zip(indices.tolist(), values, strict=True):
            number = seen.get(row, 0)
            seen[row] = number + 1
            if number == len(layers):
                layers.append(_zeros(shape, values.dtype))
            layers[number][row] = value
        return layers

    def touched(self, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
        """Return, in the parameter's ``shape``, which elements are in a row that occurs."""
        mask = np.zeros(shape, dtype=bool)
        mask[np.asarray(self.indices, np.intp)] = True
        return mask

    def dense(self, shape: tuple[int, ...]) -> Values:
        """Return the whole gradient, the occurrences of a row added up."""
        total: Values = np.sum(self.layers(shape), axis=0)
        return total


def _zeros(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Values:
    """Return zeros beside which decimal strings may stand."""
    return np.zeros(shape, dtype=object if dtype.kind in "OU" else dtype)
