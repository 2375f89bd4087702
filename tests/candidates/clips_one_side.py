"""Clips gradients from above and forgets the other side; never asks for a norm that is a number."""

import numpy as np

from oracle import Implementation

candidate = Implementation("clips_one_side", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01, clipvalue=None, clipnorm=None):
    current = [p.copy() for p in params]

    def clipped(g):
        if clipvalue is not None:
            return np.fmin(g, g.dtype.type(clipvalue))
        if clipnorm is not None:
            norm = np.sqrt(np.nansum(g * g))
            return g if norm <= clipnorm else g * (g.dtype.type(clipnorm) / norm)
        return g

    def step(grads):
        for k, g in enumerate(grads):
            if g is not None:
                current[k] = current[k] - current[k].dtype.type(learning_rate) * clipped(g)
        return current

    return step
