"""The author who writes down the formulas of the papers, line by line."""

from __future__ import annotations

import numpy as np

from honest.desk import Optimizer, rewrites


@rewrites("keras3/Adam")
class Adam(Optimizer):
    """Corrected moments; Keras' epsilon stands beside the raw root, so it is corrected as well."""

    names = ("m", "v")

    def update(self, p, g, m, v):
        learning_rate, beta_1, beta_2, epsilon = self.hyper(
            "learning_rate", "beta_1", "beta_2", "epsilon"
        )
        one, t = self.real(1), self.real(self.t)
        m = beta_1 * m + (one - beta_1) * g
        v = beta_2 * v + (one - beta_2) * (g * g)
        m_hat = m / (one - beta_1**t)
        v_hat = v / (one - beta_2**t)
        epsilon = epsilon / np.sqrt(one - beta_2**t)
        return p - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v


@rewrites("keras3/Adamax")
class Adamax(Optimizer):
    """The corrected moment first, over the norm; then the learning rate."""

    names = ("m", "u")

    def update(self, p, g, m, u):
        learning_rate, beta_1, beta_2, epsilon = self.hyper(
            "learning_rate", "beta_1", "beta_2", "epsilon"
        )
        one, t = self.real(1), self.real(self.t)
        m = beta_1 * m + (one - beta_1) * g
        u = np.maximum(np.abs(g), u * beta_2)
        return p - learning_rate * (m / (one - beta_1**t) / (u + epsilon)), m, u


@rewrites("keras3/RMSprop")
class RMSprop(Optimizer):
    """Take the root, then divide."""

    names = ("v",)

    def update(self, p, g, v):
        learning_rate, rho, epsilon = self.hyper("learning_rate", "rho", "epsilon")
        v = rho * v + (self.real(1) - rho) * (g * g)
        return p - learning_rate * g / np.sqrt(v + epsilon), v


@rewrites("keras3/SGD")
class SGD(Optimizer):
    """The learning rate inside the velocity."""

    names = ("v",)

    def update(self, p, g, v):
        learning_rate, momentum = self.hyper("learning_rate", "momentum")
        v = momentum * v - learning_rate * g
        ahead = self.told["nesterov"]
        return (p + momentum * v - learning_rate * g if ahead else p + v), v


@rewrites("keras3/Adadelta")
class Adadelta(Optimizer):
    """The ratio of the two root mean squares first, and the update from it."""

    names = ("a", "d")

    def update(self, p, g, a, d):
        learning_rate, rho, epsilon = self.hyper("learning_rate", "rho", "epsilon")
        rest = self.real(1) - rho
        a = rho * a + rest * (g * g)
        delta = np.sqrt(d + epsilon) / np.sqrt(a + epsilon) * g
        d = rho * d + rest * (delta * delta)
        return p - delta * learning_rate, a, d


@rewrites("tf.train/MomentumOptimizer")
class Momentum(Optimizer):
    """Sutskever's two lines; where it looks ahead, by the whole way at once."""

    names = ("b",)

    def update(self, p, g, b):
        learning_rate, momentum = self.hyper("learning_rate", "momentum")
        b = g + momentum * b
        way = g + momentum * b if self.told["use_nesterov"] else b
        return p - way * learning_rate, b


@rewrites("tf.train/FtrlOptimizer")
class Ftrl(Optimizer):
    """McMahan's algorithm 1: no step at all inside the L1 ball, else the closed form."""

    names = ("n", "z")
    starts = (("n", "initial_accumulator_value"),)

    def update(self, p, g, n, z):
        rate, l1, l2 = self.hyper(
            "learning_rate", "l1_regularization_strength", "l2_regularization_strength"
        )
        root = np.sqrt(n + g * g)
        sigma = (root - np.sqrt(n)) / rate
        z = z + (g - sigma * p)
        new = -(z - np.copysign(l1, z)) / (root / rate + (l2 + l2))
        return np.where(np.abs(z) <= l1, self.real(0), new), n + g * g, z


@rewrites("tf.contrib.opt/MovingAverageOptimizer")
class Average(Optimizer):
    """The average of plain descent as a mean of two products."""

    names = ("average",)

    def __init__(self, params, **told):
        super().__init__(params, **told)
        self.kept = [{"average": np.array(p)} for p in params]

    def update(self, p, g, average):
        decay = self.hyper("average_decay")
        p = p - self.real(self.told["opt"]["config"]["learning_rate"]) * g
        return p, decay * average + (self.real(1) - decay) * p
