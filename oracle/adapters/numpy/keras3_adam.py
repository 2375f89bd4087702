"""The optimizers of Keras 3 that keep adaptive moments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oracle.adapters.numpy.base import Array, Number, Result, Slots
from oracle.adapters.numpy.keras3_base import Keras3Optimizer


@dataclass(kw_only=True, eq=False)
class Adam(Keras3Optimizer):
    """Adaptive moments; epsilon is added to the root of the uncorrected second moment."""

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7
    amsgrad: bool = False

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        return super().initial_slots() | {"m": 0.0, "v": 0.0} | self._maximum()

    def _maximum(self) -> dict[str, float]:
        return {"v_max": 0.0} if self.amsgrad else {}

    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""
        one, beta_1, beta_2, epsilon, t = self.numbers(
            1, self.beta_1, self.beta_2, self.epsilon, self.updates + 1
        )
        alpha = lr * np.sqrt(one - np.power(beta_2, t)) / (one - np.power(beta_1, t))
        m = slots["m"] + (g - slots["m"]) * (one - beta_1)
        v = slots["v"] + (g * g - slots["v"]) * (one - beta_2)
        slots["m"], slots["v"] = m, v
        if self.amsgrad:
            slots["v_max"] = v = np.maximum(slots["v_max"], v)
        return p - alpha * m / (np.sqrt(v) + epsilon)


@dataclass(kw_only=True, eq=False)
class AdamW(Adam):
    """Adam that decays the weights unless told otherwise."""

    weight_decay: float | None = 0.004

    def __post_init__(self) -> None:
        """Refuse to go without weight decay, as Keras does."""
        if self.weight_decay is None:
            raise ValueError("weight_decay is None, but AdamW needs a number")
        super().__post_init__()


@dataclass(kw_only=True, eq=False)
class Adamax(Keras3Optimizer):
    """Adam with the running maximum of the gradient in place of the second moment.

    The bias correction goes to the learning rate, as in the paper. Keras multiplies epsilon by it,
    which underflows in float16 and turns the parameter of a zero gradient into NaN.
    """

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        return super().initial_slots() | {"m": 0.0, "u": 0.0}

    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""
        one, beta_1, beta_2, epsilon, t = self.numbers(
            1, self.beta_1, self.beta_2, self.epsilon, self.updates + 1
        )
        m = slots["m"] + (g - slots["m"]) * (one - beta_1)
        u = np.maximum(beta_2 * slots["u"], np.abs(g))
        slots["m"], slots["u"] = m, u
        return p - lr / (one - np.power(beta_1, t)) * m / (u + epsilon)


@dataclass(kw_only=True, eq=False)
class Nadam(Keras3Optimizer):
    """Adam with Nesterov momentum, whose momentum warms up as the steps go by."""

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7

    def __post_init__(self) -> None:
        """Start the product of momenta, which all parameters share, from one."""
        super().__post_init__()
        self.mu_product = self.number(1)

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        return super().initial_slots() | {"m": 0.0, "v": 0.0}

    def slots(self) -> dict[str, list[Array]]:
        """Return copies of the slots; the shared product is repeated for each parameter."""
        return super().slots() | {"mu_product": [np.array(self.mu_product) for _ in self.params]}

    def prepare(self) -> None:
        """Multiply the product by the momentum of this update."""
        self.mu_product = self.mu_product * self.momentum_at(self.updates + 1)

    def momentum_at(self, update: int) -> Number:
        """Return the momentum of an update counted from 1."""
        one, half, base, beta_1, t = self.numbers(1, 0.5, 0.96, self.beta_1, update)
        return beta_1 * (one - half * np.power(base, t))

    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""
        one, beta_1, beta_2, epsilon, t = self.numbers(
            1, self.beta_1, self.beta_2, self.epsilon, self.updates + 1
        )
        mu, mu_next = self.momentum_at(self.updates + 1), self.momentum_at(self.updates + 2)
        m = slots["m"] + (g - slots["m"]) * (one - beta_1)
        v = slots["v"] + (g * g - slots["v"]) * (one - beta_2)
        slots["m"], slots["v"] = m, v
        m_hat = mu_next * m / (one - self.mu_product * mu_next)
        g_hat = (one - mu) * g / (one - self.mu_product)
        v_hat = v / (one - np.power(beta_2, t))
        return p - lr * (m_hat + g_hat) / (np.sqrt(v_hat) + epsilon)
