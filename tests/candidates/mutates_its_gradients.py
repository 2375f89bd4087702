"""Scales the gradients in place."""

from oracle import Implementation

candidate = Implementation("mutates_its_gradients", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    current = [p.copy() for p in params]

    def step(grads):
        for k, g in enumerate(grads):
            g *= g.dtype.type(learning_rate)
            current[k] = current[k] - g
        return current

    return step
