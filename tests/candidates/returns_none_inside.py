"""Returns None in the place of a parameter."""

from oracle import Implementation

candidate = Implementation("returns_none_inside", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    return lambda grads: [None for _ in params]
