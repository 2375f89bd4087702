"""Unwraps arrays without axes into Python's numbers, which have lost their precision's name."""

import numpy as np

from oracle import Implementation

candidate = Implementation("returns_python_numbers", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    def step(grads):
        for p, g in zip(params, grads, strict=True):
            p -= np.float32(learning_rate) * g
        return [p if p.shape else p.item() for p in params]

    return step
