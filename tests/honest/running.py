"""The author who keeps means running instead of sums, and takes one root of a quotient."""

from __future__ import annotations

import numpy as np

from honest.desk import Optimizer, rewrites


class Accumulating(Optimizer):
    """Collects the gradients of a group in the parameters' own type; updates at its end."""

    updates = 0

    def begin(self):
        self.collected = [np.zeros_like(p) for p in self.params]

    def step(self, grads):
        group = self.told["gradient_accumulation_steps"]
        place = self.t % group + 1
        with np.errstate(all="ignore"):
            collected = [
                self._stored(self.collect(self.real(old), self.real(g), place, group), k)
                for k, (old, g) in enumerate(zip(self.collected, grads, strict=True))
            ]
        if place < group:
            self.t += 1
            self.collected = collected
            return [np.array(p) for p in self.params]
        self.collected = [np.zeros_like(p) for p in self.params]
        self.updates += 1
        return super().step(collected)

    def collect(self, old, g, place, group):
        raise NotImplementedError


class RunningMean(Accumulating):
    """As optax.MultiSteps has it."""

    def collect(self, old, g, place, group):
        return old + (g - old) / self.real(place)


class Parts(Accumulating):
    """Each gradient is divided by the group before it is added, as a loss that is divided does."""

    def collect(self, old, g, place, group):
        return old + g / self.real(group)


class Descent(Accumulating):
    names = ("v",)

    def update(self, p, g, v):
        learning_rate, momentum = self.hyper("learning_rate", "momentum")
        v = momentum * v - learning_rate * g
        return p + v, v


class Adam(Accumulating):
    names = ("m", "v")

    def update(self, p, g, m, v):
        learning_rate, epsilon = self.hyper("learning_rate", "epsilon")
        beta_1, beta_2 = self.hyper("beta_1", "beta_2")
        one, t = self.real(1), self.real(self.updates)
        m = beta_1 * m + (one - beta_1) * g
        v = beta_2 * v + (one - beta_2) * g * g
        alpha = learning_rate * np.sqrt(one - beta_2**t) / (one - beta_1**t)
        return p - alpha * m / (np.sqrt(v) + epsilon), m, v


@rewrites("keras3/SGD accumulating")
class DescentByRunningMean(RunningMean, Descent):
    """Momentum by a running mean."""


@rewrites("keras3/SGD accumulating")
class DescentByParts(Parts, Descent):
    """Momentum by parts."""


@rewrites("keras3/Adam accumulating")
class AdamByRunningMean(RunningMean, Adam):
    """Adam by a running mean."""


@rewrites("keras3/Adam accumulating")
class AdamByParts(Parts, Adam):
    """Adam by parts."""


@rewrites("keras3/SGD averaging")
class Averaged(Optimizer):
    """The average of the weights by an increment; the first step copies them."""

    names = ("v", "average")

    def update(self, p, g, v, average):
        learning_rate, momentum, kept = self.hyper("learning_rate", "momentum", "ema_momentum")
        v = momentum * v - learning_rate * g
        p = p + v
        return p, v, p if self.t == 1 else average + (self.real(1) - kept) * (p - average)


@rewrites("keras3/Adadelta", "keras3/Adadelta steep")
class Adadelta(Optimizer):
    """The root of the quotient comes last but one."""

    names = ("a", "d")

    def update(self, p, g, a, d):
        learning_rate, rho, epsilon = self.hyper("learning_rate", "rho", "epsilon")
        rest = self.real(1) - rho
        a = rho * a + rest * g * g
        delta = np.sqrt((d + epsilon) / (a + epsilon)) * g
        d = rho * d + rest * delta * delta
        return p - learning_rate * delta, a, d


@rewrites("keras3/RMSprop", "keras3/RMSprop steep")
class RMSprop(Optimizer):
    """The root of the reciprocal, as rsqrt is where there is none."""

    names = ("v",)

    def update(self, p, g, v):
        learning_rate, rho, epsilon = self.hyper("learning_rate", "rho", "epsilon")
        one = self.real(1)
        v = rho * v + (one - rho) * g * g
        return p - learning_rate * (g * np.sqrt(one / (v + epsilon))), v


@rewrites("keras3/RMSprop centered")
class Centered(Optimizer):
    """The same for the variance."""

    names = ("v", "mg", "b")

    def update(self, p, g, v, mg, b):
        rho, rate, momentum, epsilon = self.hyper("rho", "learning_rate", "momentum", "epsilon")
        one = self.real(1)
        v = rho * v + (one - rho) * g * g
        mg = rho * mg + (one - rho) * g
        b = momentum * b + rate * g * np.sqrt(one / (v - mg * mg + epsilon))
        return p - b, v, mg, b


@rewrites("keras3/Adagrad", "keras3/Adagrad steep")
class Adagrad(Optimizer):
    """The same for the sum of squares."""

    names = ("a",)
    starts = (("a", "initial_accumulator_value"),)

    def update(self, p, g, a):
        learning_rate, epsilon = self.hyper("learning_rate", "epsilon")
        a = a + g * g
        return p - learning_rate * g * np.sqrt(self.real(1) / (a + epsilon)), a
