"""The author who thinks of the hardware: reciprocals, fused multiply-adds, host scalars in double.

Products are taken in whatever order spares a division, sums end in the operand that is at hand.
"""

from __future__ import annotations

import numpy as np

from honest.desk import Optimizer, rewrites


class OnTheHost(Optimizer):
    """Everything that is the same for all elements is computed in double and rounded once."""

    def exactly(self, *names):
        return np.float64([self.told[name] for name in names])

    def corrections(self, *betas):
        return 1 - self.exactly(*betas) ** self.t


@rewrites("keras3/Adam")
class Adam(OnTheHost):
    """The reciprocal of the whole denominator, times the moment; the parameter joins last."""

    names = ("m", "v")
    betas = ("beta_1", "beta_2")

    def tick(self):
        self.rests = self.real(1 - self.exactly(*self.betas))
        corrections = self.corrections(*self.betas)
        self.scale_1 = self.real(1 / corrections[0])
        self.scale_2 = self.real(1 / np.sqrt(corrections[1]))

    def update(self, p, g, m, v):
        learning_rate, epsilon = self.hyper("learning_rate", "epsilon")
        beta_1, beta_2 = self.hyper(*self.betas)
        rest_1, rest_2 = self.rests
        m = self.fused(beta_1, m, rest_1 * g)
        v = self.fused(rest_2 * g, g, beta_2 * v)
        denominator = self.fused(np.sqrt(v), self.scale_2, epsilon * self.scale_2)
        reciprocal = self.real(1) / denominator
        return self.fused(m * reciprocal, -(learning_rate * self.scale_1), p), m, v


@rewrites("tf.train/AdamOptimizer")
class TfAdam(Adam):
    """The same by the names of TensorFlow 1."""

    betas = ("beta1", "beta2")


@rewrites("keras3/Adam amsgrad")
class AMSGrad(OnTheHost):
    """The step size from the host; the moment is divided, then fused into the parameter."""

    names = ("m", "v", "v_max")

    def update(self, p, g, m, v, v_max):
        beta_1, beta_2, epsilon = self.hyper("beta_1", "beta_2", "epsilon")
        rests = self.real(1 - self.exactly("beta_1", "beta_2"))
        corrections = self.corrections("beta_1", "beta_2")
        rate = self.told["learning_rate"] * np.sqrt(corrections[1]) / corrections[0]
        m = self.fused(rests[0], g, beta_1 * m)
        v = self.fused(beta_2, v, rests[1] * (g * g))
        v_max = np.maximum(v, v_max)
        return self.fused(-self.real(rate), m / (np.sqrt(v_max) + epsilon), p), m, v, v_max


@rewrites("keras3/AdamW")
class AdamW(OnTheHost):
    """The decay fused into the parameter, and then the update."""

    names = ("m", "v")

    def update(self, p, g, m, v):
        beta_1, beta_2, epsilon = self.hyper("beta_1", "beta_2", "epsilon")
        rests = self.real(1 - self.exactly("beta_1", "beta_2"))
        corrections = self.corrections("beta_1", "beta_2")
        rate, decay = self.exactly("learning_rate", "weight_decay")
        m = self.fused(rests[0], g, beta_1 * m)
        v = self.fused(beta_2, v, rests[1] * (g * g))
        step_size = self.real(rate * np.sqrt(corrections[1]) / corrections[0])
        decayed = self.fused(-self.real(rate * decay), p, p)
        return self.fused(-step_size, m / (np.sqrt(v) + epsilon), decayed), m, v


@rewrites("keras3/SGD")
class SGD(Optimizer):
    """The velocity fused; where it looks ahead, the gradient meets p before the velocity does."""

    names = ("v",)

    def update(self, p, g, v):
        learning_rate, momentum = self.hyper("learning_rate", "momentum")
        v = self.fused(-learning_rate, g, momentum * v)
        if self.told["nesterov"]:
            return p - learning_rate * g + momentum * v, v
        return v + p, v


@rewrites("tf.train/MomentumOptimizer")
class Momentum(Optimizer):
    """Every line one fused multiply-add."""

    names = ("b",)

    def update(self, p, g, b):
        learning_rate, momentum = self.hyper("learning_rate", "momentum")
        b = self.fused(momentum, b, g)
        if self.told["use_nesterov"]:
            return self.fused(-(learning_rate * momentum), b, self.fused(-learning_rate, g, p)), b
        return self.fused(-learning_rate, b, p), b


@rewrites("keras3/RMSprop")
class RMSprop(Optimizer):
    """Multiply by the reciprocal of the root, the learning rate last."""

    names = ("v",)

    def update(self, p, g, v):
        learning_rate, rho, epsilon = self.hyper("learning_rate", "rho", "epsilon")
        v = self.fused((self.real(1) - rho) * g, g, rho * v)
        return p - g * (self.real(1) / np.sqrt(v + epsilon)) * learning_rate, v


@rewrites("tf.train/RMSPropOptimizer")
class TfRMSProp(Optimizer):
    """The mean square from 1, by an increment; the reciprocal root, fused into the momentum."""

    names = ("v", "b")
    starts = (("v", 1),)

    def update(self, p, g, v, b):
        learning_rate, rho, momentum, epsilon = self.hyper(
            "learning_rate", "decay", "momentum", "epsilon"
        )
        v = self.fused(self.fused(g, g, -v), self.real(1) - rho, v)
        scaled = g * (self.real(1) / np.sqrt(v + epsilon))
        b = self.fused(momentum, b, learning_rate * scaled)
        return p - b, v, b


@rewrites("keras3/Adagrad")
class Adagrad(Optimizer):
    """The square fused into the sum; g times the reciprocal root."""

    names = ("a",)
    starts = (("a", "initial_accumulator_value"),)

    def update(self, p, g, a):
        learning_rate, epsilon = self.hyper("learning_rate", "epsilon")
        a = self.fused(g, g, a)
        reciprocal = self.real(1) / np.sqrt(a + epsilon)
        return self.fused(-(learning_rate * reciprocal), g, p), a


@rewrites("keras3/Adadelta")
class Adadelta(Optimizer):
    """One root of the quotient, and both means by increments."""

    names = ("a", "d")

    def update(self, p, g, a, d):
        learning_rate, rho, epsilon = self.hyper("learning_rate", "rho", "epsilon")
        rest = self.real(1) - rho
        a = self.fused(g * g - a, rest, a)
        delta = g * np.sqrt((d + epsilon) / (a + epsilon))
        d = self.fused(self.fused(delta, delta, -d), rest, d)
        return self.fused(-learning_rate, delta, p), a, d


@rewrites("keras3/Ftrl")
class Ftrl(Optimizer):
    """By the reciprocal of the rate, the roots' difference without cancellation."""

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
        inverse = self.real(1) / rate
        n_t = self.fused(g, g, n)
        sum_of_roots = np.sqrt(n_t) + np.sqrt(n)
        difference = np.where(sum_of_roots > 0, g * g / sum_of_roots, self.real(0))
        z = self.fused(-(difference * inverse), p, z) + self.fused(two * shrinkage, p, g)
        curvature = (np.sqrt(n_t) + beta) * inverse + two * l2
        return (np.maximum(np.minimum(z, l1), -l1) - z) / curvature, n_t, z


@rewrites("keras3/Lion")
class Lion(OnTheHost):
    """Each mean one fused multiply-add; the sign moves the weight without a product."""

    names = ("m",)

    def update(self, p, g, m):
        beta_1, beta_2, rate = self.hyper("beta_1", "beta_2", "learning_rate")
        rests = self.real(1 - self.exactly("beta_1", "beta_2"))
        direction = self.fused(beta_1, m, rests[0] * g)
        moved = np.where(direction > 0, p - rate, np.where(direction < 0, p + rate, p))
        return moved, self.fused(rests[1], g, beta_2 * m)


@rewrites("keras2/Nadam")
class Keras2Nadam(OnTheHost):
    """The whole schedule in double on the host; four factors are handed to the device."""

    names = ("m", "v")

    def begin(self):
        self.product = 1.0

    def tick(self):
        def momentum(t):
            return beta_1 * (1 - 0.5 * 0.96 ** (t * schedule_decay))

        rate, beta_1, beta_2, schedule_decay = self.exactly(
            "learning_rate", "beta_1", "beta_2", "schedule_decay"
        )
        mu, mu_next = momentum(self.t), momentum(self.t + 1)
        self.product *= mu
        self.of_g = self.real(rate * (1 - mu) / (1 - self.product))
        self.of_m = self.real(rate * mu_next / (1 - self.product * mu_next))
        self.scale = self.real(1 / np.sqrt(1 - beta_2**self.t))

    def update(self, p, g, m, v):
        beta_1, beta_2, epsilon = self.hyper("beta_1", "beta_2", "epsilon")
        rests = self.real(1 - self.exactly("beta_1", "beta_2"))
        m = self.fused(rests[0], g, beta_1 * m)
        v = self.fused(rests[1] * g, g, beta_2 * v)
        direction = self.fused(self.of_g, g, self.of_m * m)
        return p - direction / self.fused(np.sqrt(v), self.scale, epsilon), m, v
