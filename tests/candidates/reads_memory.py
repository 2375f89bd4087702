"""Reads gradients byte by byte as they lie in memory, in whatever order that is."""

import numpy as np

from oracle import Implementation

candidate = Implementation("reads_memory", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate):
    current = [p.copy() for p in params]

    def step(grads):
        for k, g in enumerate(grads):
            read = np.frombuffer(g.tobytes("A"), g.dtype).reshape(g.shape)
            current[k] = current[k] - g.dtype.type(learning_rate) * read
        return current

    return step
