"""Uses a learning rate that is 1 % too small."""

from oracle import Implementation

candidate = Implementation("slow_by_one_percent", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    current = [p.copy() for p in params]

    def step(grads):
        for k, g in enumerate(grads):
            if g is not None:
                current[k] = current[k] - current[k].dtype.type(learning_rate * 0.99) * g
        return current

    return step
