"""Never comes back from its first step, in Python."""

from oracle import Implementation

candidate = Implementation("hangs", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    def step(grads):
        while True:
            pass

    return step
