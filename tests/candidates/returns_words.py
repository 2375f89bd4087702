"""Returns text where numbers are due."""

from oracle import Implementation

candidate = Implementation("returns_words", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    return lambda grads: [["a", "b"] for _ in params]
