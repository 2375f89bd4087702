"""Adams whose step counters stop, or begin anew; others that count, and round or not."""

import numpy as np

from oracle import Implementation


class Adam:
    def __init__(self, params, counted, hyper):
        self.params, self.counted, self.hyper = list(params), counted, hyper
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]
        self.step_number = 0

    def step(self, grads):
        kind = self.params[0].dtype.type if self.params else np.float32
        rate, beta_1, beta_2, epsilon = map(kind, self.hyper)
        self.step_number = self.counted(self.step_number + 1)
        t, one = kind(self.step_number), kind(1)
        alpha = rate * np.sqrt(one - beta_2**t) / (one - beta_1**t)
        for k, g in enumerate(grads):
            self.m[k] = beta_1 * self.m[k] + (one - beta_1) * g
            self.v[k] = beta_2 * self.v[k] + (one - beta_2) * g * g
            self.params[k] = self.params[k] - alpha * self.m[k] / (np.sqrt(self.v[k]) + epsilon)
        return self.params


class Narrow(Adam):
    """Its parameters are kept in float32 from the second step on, whatever they are."""

    def step(self, grads):
        super().step(grads)
        if self.step_number > 1:
            self.params = [p.astype(np.float32).astype(p.dtype) for p in self.params]
        return self.params


class Settable(Adam):
    def set_step(self, number):
        self.step_number = number


def implementation(name, counted, kind=Adam):
    candidate = Implementation(name)

    @candidate.implements("keras3/Adam")
    def adam(params, *, learning_rate, beta_1, beta_2, epsilon):
        return kind(params, counted, (learning_rate, beta_1, beta_2, epsilon))

    return candidate


for_ever = implementation("for_ever", lambda t: t)
settable = implementation("settable", lambda t: t, Settable)
to_101 = implementation("to_101", lambda t: min(t, 101))
to_127 = implementation("to_127", lambda t: min(t, 127))
to_256 = implementation("to_256", lambda t: min(t, 256))
to_2048 = implementation("to_2048", lambda t: min(t, 2**11))
to_65536 = implementation("to_65536", lambda t: min(t, 2**16))
in_eight_bits = implementation("in_eight_bits", lambda t: t % 256)
settable_to_65536 = implementation("settable_to_65536", lambda t: min(t, 2**16), Settable)
narrow = implementation("narrow", lambda t: t, Narrow)
