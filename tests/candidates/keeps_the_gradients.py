"""Adds a gradient to its velocity one step late, from the array that it was given then."""

import numpy as np

from oracle import Implementation

candidate = Implementation("keeps_the_gradients", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate, momentum):
    rate, share = np.float32(learning_rate), np.float32(momentum)
    current = list(params)
    before, kept = [np.zeros_like(p) for p in params], None

    def step(grads):
        nonlocal before, kept
        if kept is not None:
            before = [share * v - rate * g for v, g in zip(before, kept, strict=True)]
        kept = list(grads)
        for k, g in enumerate(grads):
            current[k] = current[k] + (share * before[k] - rate * g)
        return current

    return step
