"""Steps that are taken off the parameter in parts, as PyTorch's are."""

import numpy as np

from oracle import Implementation

mine = Implementation("mine", dtypes=("float16", "float32", "float64"))


@mine.implements("tf.contrib.opt/NadamOptimizer")
def tf_nadam(params, *, learning_rate, beta1, beta2, epsilon):
    m, v = [[np.zeros_like(p) for p in params] for _ in range(2)]
    t = 0

    def step(grads):
        nonlocal t
        t += 1
        rate = learning_rate * (1 - beta2**t) ** 0.5 / (1 - beta1**t)
        for k, g in enumerate(grads):
            m[k] = beta1 * m[k] + (1 - beta1) * g
            v[k] = beta2 * v[k] + (1 - beta2) * g * g
            d = np.sqrt(v[k]) + epsilon
            params[k] = params[k] - rate * beta1 * m[k] / d
            params[k] = params[k] - rate * (1 - beta1) * g / d
        return params

    return step


@mine.implements("keras3/Nadam")
def nadam(params, *, learning_rate, beta_1, beta_2, epsilon):
    m, v = [[np.zeros_like(p) for p in params] for _ in range(2)]
    t, product = 0, 1.0

    def step(grads):
        nonlocal t, product
        t += 1
        now, then = (beta_1 * (1 - 0.5 * 0.96**n) for n in (t, t + 1))
        product *= now
        of_g = learning_rate * (1 - now) / (1 - product)
        of_m = learning_rate * then / (1 - product * then)
        for k, g in enumerate(grads):
            m[k] = beta_1 * m[k] + (1 - beta_1) * g
            v[k] = beta_2 * v[k] + (1 - beta_2) * g * g
            d = np.sqrt(v[k] / (1 - beta_2**t)) + epsilon
            params[k] = params[k] - of_g * (g / d)
            params[k] = params[k] - of_m * (m[k] / d)
        return params

    return step


@mine.implements("keras3/SGD")
def sgd(params, *, learning_rate, momentum=0.0, nesterov=False):
    b = [np.zeros_like(p) for p in params]

    def step(grads):
        for k, g in enumerate(grads):
            b[k] = momentum * b[k] + g
            if nesterov:
                params[k] = params[k] - learning_rate * momentum * b[k]
                params[k] = params[k] - learning_rate * g
            else:
                params[k] = params[k] - learning_rate * b[k]
        return params

    return step
