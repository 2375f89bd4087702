"""Numpy arrays as tensors of their own, and tensors as arrays; bfloat16 by its bits."""

from __future__ import annotations

from typing import Any, TypeAlias

import ml_dtypes
import numpy as np
import numpy.typing as npt

from oracle.adapters.torch.library import library
from oracle.sparse import Sparse

Array: TypeAlias = npt.NDArray[Any]


def tensor(array: Array) -> Any:
    """Return a tensor with a memory of its own."""
    torch = library()
    if array.dtype == ml_dtypes.bfloat16:
        return torch.tensor(array.view(np.int16)).view(torch.bfloat16)
    return torch.tensor(array)


def sparse(gradient: Array | Sparse, shape: tuple[int, ...]) -> Any:
    """Return a sparse tensor; an array as one in which all of its rows occur."""
    torch = library()
    if isinstance(gradient, Sparse):
        rows = torch.tensor(np.asarray(gradient.indices, np.int64))[None]
        return torch.sparse_coo_tensor(rows, tensor(gradient.values), shape)
    if not shape:
        nowhere = torch.zeros((0, 1), dtype=torch.int64)
        return torch.sparse_coo_tensor(nowhere, tensor(gradient)[None], shape)
    return torch.sparse_coo_tensor(torch.arange(shape[0])[None], tensor(gradient), shape)


def array(tensor: Any) -> Array:
    """Return a copy of the numbers of a tensor."""
    torch, held = library(), tensor.detach().cpu()
    if held.dtype == torch.bfloat16:
        return np.array(held.view(torch.int16).numpy()).view(ml_dtypes.bfloat16)
    return np.array(held.numpy())
