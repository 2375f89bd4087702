"""What a trajectory starts from and is driven by, checked against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.errors import ShapeError
from oracle.sparse import Sparse
from oracle.specification.checks import real
from oracle.specification.sparse import Places
from oracle.specification.spec import Spec

Gradients: TypeAlias = Sequence[Sequence[Any]]
"""One list for each step, with one array (or `Sparse`, or None) for each parameter."""

Array: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True)
class Layers:
    """A sparse gradient as arrays in the shape of its parameter, which add up to it."""

    arrays: tuple[Array, ...]
    places: Places

    @property
    def ndim(self) -> int:
        """The number of axes of the parameter."""
        return self.places.row_of.ndim

    @property
    def size(self) -> int:
        """The number of elements of the parameter."""
        return self.places.row_of.size


Given: TypeAlias = "Array | Layers"
"""A gradient that is there."""


@dataclass(frozen=True)
class Problem:
    """Parameters, and for each step a gradient (or None) for each of them."""

    params: tuple[Array, ...]
    grads: tuple[tuple[Given | None, ...], ...]

    @classmethod
    def checked(cls, spec: Spec, params: Sequence[Any], grads: Gradients) -> Problem:
        """Check every gradient against its parameter; raises `ShapeError` with one sentence."""
        if not _is_list(params) or not _is_list(grads):
            raise ShapeError("params and grads must be lists: of arrays, and of lists of arrays")
        starts = tuple(_numbers(p, f"parameter {k}") for k, p in enumerate(params))
        steps = []
        for t, step in enumerate(grads, 1):
            if not _is_list(step):
                raise ShapeError(f"step {t}: the gradients must be a list, one for each parameter")
            if len(step) != len(starts):
                raise ShapeError(
                    f"step {t} has {len(step)} gradients for {len(starts)} parameters: "
                    "give one for each, None where there is none"
                )
            arrays = tuple(
                _gradient(spec, g, p, f"step {t}: gradient {k}")
                for k, (g, p) in enumerate(zip(step, starts, strict=True))
            )
            spec.system.check_gradients(arrays, t)
            steps.append(arrays)
        return cls(starts, tuple(steps))


def _gradient(spec: Spec, given: Any, param: Array, name: str) -> Given | None:
    """Return a gradient, checked against its parameter."""
    if isinstance(given, Sparse):
        if spec.sparse is None:
            raise ShapeError(f"{name} is sparse: {spec.id} takes dense gradients only")
        return _layers(given, param.shape, name)
    gradient = None if given is None else _numbers(given, name)
    if gradient is not None and gradient.shape != param.shape:
        raise ShapeError(f"{name} has shape {gradient.shape}, its parameter {param.shape}")
    return gradient


def _layers(given: Sparse, shape: tuple[int, ...], name: str) -> Layers:
    """Return a sparse gradient, checked against the shape of its parameter."""
    if not shape:
        raise ShapeError(f"{name} is sparse, and its parameter has no rows: its shape is ()")
    values, indices = _numbers(given.values, f"{name}: values"), np.asarray(given.indices)
    if indices.ndim != 1 or (indices.size and indices.dtype.kind not in "iu"):
        raise ShapeError(f"{name}: indices must be a list of whole numbers, one for each row")
    for index in indices[(indices < 0) | (indices >= shape[0])]:
        raise ShapeError(f"{name}: index {index} is not a row of a parameter of shape {shape}")
    if values.shape != (indices.size, *shape[1:]):
        raise ShapeError(
            f"{name}: values have shape {values.shape} where {indices.size} rows of a parameter of "
            f"shape {shape} make {(indices.size, *shape[1:])}"
        )
    rows = tuple(indices.astype(np.intp).tolist())
    return Layers(tuple(Sparse(indices, values).layers(shape)), Places(rows, _row_of(shape)))


def _row_of(shape: tuple[int, ...]) -> npt.NDArray[np.intp]:
    """Return in the shape of a parameter which row each of its elements is in."""
    column = np.arange(shape[0]).reshape(-1, *(1 for _ in shape[1:]))
    return np.broadcast_to(column, shape)


def _is_list(value: Any) -> bool:
    return isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, (str, bytes))


def _numbers(value: Any, name: str) -> npt.NDArray[Any]:
    """Return ``value`` as a new array of real numbers; bounds are computed later, from the same."""
    try:
        array = np.array(value)
    except ValueError:
        raise ShapeError(f"{name} is ragged: all rows must have the same length") from None
    if array.dtype.kind in "OU":
        fits = all(real(element) is None for element in array.flat)
    else:
        small_enough = array.dtype.kind in "iubfV" and array.dtype.itemsize <= 8
        fits = small_enough and np.can_cast(array.dtype, np.float64, "same_kind")
    if not fits:
        raise ShapeError(
            f"{name} has dtype {array.dtype}: give floats, integers or decimal strings"
        )
    return array
