"""Momentum, honest and with the ways in which a 0 is taken for something else."""

import numpy as np

from oracle import Implementation


def momentum(name, rate=lambda given: given, *, rests=False):
    candidate = Implementation(name)

    @candidate.implements("keras3/SGD")
    class Momentum:
        def __init__(self, params, *, learning_rate=0.01, momentum=0.0):
            self.params, self.v = params, [np.zeros_like(p) for p in params]
            self.learning_rate, self.momentum = rate(learning_rate), momentum

        def step(self, grads):
            if rests and self.learning_rate == 0:
                return self.params
            for k, g in enumerate(grads):
                self.v[k] = g.dtype.type(self.momentum) * self.v[k] - self.learning_rate * g
                self.params[k] = self.params[k] + self.v[k]
            return self.params

        def slots(self):
            return {"v": self.v}

    return candidate


honest = momentum("honest")
or_default = momentum("or_default", lambda given: given or 0.01)


def _adagrad(name, rests):
    candidate = Implementation(name)

    @candidate.implements("keras3/Adagrad")
    class Adagrad:
        def __init__(self, params, *, learning_rate, initial_accumulator_value, epsilon):
            self.params = params
            self.a = [np.full_like(p, initial_accumulator_value) for p in params]
            self.learning_rate, self.epsilon = learning_rate, epsilon

        def step(self, grads):
            if rests and self.learning_rate == 0:
                return self.params
            for k, g in enumerate(grads):
                self.a[k] = self.a[k] + g * g
                step = self.learning_rate * g / np.sqrt(self.a[k] + self.epsilon)
                self.params[k] = self.params[k] - step.astype(g.dtype)
            return self.params

        def slots(self):
            return {"a": self.a}

    return candidate


adagrad = _adagrad("adagrad", rests=False)
rests_without_a_rate = _adagrad("rests_without_a_rate", rests=True)
