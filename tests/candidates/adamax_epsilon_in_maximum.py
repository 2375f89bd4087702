"""Adamax with epsilon inside the maximum, as PyTorch and Optax have it."""

import numpy as np

from oracle import Implementation

mine = Implementation("mine", dtypes=("float64",))


@mine.implements("keras2/Adamax")
def adamax(params, *, learning_rate, beta_1, beta_2, epsilon):
    m, u = [[np.zeros_like(p) for p in params] for _ in range(2)]
    t = 0

    def step(grads):
        nonlocal t
        t += 1
        for k, g in enumerate(grads):
            m[k] = beta_1 * m[k] + (1 - beta_1) * g
            u[k] = np.maximum(beta_2 * u[k], abs(g) + epsilon)
            params[k] = params[k] - learning_rate / (1 - beta_1**t) * m[k] / u[k]
        return params

    return step
