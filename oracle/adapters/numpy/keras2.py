"""The optimizers of Keras 2 (2.2.4 and 2.3.1, which compute the same)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oracle.adapters.numpy.base import Array, Number, Result, Slots
from oracle.adapters.numpy.keras2_base import DecayingOptimizer, Keras2Optimizer, sqrt


@dataclass(kw_only=True, eq=False)
class SGD(DecayingOptimizer):
    """Gradient descent with momentum; the learning rate is inside the momentum."""

    learning_rate: float = 0.01
    momentum: float = 0.0
    nesterov: bool = False

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        return {"v": 0.0}

    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""
        momentum = self.number(self.momentum)
        v = momentum * slots["v"] - lr * g
        slots["v"] = v
        if self.nesterov:
            return p + momentum * v - lr * g
        return p + v


@dataclass(kw_only=True, eq=False)
class RMSprop(DecayingOptimizer):
    """Gradients divided by the root of their running mean square."""

    rho: float = 0.9
    epsilon: float = 1e-7

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        return {"v": 0.0}

    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""
        one, rho, epsilon = self.numbers(1, self.rho, self.epsilon)
        v = rho * slots["v"] + (one - rho) * (g * g)
        slots["v"] = v
        return p - lr * g / (sqrt(v) + epsilon)


@dataclass(kw_only=True, eq=False)
class Adagrad(DecayingOptimizer):
    """Gradients divided by the root of the sum of their squares, which starts from zero."""

    learning_rate: float = 0.01
    epsilon: float = 1e-7

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        return {"a": 0.0}

    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""
        a = slots["a"] + g * g
        slots["a"] = a
        return p - lr * g / (sqrt(a) + self.number(self.epsilon))


@dataclass(kw_only=True, eq=False)
class Adadelta(DecayingOptimizer):
    """Gradients scaled by the ratio of two running root mean squares."""

    learning_rate: float = 1.0
    rho: float = 0.95
    epsilon: float = 1e-7

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        return {"a": 0.0, "d": 0.0}

    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""
        one, rho, epsilon = self.numbers(1, self.rho, self.epsilon)
        a = rho * slots["a"] + (one - rho) * (g * g)
        delta = g * sqrt(slots["d"] + epsilon) / sqrt(a + epsilon)
        slots["a"], slots["d"] = a, rho * slots["d"] + (one - rho) * (delta * delta)
        return p - lr * delta


@dataclass(kw_only=True, eq=False)
class Adam(DecayingOptimizer):
    """Adaptive moments; epsilon is added to the root of the uncorrected second moment."""

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7
    amsgrad: bool = False

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        return {"m": 0.0, "v": 0.0} | ({"v_max": 0.0} if self.amsgrad else {})

    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""
        one, beta_1, beta_2, epsilon, t = self.numbers(
            1, self.beta_1, self.beta_2, self.epsilon, self.iterations + 1
        )
        lr_t = lr * (sqrt(one - np.power(beta_2, t)) / (one - np.power(beta_1, t)))
        m = beta_1 * slots["m"] + (one - beta_1) * g
        v = beta_2 * slots["v"] + (one - beta_2) * (g * g)
        slots["m"], slots["v"] = m, v
        if self.amsgrad:
            slots["v_max"] = v = np.maximum(slots["v_max"], v)
        return p - lr_t * m / (sqrt(v) + epsilon)


@dataclass(kw_only=True, eq=False)
class Adamax(DecayingOptimizer):
    """Adam with the running maximum of the gradient in place of the second moment."""

    learning_rate: float = 0.002
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        return {"m": 0.0, "u": 0.0}

    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""
        one, beta_1, beta_2, epsilon, t = self.numbers(
            1, self.beta_1, self.beta_2, self.epsilon, self.iterations + 1
        )
        lr_t = lr / (one - np.power(beta_1, t))
        m = beta_1 * slots["m"] + (one - beta_1) * g
        u = np.maximum(beta_2 * slots["u"], np.abs(g))
        slots["m"], slots["u"] = m, u
        return p - lr_t * m / (u + epsilon)


@dataclass(kw_only=True, eq=False)
class Nadam(Keras2Optimizer):
    """Adam with Nesterov momentum, whose momentum warms up as the steps go by."""

    learning_rate: float = 0.002
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7
    schedule_decay: float = 0.004

    def __post_init__(self) -> None:
        """Start the product of momenta, which all parameters share, from one."""
        super().__post_init__()
        self.mu_product = self.number(1)

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        return {"m": 0.0, "v": 0.0}

    def slots(self) -> dict[str, list[Array]]:
        """Return copies of the slots; the shared product is repeated for each parameter."""
        return super().slots() | {"mu_product": [np.array(self.mu_product) for _ in self.params]}

    def prepare(self) -> None:
        """Multiply the product by the momentum of this step."""
        self.mu_product = self.mu_product * self.momentum_at(self.iterations + 1)

    def momentum_at(self, step: int) -> Number:
        """Return the momentum of a step counted from 1."""
        one, half, base, beta_1, t, decay = self.numbers(
            1, 0.5, 0.96, self.beta_1, step, self.schedule_decay
        )
        return beta_1 * (one - half * np.power(base, t * decay))

    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""
        one, beta_1, beta_2, epsilon, t = self.numbers(
            1, self.beta_1, self.beta_2, self.epsilon, self.iterations + 1
        )
        mu, mu_next = self.momentum_at(self.iterations + 1), self.momentum_at(self.iterations + 2)
        m = beta_1 * slots["m"] + (one - beta_1) * g
        v = beta_2 * slots["v"] + (one - beta_2) * (g * g)
        slots["m"], slots["v"] = m, v
        g_hat = g / (one - self.mu_product)
        m_hat = m / (one - self.mu_product * mu_next)
        v_hat = v / (one - np.power(beta_2, t))
        m_bar = (one - mu) * g_hat + mu_next * m_hat
        return p - lr * m_bar / (sqrt(v_hat) + epsilon)


OPTIMIZERS: dict[str, type[Keras2Optimizer]] = {
    cls.__name__: cls for cls in (SGD, RMSprop, Adagrad, Adadelta, Adam, Adamax, Nadam)
}
