"""Keeps the velocities of all its optimizers in one place; the last one built starts it anew."""

import numpy as np

from oracle import Implementation

candidate = Implementation("shares_its_velocity", dtypes=("float32",))
velocity = []


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate, momentum):
    velocity[:] = [np.zeros_like(p) for p in params]
    current = list(params)

    def step(grads):
        for k, g in enumerate(grads):
            number = g.dtype.type
            velocity[k] = number(momentum) * velocity[k] - number(learning_rate) * g
            current[k] = current[k] + velocity[k]
        return current

    return step
