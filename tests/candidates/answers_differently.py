"""Is wrong every other time that it is built."""

from itertools import count

from oracle import Implementation

candidate = Implementation("answers_differently", dtypes=("float32",))
_built = count()


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    current = [p.copy() for p in params]
    rate = learning_rate * (0.5 if next(_built) % 2 else 1.0)

    def step(grads):
        for k, g in enumerate(grads):
            if g is not None:
                current[k] = current[k] - current[k].dtype.type(rate) * g
        return current

    return step
