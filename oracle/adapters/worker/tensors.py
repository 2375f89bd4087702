"""Arrays in messages: ``{"shape": [2, 3], "data": [...]}``, each number at its exact value."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from oracle.dtypes import float_type
from oracle.errors import CandidateError
from oracle.sparse import Sparse

_DIGITS = {"float16": 5, "bfloat16": 4, "float32": 9, "float64": 17}
"""Decimal digits that tell any two numbers of a dtype apart; so few may stand for the nearest."""

_SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def encoded(array: npt.NDArray[Any] | None) -> dict[str, Any] | None:
    """Return an array as JSON has it; None stays None."""
    if array is None:
        return None
    wide = np.asarray(array).astype(np.float64)
    data: list[Any] = wide.ravel().tolist()
    if not np.isfinite(wide).all():
        data = [x if math.isfinite(x) else str(x) for x in wide.ravel().tolist()]
    return {"shape": list(wide.shape), "data": data}


def arguments_encoded(hyper: Mapping[str, Any]) -> dict[str, Any]:
    """Return hyperparameters as JSON has them: an infinite one is a string."""
    return {name: str(v) if v in (math.inf, -math.inf) else v for name, v in hyper.items()}


def gradient_encoded(gradient: npt.NDArray[Any] | Sparse | None) -> dict[str, Any] | None:
    """Return a gradient as JSON has it: a tensor, the rows of a sparse one, or null."""
    if isinstance(gradient, Sparse):
        return {"indices": gradient.indices.tolist(), "values": encoded(gradient.values)}
    return encoded(gradient)


def decoded(value: Any, dtype: str, where: str) -> npt.NDArray[Any]:
    """Return the array of a message; raises `CandidateError` for what is none in ``dtype``."""
    if not isinstance(value, Mapping) or set(value) != {"shape", "data"}:
        raise CandidateError(f'{where} is not {{"shape": [...], "data": [...]}}')
    shape, data = value["shape"], value["data"]
    if not _are_sizes(shape) or not isinstance(data, list):
        raise CandidateError(f"{where}: shape and data must be lists, shape one of sizes")
    if len(data) != math.prod(shape):
        raise CandidateError(f"{where} has {len(data)} numbers for the shape {tuple(shape)}")
    try:
        wide = np.array([_SPECIAL.get(x, x) if isinstance(x, str) else x for x in data], np.float64)
    except (TypeError, ValueError):
        raise CandidateError(
            f"{where} holds something that is neither a number nor 'nan', 'inf' or '-inf'"
        ) from None
    with np.errstate(over="ignore"):
        array = wide.astype(float_type(dtype).numpy)
    changed = ~((array.astype(np.float64) == wide) | np.isnan(wide))
    for number in wide[changed].tolist():
        if _digits(number) > _DIGITS[dtype]:
            raise CandidateError(f"{where} holds {number!r}, which is no {dtype}")
    return array.reshape(shape)


def _digits(number: float) -> int:
    """Count the significant digits of the shortest decimal that means a float64."""
    return len(repr(number).partition("e")[0].replace(".", "").strip("-0"))


def _are_sizes(shape: Any) -> bool:
    return isinstance(shape, Sequence) and all(isinstance(n, int) and n >= 0 for n in shape)
