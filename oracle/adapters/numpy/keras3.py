"""The optimizers of Keras 3; those of the Adam family have a file of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from oracle.adapters.numpy.base import Array, Number, Result, Slots
from oracle.adapters.numpy.keras3_adam import Adam, Adamax, AdamW, Nadam
from oracle.adapters.numpy.keras3_base import Keras3Optimizer


@dataclass(kw_only=True, eq=False)
class SGD(Keras3Optimizer):
    """Gradient descent with momentum; the learning rate is inside the momentum."""

    learning_rate: float | Mapping[str, Any] = 0.01
    momentum: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        """Refuse a momentum that Keras refuses."""
        if not 0 <= self.momentum <= 1:
            raise ValueError(f"momentum is {self.momentum}, but must lie in [0, 1]")
        super().__post_init__()

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        return super().initial_slots() | ({"v": 0.0} if self.momentum else {})

    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""
        if not self.momentum:
            return p - lr * g
        momentum = self.number(self.momentum)
        v = momentum * slots["v"] - lr * g
        slots["v"] = v
        if self.nesterov:
            return p + (momentum * v - lr * g)
        return p + v


@dataclass(kw_only=True, eq=False)
class RMSprop(Keras3Optimizer):
    """Gradients divided by the root of their running mean square, or of their variance."""

    rho: float = 0.9
    momentum: float = 0.0
    epsilon: float = 1e-7
    centered: bool = False

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        mean = {"mg": 0.0} if self.centered else {}
        momentum = {"b": 0.0} if self.momentum > 0 else {}
        return super().initial_slots() | {"v": 0.0} | mean | momentum

    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""
        one, rho, epsilon = self.numbers(1, self.rho, self.epsilon)
        v = rho * slots["v"] + (one - rho) * (g * g)
        slots["v"] = v
        if self.centered:
            mean = rho * slots["mg"] + (one - rho) * g
            slots["mg"] = mean
            v = v - mean * mean
        step = lr * g / np.sqrt(v + epsilon)
        if self.momentum > 0:
            slots["b"] = step = self.number(self.momentum) * slots["b"] + step
        return p - step


@dataclass(kw_only=True, eq=False)
class Adagrad(Keras3Optimizer):
    """Gradients divided by the root of the sum of their squares."""

    initial_accumulator_value: float = 0.1
    epsilon: float = 1e-7

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        return super().initial_slots() | {"a": self.initial_accumulator_value}

    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""
        a = slots["a"] + g * g
        slots["a"] = a
        return p - lr * g / np.sqrt(a + self.number(self.epsilon))


@dataclass(kw_only=True, eq=False)
class Adadelta(Keras3Optimizer):
    """Gradients scaled by the ratio of two running root mean squares."""

    rho: float = 0.95
    epsilon: float = 1e-7

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        return super().initial_slots() | {"a": 0.0, "d": 0.0}

    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""
        one, rho, epsilon = self.numbers(1, self.rho, self.epsilon)
        a = rho * slots["a"] + (one - rho) * (g * g)
        delta = np.sqrt(slots["d"] + epsilon) * g / np.sqrt(a + epsilon)
        slots["a"], slots["d"] = a, rho * slots["d"] + (one - rho) * (delta * delta)
        return p - lr * delta


@dataclass(kw_only=True, eq=False)
class Ftrl(Keras3Optimizer):
    """Follow the regularized leader: the parameter is computed anew from the history."""

    learning_rate_power: float = -0.5
    initial_accumulator_value: float = 0.1
    l1_regularization_strength: float = 0.0
    l2_regularization_strength: float = 0.0
    l2_shrinkage_regularization_strength: float = 0.0
    beta: float = 0.0

    def __post_init__(self) -> None:
        """Refuse the values that Keras refuses."""
        not_negative = (
            "initial_accumulator_value",
            "l1_regularization_strength",
            "l2_regularization_strength",
            "l2_shrinkage_regularization_strength",
        )
        for name in not_negative:
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name)}, but must not be negative")
        if self.learning_rate_power > 0:
            raise ValueError(
                f"learning_rate_power is {self.learning_rate_power}, but must not be positive"
            )
        super().__post_init__()

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        return super().initial_slots() | {"n": self.initial_accumulator_value, "z": 0.0}

    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""
        two, power, beta = self.numbers(2, -self.learning_rate_power, self.beta)
        l1, l2, shrinkage = self.numbers(
            self.l1_regularization_strength,
            self.l2_regularization_strength,
            self.l2_shrinkage_regularization_strength,
        )
        n = slots["n"] + g * g
        n_power = np.power(n, power)
        sigma = (n_power - np.power(slots["n"], power)) / lr
        z = slots["z"] + (g + two * shrinkage * p - sigma * p)
        slots["n"], slots["z"] = n, z
        quadratic = n_power / lr + two * (l2 + beta / (two * lr))
        z_clipped = np.maximum(np.minimum(z, l1), -l1)
        return (z_clipped - z) / quadratic


@dataclass(kw_only=True, eq=False)
class Lion(Keras3Optimizer):
    """Steps of one size in the direction of the sign of a momentum."""

    beta_1: float = 0.9
    beta_2: float = 0.99

    def __post_init__(self) -> None:
        """Refuse a beta_1 that Keras refuses."""
        if self.beta_1 <= 0 or self.beta_1 > 1:
            raise ValueError(f"beta_1 is {self.beta_1}, but must lie in (0, 1]")
        super().__post_init__()

    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""
        return super().initial_slots() | {"m": 0.0}

    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""
        one, beta_1, beta_2 = self.numbers(1, self.beta_1, self.beta_2)
        m = slots["m"]
        slots["m"] = beta_2 * m + (one - beta_2) * g
        return p - lr * np.sign(beta_1 * m + (one - beta_1) * g)


OPTIMIZERS: dict[str, type[Keras3Optimizer]] = {
    cls.__name__: cls
    for cls in (SGD, RMSprop, Adagrad, Adadelta, Adam, AdamW, Adamax, Nadam, Ftrl, Lion)
}
