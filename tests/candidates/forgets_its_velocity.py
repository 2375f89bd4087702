"""Has a momentum whose slot is right but never used, and shows the slot."""

from oracle import Implementation

candidate = Implementation("forgets_its_velocity", dtypes=("float32",))


class Sgd:
    def __init__(self, params, *, learning_rate, momentum):
        self.params = [p.copy() for p in params]
        self.rate, self.momentum = learning_rate, momentum
        self.velocity = [p * 0 for p in params]

    def step(self, grads):
        for k, g in enumerate(grads):
            number = g.dtype.type
            self.velocity[k] = -number(self.rate) * g
            self.params[k] = self.params[k] + self.velocity[k]
        return self.params

    def slots(self):
        return {"v": self.velocity} if self.momentum else {}


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate, momentum):
    return Sgd(params, learning_rate=learning_rate, momentum=momentum)
