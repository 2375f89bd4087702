"""Ends Python in its first step, politely."""

from oracle import Implementation

candidate = Implementation("calls_exit", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    def step(grads):
        raise SystemExit(3)

    return step
