"""Adadelta that divides by the mean square of the steps before, as TensorFlow.js does."""

import numpy as np

from oracle import Implementation

mine = Implementation("mine")


@mine.implements("keras2/Adadelta")
def adadelta(params, *, learning_rate, rho, epsilon):
    a, d = [[np.zeros_like(p) for p in params] for _ in range(2)]

    def step(grads):
        for k, g in enumerate(grads):
            delta = np.sqrt(d[k] + epsilon) / np.sqrt(a[k] + epsilon) * g
            a[k] = rho * a[k] + (1 - rho) * g * g
            d[k] = rho * d[k] + (1 - rho) * delta * delta
            params[k] = params[k] - learning_rate * delta
        return params

    return step
