"""Shows a slot under a name that the spec does not have."""

from oracle import Implementation

candidate = Implementation("misnames_a_slot", dtypes=("float32",))


class Sgd:
    def __init__(self, params):
        self.params = params

    def step(self, grads):
        return [p.copy() for p in self.params]

    def slots(self):
        return {"speed": self.params}


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    return Sgd(params)
