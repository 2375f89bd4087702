"""Refuses every gradient that does not lie in memory row by row."""

from oracle import Implementation

candidate = Implementation("refuses_views", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate):
    current = list(params)

    def step(grads):
        for k, g in enumerate(grads):
            if not g.flags.c_contiguous:
                raise ValueError("ndarray is not C-contiguous")
            current[k] = current[k] - g.dtype.type(learning_rate) * g
        return current

    return step
