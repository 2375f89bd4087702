"""Builds no step but a list."""

from oracle import Implementation

candidate = Implementation("returns_no_step", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    return params
