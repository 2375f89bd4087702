"""Never comes back, whatever is raised in it."""

from oracle import Implementation

candidate = Implementation("hangs_and_catches", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    def step(grads):
        while True:
            try:
                pass
            except Exception:
                continue

    return step
