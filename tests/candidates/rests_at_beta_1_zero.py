"""Adam whose first moment is never written where beta_1 is 0: the update takes the gradient."""

import numpy as np

from oracle import Implementation

candidate = Implementation("rests_at_beta_1_zero", dtypes=("float32",))


class Adam:
    def __init__(self, params, **hyper):
        self.params = [p.copy() for p in params]
        self.hyper = {name: np.float32(value) for name, value in hyper.items()}
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]
        self.t = 0

    def step(self, grads):
        lr, b1, b2, epsilon = self.hyper.values()
        self.t += 1
        rate = lr * np.sqrt(1 - b2**self.t) / (1 - b1**self.t)
        with np.errstate(all="ignore"):
            for k, g in enumerate(grads):
                mean = b1 * self.m[k] + (1 - b1) * g
                self.m[k] = mean if b1 else self.m[k]
                self.v[k] = b2 * self.v[k] + (1 - b2) * g * g
                self.params[k] = self.params[k] - rate * mean / (np.sqrt(self.v[k]) + epsilon)
        return self.params

    def slots(self):
        return {"m": self.m, "v": self.v}


@candidate.implements("keras3/Adam")
def adam(params, *, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    return Adam(params, lr=learning_rate, b1=beta_1, b2=beta_2, epsilon=epsilon)
