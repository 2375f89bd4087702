"""The author who writes down the formulas of the papers, line by line."""

from __future__ import annotations

import numpy as np

from honest.desk import Optimizer, author, single

textbook = author("textbook")


@textbook.implements("keras3/Adam")
class Adam(Optimizer):
    """Corrected moments; Keras' epsilon stands beside the raw root, so it is corrected as well."""

    names = ("m", "v")

    def __init__(self, params, *, learning_rate, beta_1, beta_2, epsilon):
        super().__init__(params)
        self.hyper = single([learning_rate, beta_1, beta_2, epsilon])

    def update(self, p, g, m, v):
        learning_rate, beta_1, beta_2, epsilon = self.hyper
        one, t = single(1), single(self.t)
        m = beta_1 * m + (one - beta_1) * g
        v = beta_2 * v + (one - beta_2) * (g * g)
        m_hat = m / (one - beta_1**t)
        v_hat = v / (one - beta_2**t)
        epsilon = epsilon / np.sqrt(one - beta_2**t)
        return p - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v


@textbook.implements("keras3/SGD")
class SGD(Optimizer):
    """The learning rate inside the velocity."""

    names = ("v",)

    def __init__(self, params, *, learning_rate, momentum, nesterov=False):
        super().__init__(params)
        self.hyper = single([learning_rate, momentum])
        self.nesterov = nesterov

    def update(self, p, g, v):
        learning_rate, momentum = self.hyper
        v = momentum * v - learning_rate * g
        return (p + momentum * v - learning_rate * g if self.nesterov else p + v), v


@textbook.implements("keras3/RMSprop")
class RMSprop(Optimizer):
    """Take the root, then divide."""

    names = ("v",)

    def __init__(self, params, *, learning_rate, rho, epsilon):
        super().__init__(params)
        self.hyper = single([learning_rate, rho, epsilon])

    def update(self, p, g, v):
        learning_rate, rho, epsilon = self.hyper
        v = rho * v + (single(1) - rho) * (g * g)
        return p - learning_rate * g / np.sqrt(v + epsilon), v
