"""Which gradients a spec takes, where the library itself refuses some."""

from __future__ import annotations

import numpy as np

from oracle.errors import ShapeError
from oracle.specification.spec import Spec


def takes_shape(spec: Spec, shape: tuple[int, ...]) -> bool:
    """Whether a parameter may have ``shape``."""
    try:
        spec.system.check_gradients([np.zeros(shape)], 1)
    except ShapeError:
        return False
    return True


def of_size(spec: Spec, size: int) -> tuple[int, ...]:
    """Return the shape of a vector, or of a matrix with one row where the spec takes no vector."""
    return (size,) if takes_shape(spec, (size,)) else (1, size)


def takes_missing(spec: Spec) -> bool:
    """Whether a parameter beside others may have no gradient."""
    try:
        spec.system.check_gradients([np.zeros(of_size(spec, 1)), None], 1)
    except ShapeError:
        return False
    return True
