"""Takes a norm to clip by, and does not."""

from oracle import Implementation

candidate = Implementation("forgets_to_clip", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01, clipnorm=None):
    current = [p.copy() for p in params]

    def step(grads):
        for k, g in enumerate(grads):
            if g is not None:
                current[k] = current[k] - current[k].dtype.type(learning_rate) * g
        return current

    return step
