"""Returns float64 for float32."""

from oracle import Implementation

candidate = Implementation("returns_wrong_dtype", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    return lambda grads: [p.astype("float64") for p in params]
