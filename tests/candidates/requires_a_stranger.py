"""Requires a keyword that the library does not have."""

from oracle import Implementation

candidate = Implementation("requires_a_stranger", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate, enthusiasm):
    return lambda grads: params
