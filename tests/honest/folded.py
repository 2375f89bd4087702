"""The author who moves means by increments and folds all factors into one step size.

What depends on the steps alone is kept as a running product, in the type that is computed in.
"""

from __future__ import annotations

import numpy as np

from honest.desk import Optimizer, rewrites


class Betas(Optimizer):
    """Running products of the betas, and what is left of 1 beside them."""

    betas = ("beta_1", "beta_2")

    def begin(self):
        self.products = self.real([1, 1])

    def tick(self):
        self.products = self.products * self.hyper(*self.betas)
        self.corrections = self.real(1) - self.products

    def moved(self, mean, to, beta):
        return mean + (to - mean) * (self.real(1) - beta)


@rewrites("keras3/Adam")
class Adam(Betas):
    """The bias corrections go into the learning rate."""

    names = ("m", "v")

    def update(self, p, g, m, v):
        (beta_1, beta_2), epsilon = self.hyper(*self.betas), self.hyper("epsilon")
        m = self.moved(m, g, beta_1)
        v = self.moved(v, g * g, beta_2)
        learning_rate = self.hyper("learning_rate")
        step_size = learning_rate * np.sqrt(self.corrections[1]) / self.corrections[0]
        return p - step_size * m / (np.sqrt(v) + epsilon), m, v


@rewrites("tf.train/AdamOptimizer")
class TfAdam(Adam):
    """The same by the names of TensorFlow 1."""

    betas = ("beta1", "beta2")


@rewrites("keras3/Adam amsgrad")
class AMSGrad(Betas):
    """The largest root so far, instead of the root of the largest."""

    names = ("m", "v", "largest_root")
    shown = False

    def update(self, p, g, m, v, largest_root):
        (beta_1, beta_2), epsilon = self.hyper(*self.betas), self.hyper("epsilon")
        m = self.moved(m, g, beta_1)
        v = self.moved(v, g * g, beta_2)
        largest_root = np.maximum(largest_root, np.sqrt(v))
        step_size = self.hyper("learning_rate") / self.corrections[0]
        root = np.sqrt(self.corrections[1])
        return p - step_size * (m * root / (largest_root + epsilon)), m, v, largest_root


@rewrites("keras3/AdamW")
class AdamW(Betas):
    """The decay as one factor of the weights, as torch has it."""

    names = ("m", "v")

    def update(self, p, g, m, v):
        learning_rate, decay, epsilon = self.hyper("learning_rate", "weight_decay", "epsilon")
        beta_1, beta_2 = self.hyper(*self.betas)
        p = p * (self.real(1) - learning_rate * decay)
        m = self.moved(m, g, beta_1)
        v = self.moved(v, g * g, beta_2)
        step_size = learning_rate * np.sqrt(self.corrections[1]) / self.corrections[0]
        return p - step_size * (m / (np.sqrt(v) + epsilon)), m, v


@rewrites("keras3/Adamax")
class Adamax(Betas):
    """The correction in the learning rate."""

    names = ("m", "u")

    def update(self, p, g, m, u):
        (beta_1, beta_2), epsilon = self.hyper(*self.betas), self.hyper("epsilon")
        m = self.moved(m, g, beta_1)
        u = np.maximum(beta_2 * u, np.abs(g))
        step_size = self.hyper("learning_rate") / self.corrections[0]
        return p - step_size * (m / (u + epsilon)), m, u


@rewrites("keras3/Nadam")
class Nadam(Optimizer):
    """One coefficient for the gradient and one for the moment; the schedule as a product."""

    names = ("m", "v")

    def begin(self):
        self.faded = self.real(1)
        self.product = self.real(1)

    def tick(self):
        one, half, fading = self.real(1), self.real(0.5), self.real(0.96)
        beta_1, beta_2, learning_rate = self.hyper("beta_1", "beta_2", "learning_rate")
        self.faded = self.faded * fading
        mu = beta_1 * (one - half * self.faded)
        mu_next = beta_1 * (one - half * (self.faded * fading))
        self.product = self.product * mu
        self.of_g = learning_rate * (one - mu) / (one - self.product)
        self.of_m = learning_rate * mu_next / (one - self.product * mu_next)
        self.correction = one - beta_2 ** self.real(self.t)

    def update(self, p, g, m, v):
        beta_1, beta_2, epsilon = self.hyper("beta_1", "beta_2", "epsilon")
        one = self.real(1)
        m = beta_1 * m + (one - beta_1) * g
        v = beta_2 * v + (one - beta_2) * g * g
        denominator = np.sqrt(v / self.correction) + epsilon
        return p - (self.of_g * g + self.of_m * m) / denominator, m, v


@rewrites("keras3/RMSprop")
class RMSprop(Betas):
    """The mean square moved by increments; one factor for each gradient."""

    names = ("v",)
    betas = ("rho", "rho")

    def update(self, p, g, v):
        learning_rate, rho, epsilon = self.hyper("learning_rate", "rho", "epsilon")
        v = self.moved(v, g * g, rho)
        return p - (learning_rate / np.sqrt(v + epsilon)) * g, v


@rewrites("keras3/SGD")
class SGD(Optimizer):
    """The learning rate outside the velocity, which is then not the spec's."""

    names = ("buffer",)
    shown = False

    def update(self, p, g, buffer):
        learning_rate, momentum = self.hyper("learning_rate", "momentum")
        buffer = momentum * buffer + g
        direction = g + momentum * buffer if self.told["nesterov"] else buffer
        return p - learning_rate * direction, buffer


@rewrites("keras3/Lion")
class Lion(Betas):
    """Both means by increments."""

    names = ("m",)

    def update(self, p, g, m):
        beta_1, beta_2 = self.hyper(*self.betas)
        direction = np.sign(self.moved(m, g, beta_1))
        return p - self.hyper("learning_rate") * direction, self.moved(m, g, beta_2)


@rewrites("keras2/Adam")
class Keras2Adam(Betas):
    """The decay of the learning rate and both corrections in one step size, known beforehand."""

    names = ("m", "v")

    def tick(self):
        super().tick()
        one, passed = self.real(1), self.real(self.t - 1)
        learning_rate, decay = self.hyper("learning_rate", "decay")
        rate = learning_rate / (one + decay * passed)
        self.step_size = rate / self.corrections[0] * np.sqrt(self.corrections[1])

    def update(self, p, g, m, v):
        (beta_1, beta_2), epsilon = self.hyper(*self.betas), self.hyper("epsilon")
        m = beta_1 * m + (self.real(1) - beta_1) * g
        v = beta_2 * v + ((self.real(1) - beta_2) * g) * g
        return p - self.step_size * m / (epsilon + np.sqrt(v)), m, v


@rewrites("keras3/RMSprop centered")
class Centered(Optimizer):
    """The variance first, epsilon last; momentum around the learning rate's factor."""

    names = ("v", "mg", "b")

    def update(self, p, g, v, mg, b):
        rho, epsilon, momentum = self.hyper("rho", "epsilon", "momentum")
        one = self.real(1)
        v = v + (g * g - v) * (one - rho)
        mg = mg + (g - mg) * (one - rho)
        b = b * momentum + g * (self.hyper("learning_rate") / np.sqrt((v - mg * mg) + epsilon))
        return p - b, v, mg, b
