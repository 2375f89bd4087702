"""Ends the process in its first step, at once."""

from oracle import Implementation

candidate = Implementation("ends_the_process", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    import os

    def step(grads):
        os._exit(3)

    return step
