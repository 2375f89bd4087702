"""Never comes back, whatever is raised in it."""

from oracle import Implementation

candidate = Implementation("hangs_and_catches", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    def step(grads):
        while True:
            try:
                len(())  # Python 3.10 hears no signal in a loop that only enters a try block
            except Exception:
                continue

    return step
