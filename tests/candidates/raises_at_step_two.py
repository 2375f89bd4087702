"""Does the first step right and raises in the second."""

from oracle import Implementation

candidate = Implementation("raises_at_step_two", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    current = [p.copy() for p in params]
    steps = []

    def step(grads):
        steps.append(grads)
        if len(steps) == 2:
            raise ZeroDivisionError("no second step")
        return [p - p.dtype.type(learning_rate) * g for p, g in zip(current, grads, strict=True)]

    return step
