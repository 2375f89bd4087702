"""Arrays in messages, for Python 3.7: ``{"shape": [2, 3], "data": [...]}``."""

import math

import numpy as np

SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def decoded(tensor, dtype):
    """Return the array of a message; null is a gradient that is missing."""
    if tensor is None:
        return None
    data = [SPECIAL.get(x, x) if isinstance(x, str) else x for x in tensor["data"]]
    return np.array(data, dtype="float64").astype(dtype).reshape(tensor["shape"])


def encoded(array):
    """Return an array as JSON has it."""
    if array is None:
        return None
    wide = np.asarray(array).astype("float64")
    data = [x if math.isfinite(x) else str(x) for x in wide.ravel().tolist()]
    return {"shape": list(wide.shape), "data": data}
