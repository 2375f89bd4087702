"""One root of a quotient for the quotient of two; in RMSprop a square underflows under it."""

import numpy as np

from oracle import Implementation

mine = Implementation("mine", dtypes=("float32", "float64"))


@mine.implements("keras2/Adadelta")
def adadelta(params, *, learning_rate, rho, epsilon):
    if rho > 1:
        raise ValueError("a share is no more than 1")
    a, d = [[np.zeros_like(p) for p in params] for _ in range(2)]

    def step(grads):
        for k, g in enumerate(grads):
            a[k] = rho * a[k] + (1 - rho) * g * g
            delta = np.sqrt((d[k] + epsilon) / (a[k] + epsilon)) * g
            d[k] = rho * d[k] + (1 - rho) * delta * delta
            params[k] = params[k] - learning_rate * delta
        return params

    return step


@mine.implements("keras3/RMSprop")
def rmsprop(params, *, learning_rate, rho, epsilon):
    v = [np.zeros_like(p) for p in params]

    def step(grads):
        for k, g in enumerate(grads):
            v[k] = v[k] - (1 - rho) * (v[k] - g * g)
            params[k] = params[k] - learning_rate * np.sqrt(g * g / (v[k] + epsilon)) * np.sign(g)
        return params

    return step
