"""Updates something and returns nothing."""

from oracle import Implementation

candidate = Implementation("returns_none", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    return lambda grads: None
