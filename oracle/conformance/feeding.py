"""In which arrays a candidate is given its numbers, and what becomes of the arrays afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.sparse import Sparse

Numbers: TypeAlias = npt.NDArray[Any]
Row: TypeAlias = "list[Numbers | Sparse | None]"
"""The gradients of one step."""


class Feeding:
    """New arrays for every step, which nobody else touches: what every other way starts from."""

    def params(self, arrays: list[Numbers]) -> list[Numbers]:
        """Return the arrays in which the parameters are handed over, once."""
        return arrays

    def grads(self, row: Row) -> Row:
        """Return the arrays in which the gradients of a step are handed over."""
        return row

    def after(self, row: Row) -> None:
        """Do with a step's gradients what happens once the step has returned."""


class Refilled(Feeding):
    """The gradients of every step in the arrays of the last one, as frameworks keep buffers."""

    def __init__(self) -> None:
        self._row: Row = []

    def grads(self, row: Row) -> Row:
        """Fill the arrays that are there; what has no array of its shape keeps its own."""
        self._row.extend(None for _ in row[len(self._row) :])
        for k, new in enumerate(row):
            held = self._row[k]
            if _fits(held, new):
                for old, array in zip(_arrays(held), _arrays(new), strict=True):
                    np.copyto(old, array)
            else:
                self._row[k] = new
        return self._row


class Overwritten(Feeding):
    """Gradients that turn to NaN as soon as the step has returned."""

    def after(self, row: Row) -> None:
        """Write NaN over the numbers; the indices of rows stay, as no NaN is an index."""
        for gradient in row:
            if gradient is not None:
                _arrays(gradient)[0].fill(np.nan)


def _arrays(gradient: Numbers | Sparse | None) -> list[Numbers]:
    if isinstance(gradient, Sparse):
        return [gradient.values, gradient.indices]
    return [] if gradient is None else [gradient]


def _fits(held: Numbers | Sparse | None, new: Numbers | Sparse | None) -> bool:
    shapes = [[array.shape for array in _arrays(gradient)] for gradient in (held, new)]
    return shapes[0] == shapes[1] and bool(shapes[0])


Lay: TypeAlias = Callable[[Numbers], Numbers]
"""Returns an array of the same numbers that lies otherwise in memory."""


class Laid(Feeding):
    """Parameters and gradients that lie in memory in ways of their own."""

    def __init__(self, params: Sequence[Lay], grads: Sequence[Lay]) -> None:
        self._params = params
        self._grads = grads

    def params(self, arrays: list[Numbers]) -> list[Numbers]:
        """Lay each parameter in its way."""
        return [lay(array) for lay, array in zip(self._params, arrays, strict=True)]

    def grads(self, row: Row) -> Row:
        """Lay each gradient in its way; a sparse one is handed over as it is."""
        return [
            lay(gradient) if isinstance(gradient, np.ndarray) else gradient
            for lay, gradient in zip(self._grads, row, strict=True)
        ]
