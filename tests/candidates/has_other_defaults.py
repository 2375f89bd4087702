"""Is right when told everything; its own default rate, and its look-up, are another library's."""

from oracle import Implementation

candidate = Implementation("has_other_defaults", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.1):
    current = [p.copy() for p in params]

    def step(grads):
        for k, g in enumerate(grads):
            if g is not None:
                current[k] = current[k] - current[k].dtype.type(learning_rate) * g
        return current

    return step


@candidate.looks_up("keras3")
def by_name(name, params):
    if name != "SGD":
        raise KeyError(name)
    return sgd(params, learning_rate=0.01)
