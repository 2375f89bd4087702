"""Returns NaN where the truth is finite."""

from oracle import Implementation

candidate = Implementation("turns_to_nan", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    return lambda grads: [p * p.dtype.type("nan") for p in params]
