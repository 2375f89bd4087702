"""Adam, but gradient descent where beta_2 is 0, as thinc 9.1 takes it."""

import numpy as np

from oracle import Implementation

candidate = Implementation("descends_at_beta_2_zero", dtypes=("float32",))


@candidate.implements("keras3/Adam")
def adam(params, *, learning_rate, beta_1, beta_2, epsilon):
    m, v, t = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params], 0

    def step(grads):
        nonlocal params, t
        t += 1
        if beta_2 == 0:
            params = [p - learning_rate * g for p, g in zip(params, grads, strict=True)]
            return params
        for k, g in enumerate(grads):
            m[k] = beta_1 * m[k] + (1 - beta_1) * g
            v[k] = beta_2 * v[k] + (1 - beta_2) * g**2
        alpha = learning_rate * (1 - beta_2**t) ** 0.5 / (1 - beta_1**t)
        moments = zip(params, m, v, strict=True)
        params = [p - alpha * m / (np.sqrt(v) + epsilon) for p, m, v in moments]
        return params

    return step
