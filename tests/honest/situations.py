"""What is asked of honest optimizers: a spec each, with random hyperparameters and gradients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.dtypes import FloatType

Array: TypeAlias = npt.NDArray[np.float64]
Random: TypeAlias = np.random.Generator
Draw: TypeAlias = Callable[[Random], Any]

LONGEST = 12


@dataclass(frozen=True)
class Situation:
    """A spec, how its arguments are drawn, and whether one element acts on others."""

    spec: str
    draws: dict[str, Draw]
    coupled: bool = False
    steep: bool = False
    """Whether gradients come as large as their squares can be."""

    def hyper(self, rng: Random) -> dict[str, Any]:
        return {name: draw(rng) for name, draw in self.draws.items()}


def _share(rng: Random) -> float:
    """How much of an average is kept: nothing, the usual, as near 1 as can be, or anything."""
    usual = float(rng.choice([0.0, 0.5, 0.9, 0.99, 0.999]))
    return float(rng.choice([usual, usual, 1 - 10 ** rng.uniform(-6, -2), rng.random()]))


def _power_of_ten(low: float, high: float) -> Draw:
    return lambda rng: float(10 ** rng.uniform(low, high))


def _sometimes(draw: Draw) -> Draw:
    return lambda rng: draw(rng) if rng.integers(2) else 0.0


def _flag(rng: Random) -> bool:
    return bool(rng.integers(2))


def _always(value: Any) -> Draw:
    return lambda rng: value


_RATE = _power_of_ten(-4, 0)
_SMALL = _power_of_ten(-10, -1)
_THRESHOLD = _power_of_ten(-3, 3)
_START = _power_of_ten(-3, 0)
_PENALTY = _sometimes(_power_of_ten(-3, 0))
_ADAM = {"learning_rate": _RATE, "beta_1": _share, "beta_2": _share, "epsilon": _SMALL}
_TF_ADAM = {"learning_rate": _RATE, "beta1": _share, "beta2": _share, "epsilon": _SMALL}
_RMSPROP = {"learning_rate": _RATE, "rho": _share, "epsilon": _SMALL}
_SGD = {"learning_rate": _RATE, "momentum": _share}
_ADAGRAD = {"learning_rate": _RATE, "initial_accumulator_value": _START, "epsilon": _SMALL}
_LARS = {**_SGD, "weight_decay": _PENALTY, "eeta": _RATE, "epsilon": _PENALTY}
_FTRL = {
    "learning_rate": _RATE,
    "initial_accumulator_value": _START,
    "l1_regularization_strength": _PENALTY,
    "l2_regularization_strength": _PENALTY,
}


def _group(rng: Random) -> int:
    return int(rng.integers(2, 7))


def _descent(rng: Random) -> dict[str, Any]:
    config = {"learning_rate": _RATE(rng)}
    return {"class_name": "GradientDescentOptimizer", "config": config}


def _above_zero(rng: Random) -> float:
    return _share(rng) or 0.5


SITUATIONS = {
    "keras3/Adam": Situation("keras3/Adam", _ADAM),
    "keras3/Adam amsgrad": Situation("keras3/Adam", {**_ADAM, "amsgrad": _always(True)}),
    "keras3/Adam clipnorm": Situation("keras3/Adam", {**_ADAM, "clipnorm": _THRESHOLD}, True),
    "keras3/AdamW": Situation("keras3/AdamW", {**_ADAM, "weight_decay": _power_of_ten(-3, 0)}),
    "keras3/Adamax": Situation("keras3/Adamax", _ADAM),
    "keras3/Nadam": Situation("keras3/Nadam", _ADAM),
    "keras3/RMSprop": Situation("keras3/RMSprop", _RMSPROP),
    "keras3/RMSprop centered": Situation(
        "keras3/RMSprop", {**_RMSPROP, "momentum": _share, "centered": _always(True)}
    ),
    "keras3/RMSprop steep": Situation("keras3/RMSprop", _RMSPROP, steep=True),
    "keras3/Adagrad": Situation("keras3/Adagrad", _ADAGRAD),
    "keras3/Adagrad steep": Situation("keras3/Adagrad", _ADAGRAD, steep=True),
    "keras3/Adadelta": Situation("keras3/Adadelta", _RMSPROP),
    "keras3/Adadelta steep": Situation("keras3/Adadelta", _RMSPROP, steep=True),
    "keras3/SGD": Situation("keras3/SGD", {**_SGD, "nesterov": _flag}),
    "keras3/SGD global_clipnorm": Situation(
        "keras3/SGD", {**_SGD, "global_clipnorm": _THRESHOLD}, True
    ),
    "keras3/SGD accumulating": Situation(
        "keras3/SGD", {**_SGD, "gradient_accumulation_steps": _group}
    ),
    "keras3/Adam accumulating": Situation(
        "keras3/Adam", {**_ADAM, "gradient_accumulation_steps": _group}
    ),
    "keras3/SGD averaging": Situation(
        "keras3/SGD", {**_SGD, "use_ema": _always(True), "ema_momentum": _share}
    ),
    "keras3/Ftrl": Situation(
        "keras3/Ftrl",
        {**_FTRL, "l2_shrinkage_regularization_strength": _PENALTY, "beta": _PENALTY},
    ),
    "keras3/Lion": Situation(
        "keras3/Lion", {"learning_rate": _RATE, "beta_1": _above_zero, "beta_2": _share}
    ),
    "keras2/Adam": Situation("keras2/Adam", {**_ADAM, "decay": _PENALTY}),
    "keras2/Nadam": Situation("keras2/Nadam", {**_ADAM, "schedule_decay": _power_of_ten(-3, 0)}),
    "keras2/SGD clipnorm": Situation(
        "keras2/SGD", {**_SGD, "decay": _PENALTY, "clipnorm": _THRESHOLD}, True
    ),
    "tf.train/AdamOptimizer": Situation("tf.train/AdamOptimizer", _TF_ADAM),
    "tf.train/MomentumOptimizer": Situation(
        "tf.train/MomentumOptimizer", {**_SGD, "use_nesterov": _flag}
    ),
    "tf.train/RMSPropOptimizer": Situation(
        "tf.train/RMSPropOptimizer",
        {"learning_rate": _RATE, "decay": _share, "momentum": _share, "epsilon": _SMALL},
    ),
    "tf.train/FtrlOptimizer": Situation("tf.train/FtrlOptimizer", _FTRL),
    "tf.contrib.opt/MovingAverageOptimizer": Situation(
        "tf.contrib.opt/MovingAverageOptimizer", {"opt": _descent, "average_decay": _share}
    ),
    "tf.train/ProximalGradientDescentOptimizer": Situation(
        "tf.train/ProximalGradientDescentOptimizer",
        {"learning_rate": _RATE, "l2_regularization_strength": _PENALTY},
    ),
    "tf.contrib.opt/NadamOptimizer": Situation("tf.contrib.opt/NadamOptimizer", _TF_ADAM),
    "tf.contrib.opt/AddSignOptimizer": Situation(
        "tf.contrib.opt/AddSignOptimizer",
        {"learning_rate": _RATE, "alpha": _power_of_ten(-1, 1), "beta": _share},
    ),
    "tf.contrib.opt/LARSOptimizer": Situation("tf.contrib.opt/LARSOptimizer", _LARS, True),
    "tf.contrib.opt/LARSOptimizer nesterov": Situation(
        "tf.contrib.opt/LARSOptimizer", {**_LARS, "use_nesterov": _always(True)}, True
    ),
}
"""By a name: the spec, and what of it is set."""


def numbers(rng: Random, kind: FloatType, shape: tuple[int, ...], low: float, high: float) -> Array:
    return kind.round(rng.normal(size=shape) * 10 ** rng.uniform(low, high, shape))


def gradients(
    rng: Random, kind: FloatType, steps: int, elements: int, *, steep: bool = False
) -> Array:
    """Return one row for each step: scales from 1e-8 to 1e4, a family for each element.

    Where they are ``steep``, they end near the root of the largest number instead.

    A float16 gradient stays so small that a velocity without the learning rate in it, which
    somebody may keep, does not overflow.
    """
    most = np.log10(kind.largest) / 2 - 1
    scale = 10 ** (rng.uniform(most - 4, most, elements) if steep else rng.uniform(-8, 4, elements))
    family = rng.integers(len(FAMILIES), size=elements)
    normal, t = rng.normal(size=(steps, elements)), np.arange(steps)[:, None]
    drawn = [draw(rng, normal, t) for draw in FAMILIES.values()]
    limit = kind.largest / 64
    grads = np.choose(family, drawn) * scale
    return kind.round(np.clip(grads, -limit, limit))


def _times(rng: Random, normal: Array, t: Array, *, low: float, high: float) -> Array:
    """The first gradient again and again, times a constant factor of its own."""
    return normal[0] * (10 ** rng.uniform(low, high, normal.shape[1])) ** t


Family: TypeAlias = Callable[[Random, Array, Array], Array]
FAMILIES: dict[str, Family] = {
    "normal": lambda rng, normal, t: normal,
    "constant": lambda rng, normal, t: np.broadcast_to(normal[0], normal.shape),
    "sign-changing": lambda rng, normal, t: normal[0] * (-1.0) ** t,
    "decaying": partial(_times, low=-2, high=0),
    "growing": partial(_times, low=0, high=0.5),
    "sparse": lambda rng, normal, t: normal * (rng.random(normal.shape) < 0.3),
    "spikes": lambda rng, normal, t: normal * np.where(rng.random(normal.shape) < 0.2, 1e4, 1),
    "tiny": lambda rng, normal, t: normal * 1e-12,
    "huge": lambda rng, normal, t: normal * 1e4,
    "any size": lambda rng, normal, t: normal * 10 ** rng.uniform(-8, 0, normal.shape),
}
