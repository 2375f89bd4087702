"""Cannot even be built."""

from oracle import Implementation

candidate = Implementation("raises_when_built", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    raise RuntimeError("no optimizer today")
