"""The author who moves means by increments and folds all factors into one step size."""

from __future__ import annotations

import numpy as np

from honest.desk import Optimizer, author, single

folded = author("folded")


@folded.implements("keras3/Adam")
class Adam(Optimizer):
    """Running products of the betas; the bias corrections go into the learning rate."""

    names = ("m", "v")

    def __init__(self, params, *, learning_rate, beta_1, beta_2, epsilon):
        super().__init__(params)
        self.hyper = single([learning_rate, beta_1, beta_2, epsilon])
        self.products = single([1, 1])
        self.seen = 0

    def update(self, p, g, m, v):
        learning_rate, beta_1, beta_2, epsilon = self.hyper
        one = single(1)
        if self.seen < self.t:
            self.seen, self.products = self.t, self.products * self.hyper[1:3]
        corrections = one - self.products
        m = m + (g - m) * (one - beta_1)
        v = v + (g * g - v) * (one - beta_2)
        step_size = learning_rate * np.sqrt(corrections[1]) / corrections[0]
        return p - step_size * m / (np.sqrt(v) + epsilon), m, v


@folded.implements("keras3/SGD")
class SGD(Optimizer):
    """The learning rate outside the velocity, which is then not the spec's."""

    names = ("buffer",)
    shown = False

    def __init__(self, params, *, learning_rate, momentum, nesterov=False):
        super().__init__(params)
        self.hyper = single([learning_rate, momentum])
        self.nesterov = nesterov

    def update(self, p, g, buffer):
        learning_rate, momentum = self.hyper
        buffer = momentum * buffer + g
        direction = g + momentum * buffer if self.nesterov else buffer
        return p - learning_rate * direction, buffer


@folded.implements("keras3/RMSprop")
class RMSprop(Optimizer):
    """The mean square moved by increments; one factor for each gradient."""

    names = ("v",)

    def __init__(self, params, *, learning_rate, rho, epsilon):
        super().__init__(params)
        self.hyper = single([learning_rate, rho, epsilon])

    def update(self, p, g, v):
        learning_rate, rho, epsilon = self.hyper
        v = v + (g * g - v) * (single(1) - rho)
        return p - (learning_rate / np.sqrt(v + epsilon)) * g, v
