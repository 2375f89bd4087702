"""What a case can show in a dtype: whether its inputs exist there, and whether it sees anything."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from oracle.dtypes import float_type
from oracle.golden.model import Case
from oracle.sparse import Sparse
from oracle.truth import Array

Tensors = Sequence["Array | Sparse | None"]


def carries(dtype: str, tensors: Sequence[Tensors]) -> bool:
    """Whether a dtype holds every number of these lists of tensors exactly."""
    kind = float_type(dtype)
    there = [t for group in tensors for t in group if t is not None]
    arrays = [t.values if isinstance(t, Sparse) else t for t in there]
    numbers = np.concatenate([array.ravel() for array in arrays])
    return np.array_equal(kind.round(numbers), numbers, equal_nan=True)


def sees(case: Case, dtype: str) -> bool:
    """Whether a case holds a candidate in ``dtype`` to at least half of what moves.

    One element in view of fourteen would count the dtype as examined and let nearly any error
    pass; such a dtype is left out of the case.
    """
    moved, seen = movement(case, dtype)
    return seen > 0 and 2 * seen >= moved


def movement(case: Case, dtype: str) -> tuple[int, int]:
    """Count the parameter elements that leave their start, and those of them in view.

    In view is an element whose bound is smaller than its way from the start, or whose answer is
    not finite and has to be met exactly.
    """
    moved = seen = 0
    for record in case.recorded(dtype):
        for start, interval in zip(case.params, record.params, strict=True):
            exact, bound = interval.truth.hi, interval.bound
            with np.errstate(invalid="ignore"):
                way = np.abs(exact - start)
            infinite = ~np.isfinite(exact)
            moved += int(np.sum((way > 0) | infinite))
            seen += int(np.sum((bound < way) | (infinite & (bound == 0))))
    return moved, seen
