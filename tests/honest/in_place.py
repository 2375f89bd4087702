"""The author who changes the parameter in place, term after term, and multiplies out every sum.

No line adds up what is subtracted from the parameter: each part of a step is subtracted as soon as
it is known, with a coefficient of its own, as torch's ``addcdiv_`` does.
"""

from __future__ import annotations

import numpy as np

from honest.desk import Optimizer, rewrites


class Moments(Optimizer):
    """The two moments of Adam."""

    names = ("m", "v")
    betas = ("beta_1", "beta_2")

    def moments(self, g, m, v):
        beta_1, beta_2 = self.hyper(*self.betas)
        one = self.real(1)
        return beta_1 * m + (one - beta_1) * g, beta_2 * v + (one - beta_2) * g * g


class Dozat(Moments):
    """Nadam with its momentum schedule; the gradient's part goes first."""

    slower = 1.0

    def begin(self):
        self.product = self.real(1)

    def momentum(self, t):
        one, half, fading = self.real([1, 0.5, 0.96])
        return self.hyper("beta_1") * (one - half * fading ** self.real(t * self.slower))

    def tick(self):
        one, learning_rate = self.real(1), self.hyper("learning_rate")
        mu, mu_next = self.momentum(self.t), self.momentum(self.t + 1)
        self.product = self.product * mu
        self.of_g = learning_rate * (one - mu) / (one - self.product)
        self.of_m = learning_rate * mu_next / (one - self.product * mu_next)
        self.correction = one - self.hyper("beta_2") ** self.real(self.t)

    def update(self, p, g, m, v):
        m, v = self.moments(g, m, v)
        denominator = np.sqrt(v / self.correction) + self.hyper("epsilon")
        p = p - self.of_g * (g / denominator)
        return p - self.of_m * (m / denominator), m, v


@rewrites("keras3/Nadam")
class Nadam(Dozat):
    """As torch.optim.NAdam has it."""


@rewrites("keras2/Nadam")
class Keras2Nadam(Dozat):
    """The same, slowed down."""

    def begin(self):
        super().begin()
        self.slower = self.told["schedule_decay"]


@rewrites("tf.contrib.opt/NadamOptimizer")
class TfNadam(Moments):
    """The moment's part goes first."""

    betas = ("beta1", "beta2")

    def update(self, p, g, m, v):
        beta_1, beta_2, rate, epsilon = self.hyper("beta1", "beta2", "learning_rate", "epsilon")
        one, t = self.real(1), self.real(self.t)
        m, v = self.moments(g, m, v)
        alpha = rate * np.sqrt(one - beta_2**t) / (one - beta_1**t)
        denominator = np.sqrt(v) + epsilon
        p = p - alpha * beta_1 * m / denominator
        return p - alpha * (one - beta_1) * g / denominator, m, v


@rewrites("tf.contrib.opt/NadamOptimizer")
class TfNadamByOneFactor(TfNadam):
    """The whole step over the denominator is one factor of both."""

    def update(self, p, g, m, v):
        beta_1, beta_2, rate, epsilon = self.hyper("beta1", "beta2", "learning_rate", "epsilon")
        one, t = self.real(1), self.real(self.t)
        m, v = self.moments(g, m, v)
        factor = rate * np.sqrt(one - beta_2**t) / (one - beta_1**t) / (np.sqrt(v) + epsilon)
        return p - (factor * (beta_1 * m) + factor * ((one - beta_1) * g)), m, v


@rewrites("keras3/AdamW")
class AdamW(Moments):
    """The decay together with the step, or after it: what decays is the weight before."""

    def update(self, p, g, m, v):
        rate, decay, epsilon = self.hyper("learning_rate", "weight_decay", "epsilon")
        beta_1, beta_2 = self.hyper(*self.betas)
        one, t = self.real(1), self.real(self.t)
        m, v = self.moments(g, m, v)
        alpha = rate * np.sqrt(one - beta_2**t) / (one - beta_1**t)
        moved = p - alpha * m / (np.sqrt(v) + epsilon)
        return moved - rate * decay * p, m, v


@rewrites("keras3/AdamW")
class AdamWTogether(AdamW):
    """One sum for both, then one subtraction."""

    def update(self, p, g, m, v):
        rate, decay, epsilon = self.hyper("learning_rate", "weight_decay", "epsilon")
        beta_1, beta_2 = self.hyper(*self.betas)
        one, t = self.real(1), self.real(self.t)
        m, v = self.moments(g, m, v)
        alpha = rate * np.sqrt(one - beta_2**t) / (one - beta_1**t)
        return p - (decay * p * rate + alpha * (m / (np.sqrt(v) + epsilon))), m, v


@rewrites("keras3/SGD")
class SGD(Optimizer):
    """Where it looks ahead, the velocity's part before the gradient's."""

    names = ("v",)

    def update(self, p, g, v):
        learning_rate, momentum = self.hyper("learning_rate", "momentum")
        v = momentum * v - learning_rate * g
        if not self.told["nesterov"]:
            return p + v, v
        p = p + momentum * v
        return p - learning_rate * g, v


@rewrites("tf.train/MomentumOptimizer")
class Momentum(Optimizer):
    """Where it looks ahead, the buffer's part first, its two factors multiplied beforehand."""

    names = ("b",)

    def update(self, p, g, b):
        learning_rate, momentum = self.hyper("learning_rate", "momentum")
        b = momentum * b + g
        if not self.told["use_nesterov"]:
            return p - learning_rate * b, b
        p = p - (learning_rate * momentum) * b
        return p - learning_rate * g, b


@rewrites("tf.contrib.opt/LARSOptimizer", "tf.contrib.opt/LARSOptimizer nesterov")
class Lars(Optimizer):
    """The decay as a term of its own, in the buffer and in the step."""

    names = ("b",)

    def update(self, p, g, b):
        rate, momentum, decay, eeta, epsilon = self.hyper(
            "learning_rate", "momentum", "weight_decay", "eeta", "epsilon"
        )
        p_norm, g_norm = (np.sqrt(np.sum(x * x)) for x in (p, g))
        ratio = eeta * p_norm / (g_norm + decay * p_norm + epsilon)
        scaled = rate * (ratio if p_norm > 0 and g_norm > 0 else self.real(1))
        of_g, of_p = scaled * g, scaled * decay * p
        b = momentum * b + of_g
        b = b + of_p
        if not self.told.get("use_nesterov"):
            return p - b, b
        p = p - momentum * b
        p = p - of_g
        return p - of_p, b


@rewrites("keras3/Ftrl")
class Ftrl(Optimizer):
    """The soft threshold over the curvature, less z over it."""

    names = ("n", "z")
    starts = (("n", "initial_accumulator_value"),)

    def update(self, p, g, n, z):
        rate, beta = self.hyper("learning_rate", "beta")
        l1, l2, shrinkage = self.hyper(
            "l1_regularization_strength",
            "l2_regularization_strength",
            "l2_shrinkage_regularization_strength",
        )
        two = self.real(2)
        n_t = n + g * g
        z = z + g
        z = z + two * shrinkage * p
        z = z - (np.sqrt(n_t) - np.sqrt(n)) / rate * p
        curvature = (np.sqrt(n_t) + beta) / rate + two * l2
        return np.minimum(np.maximum(z, -l1), l1) / curvature - z / curvature, n_t, z


@rewrites("keras3/RMSprop centered")
class Centered(Optimizer):
    """The buffer is never added up before the parameter has moved."""

    names = ("v", "mg", "b")

    def update(self, p, g, v, mg, b):
        rho, rate, momentum, epsilon = self.hyper("rho", "learning_rate", "momentum", "epsilon")
        one = self.real(1)
        v = rho * v + (one - rho) * g * g
        mg = rho * mg + (one - rho) * g
        ahead, step = momentum * b, rate * g / np.sqrt(v - mg * mg + epsilon)
        p = p - ahead
        return p - step, v, mg, ahead + step


@rewrites("tf.contrib.opt/AddSignOptimizer")
class AddSign(Optimizer):
    """Gradient descent at the rate alpha, and then a step up or down by the signs."""

    names = ("m",)

    def update(self, p, g, m):
        rate, alpha, beta = self.hyper("learning_rate", "alpha", "beta")
        m = beta * m + (self.real(1) - beta) * g
        p = p - rate * alpha * g
        return p - np.sign(g) * np.sign(m) * (rate * g), m


@rewrites("tf.train/ProximalGradientDescentOptimizer")
class Proximal(Optimizer):
    """The weight and the step are shrunk one by one."""

    def update(self, p, g):
        rate, l2 = self.hyper("learning_rate", "l2_regularization_strength")
        shrink = self.real(1) + rate * l2
        return (p / shrink - rate * g / shrink,)


@rewrites("tf.contrib.opt/MovingAverageOptimizer")
class Average(Optimizer):
    """The average loses its share, and gains that of the parameter."""

    names = ("average",)

    def __init__(self, params, **told):
        super().__init__(params, **told)
        self.kept = [{"average": np.array(p)} for p in params]

    def update(self, p, g, average):
        share = self.real(1) - self.hyper("average_decay")
        p = p - self.real(self.told["opt"]["config"]["learning_rate"]) * g
        average = average - share * average
        return p, average + share * p
