"""Never comes back from its first step, in a loop where no Python code is run."""

from oracle import Implementation

candidate = Implementation("hangs_in_native_code", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    from collections import deque
    from itertools import repeat

    def step(grads):
        deque(repeat(None), maxlen=0)

    return step
