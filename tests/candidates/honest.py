"""Plain gradient descent, right in float32 and float64: what the wrong candidates differ from."""

from oracle import Implementation

candidate = Implementation("honest")


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    current = [p.copy() for p in params]

    def step(grads):
        for k, g in enumerate(grads):
            if g is not None:
                current[k] = current[k] - current[k].dtype.type(learning_rate) * g
        return current

    return step


@candidate.looks_up("keras3")
def by_name(name, params):
    assert name.lower() == "sgd"
    return sgd(params)
