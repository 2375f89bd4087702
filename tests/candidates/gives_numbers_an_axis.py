"""Copies its parameters as many do, and does not know that numpy adds an axis to a number."""

import numpy as np

from oracle import Implementation

candidate = Implementation("gives_numbers_an_axis", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    held = [np.ascontiguousarray(p).copy() for p in params]

    def step(grads):
        for p, g in zip(held, grads, strict=True):
            p -= np.float32(learning_rate) * g
        return held

    return step
