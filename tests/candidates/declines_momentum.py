"""Gradient descent that is right, and has no momentum."""

from oracle import Implementation
from oracle.errors import UnsupportedError

candidate = Implementation("declines_momentum")


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01, momentum=0.0):
    if momentum:
        raise UnsupportedError("there is no kernel for momentum")

    def step(grads):
        for k, g in enumerate(grads):
            params[k] = params[k] - params[k].dtype.type(learning_rate) * g
        return params

    return step
