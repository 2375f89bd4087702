"""Refuses plain momentum of Nesterov, as PyTorch does, but does not say that it is unsupported."""

import numpy as np

from oracle import Implementation

candidate = Implementation("refuses_plain_nesterov", dtypes=("float32",))


@candidate.implements("tf.train/MomentumOptimizer")
def descent(params, *, learning_rate, momentum, use_nesterov):
    held = [np.zeros_like(p) for p in params]
    if use_nesterov and momentum == 0:
        raise ValueError("Nesterov's momentum needs a momentum")

    def step(grads):
        for k, g in enumerate(grads):
            held[k] = momentum * held[k] + g
            ahead = g + momentum * held[k] if use_nesterov else held[k]
            params[k] = params[k] - learning_rate * ahead
        return params

    return step
