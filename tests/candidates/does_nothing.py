"""Returns the parameters as they were."""

from oracle import Implementation

candidate = Implementation("does_nothing", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    return lambda grads: [p.copy() for p in params]
