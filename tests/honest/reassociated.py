"""The author who thinks of the hardware: reciprocals, fused multiply-adds, host scalars in double.

Products are taken in whatever order spares a division, sums end in the operand that is at hand.
"""

from __future__ import annotations

import numpy as np

from honest.desk import Optimizer, author, fused, single

reassociated = author("reassociated")


@reassociated.implements("keras3/Adam")
class Adam(Optimizer):
    """Everything that is the same for all elements is computed in double and rounded once."""

    names = ("m", "v")

    def __init__(self, params, *, learning_rate, beta_1, beta_2, epsilon):
        super().__init__(params)
        self.hyper = np.float64([learning_rate, beta_1, beta_2, epsilon])

    def update(self, p, g, m, v):
        learning_rate, beta_1, beta_2, epsilon = single(self.hyper)
        rest_1, rest_2 = single(1 - self.hyper[1:3])
        corrections = 1 - self.hyper[1:3] ** self.t
        scale_1, scale_2 = single(1 / corrections[0]), single(1 / np.sqrt(corrections[1]))
        m = fused(beta_1, m, rest_1 * g)
        v = fused(rest_2 * g, g, beta_2 * v)
        reciprocal = single(1) / fused(np.sqrt(v), scale_2, epsilon * scale_2)
        return fused(m * reciprocal, -(learning_rate * scale_1), p), m, v


@reassociated.implements("keras3/SGD")
class SGD(Optimizer):
    """The velocity fused; where it looks ahead, the gradient meets p before the velocity does."""

    names = ("v",)

    def __init__(self, params, *, learning_rate, momentum, nesterov=False):
        super().__init__(params)
        self.hyper = single([learning_rate, momentum])
        self.nesterov = nesterov

    def update(self, p, g, v):
        learning_rate, momentum = self.hyper
        v = fused(-learning_rate, g, momentum * v)
        if self.nesterov:
            return p - learning_rate * g + momentum * v, v
        return v + p, v


@reassociated.implements("keras3/RMSprop")
class RMSprop(Optimizer):
    """Multiply by the reciprocal of the root, the learning rate last."""

    names = ("v",)

    def __init__(self, params, *, learning_rate, rho, epsilon):
        super().__init__(params)
        self.hyper = single([learning_rate, rho, epsilon])

    def update(self, p, g, v):
        learning_rate, rho, epsilon = self.hyper
        v = fused((single(1) - rho) * g, g, rho * v)
        return p - g * (single(1) / np.sqrt(v + epsilon)) * learning_rate, v
