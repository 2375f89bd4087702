"""SGD that keeps the mean of its gradients in float32, whatever they come in, as Optax does."""

import numpy as np

from oracle import Implementation

mine = Implementation("mine", dtypes=("float64",))


@mine.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01, gradient_accumulation_steps=None):
    group = gradient_accumulation_steps or 1
    means, count = [np.zeros(p.shape, np.float32) for p in params], 0

    def step(grads):
        nonlocal count
        count += 1
        for k, g in enumerate(grads):
            mean = means[k] + (g - means[k]) / count
            params[k] = params[k] - learning_rate * mean * (count == group)
            means[k] = (mean * (count < group)).astype(np.float32)
        count %= group
        return params

    return step
