"""Gradient descent that is right on the cpu alone: elsewhere it steps twice as far."""

from contextlib import contextmanager, nullcontext

from oracle import Implementation
from oracle.errors import ImplementationError, UnsupportedError

PLACES = []


@contextmanager
def cpu():
    PLACES.append("cpu")
    try:
        yield
    finally:
        PLACES.pop()


@contextmanager
def gpu():
    raise ImplementationError("there is no GPU on this machine")
    yield


candidate = Implementation("on_a_device", devices={"cpu": cpu, "gpu": gpu, "odd": nullcontext})


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01, nesterov=False):
    if nesterov:
        raise UnsupportedError("there is no kernel for nesterov")
    wrong = not PLACES

    def step(grads):
        for k, g in enumerate(grads):
            if g is not None:
                rate = params[k].dtype.type(learning_rate)
                params[k] = params[k] - rate * g * (2 if wrong or not PLACES else 1)
        return params

    return step
