"""Gradients that are averaged over steps otherwise than by dividing their sum."""

import numpy as np

from oracle import Implementation

mine = Implementation("mine", dtypes=("float16", "float32", "float64"))


def in_parts(held, g, count, group):
    return held + g / group


def running(held, g, count, group):
    return held + (g - held) / count


def accumulating(average):
    def sgd(params, *, learning_rate=0.01, gradient_accumulation_steps=None):
        group = gradient_accumulation_steps or 1
        means, count = [np.zeros_like(p) for p in params], 0

        def step(grads):
            nonlocal count
            count += 1
            for k, g in enumerate(grads):
                means[k] = average(means[k], g, count, group).astype(g.dtype)
                if count == group:
                    params[k] = params[k] - learning_rate * means[k]
                    means[k] = np.zeros_like(g)
            count %= group
            return params

        return step

    return sgd


for form in (in_parts, running):
    mine.implements("keras3/SGD", mode=form.__name__)(accumulating(form))
