"""Arrays in messages, for Python 3.7: ``{"shape": [2, 3], "data": [...]}``."""

import math

import numpy as np

SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def decoded(tensor, dtype):
    """Return the array of a message; null is none."""
    if tensor is None:
        return None
    data = [SPECIAL.get(x, x) if isinstance(x, str) else x for x in tensor["data"]]
    return np.array(data, dtype="float64").astype(dtype).reshape(tensor["shape"])


def arguments(hyper):
    """Return the hyperparameters of a message; an infinite one is a string in it."""
    return {k: SPECIAL.get(v, v) if isinstance(v, str) else v for k, v in hyper.items()}


class SparseRows:
    """A sparse gradient: rows by index."""

    def __init__(self, indices, values):
        self.indices = indices
        self.values = values

    @classmethod
    def of_every_row(cls, gradient):
        """Return a dense gradient as one that is given row by row; a sparse one as it is."""
        if isinstance(gradient, cls):
            return gradient
        return cls(np.arange(len(gradient)), gradient)


def gradient(message, dtype):
    """Return the gradient of a message: an array, `SparseRows`, or None where there is none."""
    if is_sparse(message):
        indices = np.array(message["indices"], dtype="int64")
        return SparseRows(indices, decoded(message["values"], dtype))
    return decoded(message, dtype)


def is_sparse(message):
    """Whether the gradient of a message is sparse."""
    return message is not None and "indices" in message


def encoded(array):
    """Return an array as JSON has it."""
    if array is None:
        return None
    wide = np.asarray(array).astype("float64")
    data = [x if math.isfinite(x) else str(x) for x in wide.ravel().tolist()]
    return {"shape": list(wide.shape), "data": data}
