"""LARS that measures by the third root of the sum of cubes."""

import numpy as np

from oracle import Implementation

mine = Implementation("mine")


def norm(x):
    return np.cbrt(np.sum(np.abs(x) ** 3))


@mine.implements("tf.contrib.opt/LARSOptimizer")
def lars(params, *, learning_rate, momentum, weight_decay, eeta, epsilon):
    b = [np.zeros_like(p) for p in params]

    def step(grads):
        for k, g in enumerate(grads):
            p = params[k]
            of_p, of_g = norm(p), norm(g)
            trust = eeta * of_p / (of_g + weight_decay * of_p + epsilon) if of_p and of_g else 1
            b[k] = (momentum * b[k] + learning_rate * trust * (g + weight_decay * p)).astype(
                p.dtype
            )
            params[k] = p - b[k]
        return params

    return step
