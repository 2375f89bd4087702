"""Descent by a piecewise rate whose pieces are closures of one variable: the middle is the last."""

from functools import partial

import numpy as np

from oracle import Implementation

candidate = Implementation("binds_its_pieces_late", dtypes=("float32",), schedules=True)


def within(low, high, step):
    return low < step <= high


def piecewise(boundaries, values):
    pieces = [(lambda step: step <= boundaries[0], lambda: values[0])]
    for k in range(1, len(boundaries)):
        low, high = boundaries[k - 1], boundaries[k]
        pieces.append((partial(within, low, high), lambda: values[k]))  # noqa: B023 (what is wrong about it)
    pieces.append((lambda step: step > boundaries[-1], lambda: values[-1]))
    return lambda step: next(value() for holds, value in pieces if holds(step))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01, momentum=0.0):
    current = [p.copy() for p in params]
    velocity = [0 * p for p in params]
    rate = piecewise(**learning_rate["config"]) if isinstance(learning_rate, dict) else None
    done = 0

    def step(grads):
        nonlocal done
        now = rate(done) if rate else learning_rate
        done += 1
        for k, g in enumerate(grads):
            if g is not None:
                velocity[k] = np.float32(momentum) * velocity[k] - np.float32(now) * g
                current[k] = current[k] + velocity[k]
        return current

    return step
