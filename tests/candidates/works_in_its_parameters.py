"""Works in the arrays that it was built with."""

from oracle import Implementation

candidate = Implementation("works_in_its_parameters", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    def step(grads):
        for p, g in zip(params, grads, strict=True):
            p -= p.dtype.type(learning_rate) * g
        return params

    return step
