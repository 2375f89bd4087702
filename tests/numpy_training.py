"""The page's model trained in numpy, honestly in several ways, and wrongly in several others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from oracle import Implementation
from oracle.conformance.bench import Bench
from oracle.conformance.guard import Guard

Arrays = list[np.ndarray]
Backward = Callable[[Arrays, np.ndarray, np.ndarray], Arrays]


def softmax_shifted(z):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def softmax_as_written(z):
    powers = np.exp(z)
    return powers * (1 / powers.sum(axis=1, keepdims=True))


def gradients(weights, x, y, *, softmax=softmax_shifted, mean=None, coupled=True):
    """``mean`` is what the sum over samples and units is divided by; ``coupled`` is right."""
    kernel, bias = weights
    s = softmax(x @ kernel + bias)
    to_s = 2 * (s - y) / x.dtype.type(mean or y.size)
    inner = (to_s * s).sum(axis=1, keepdims=True) if coupled else x.dtype.type(0)
    to_z = s * (to_s - inner)
    return [x.T @ to_z, to_z.sum(axis=0)]


def gradients_by_reciprocal(weights, x, y):
    """The same with a plain softmax, and means as products with a reciprocal."""
    kernel, bias = weights
    s = softmax_as_written(x @ kernel + bias)
    each = x.dtype.type(1) / y.shape[1] * (x.dtype.type(1) / y.shape[0])
    to_s = (s - y) * each * 2
    to_z = to_s * s - s * (to_s * s).sum(axis=1, keepdims=True)
    return [(to_z.T @ x).T, np.ones(len(x), x.dtype) @ to_z]


def sgd(weights, *, lr=0.01, decay=0.0, momentum=0.0, nesterov=False, counter=iter):
    """Keras 2's SGD; ``counter`` makes the values of the step counter."""
    kind = weights[0].dtype.type
    lr, momentum, one = kind(lr), kind(momentum), kind(1)
    held, seen = [np.zeros_like(w) for w in weights], counter(range(100))

    def step(weights, grads):
        rate = lr * (one / (one + kind(decay) * kind(next(seen))))
        new = []
        for k, (w, g) in enumerate(zip(weights, grads, strict=True)):
            held[k] = momentum * held[k] - rate * g
            new.append(w + momentum * held[k] - rate * g if nesterov else w + held[k])
        return new

    return step


def adam(weights, *, lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, counter=iter):
    """Keras 2's Adam."""
    kind = weights[0].dtype.type
    b1, b2, one = kind(beta_1), kind(beta_2), kind(1)
    m, v = ([np.zeros_like(w) for w in weights] for _ in range(2))
    seen = counter(range(100))

    def step(weights, grads):
        t = kind(next(seen) + 1)
        rate = kind(lr) * np.sqrt(one - b2**t) / (one - b1**t)
        new = []
        for k, (w, g) in enumerate(zip(weights, grads, strict=True)):
            m[k] = b1 * m[k] + (one - b1) * g
            v[k] = b2 * v[k] + (one - b2) * g * g
            new.append(w - rate * m[k] / (np.sqrt(v[k]) + kind(epsilon)))
        return new

    return step


def late(*steps: int) -> Callable[[Any], Any]:
    """A counter that is read after its increment in these steps."""
    return lambda counts: (k + (k + 1 in steps) for k in counts)


CLASSES = {"SGD": sgd, "Adam": adam}
DEFAULTS = {
    "SGD": {"learning_rate": 0.01, "momentum": 0.0, "nesterov": False, "decay": 0.0},
    "Adam": {
        "learning_rate": 0.001,
        "beta_1": 0.9,
        "beta_2": 0.999,
        "epsilon": 1e-7,
        "decay": 0.0,
        "amsgrad": False,
    },
}


def candidate(
    backward: Backward = gradients,
    dtypes: Sequence[str] = ("float32", "float64"),
    named: dict[str, Any] | None = None,
    **changed: Any,
) -> Implementation:
    """A candidate for keras2's SGD and Adam; ``changed`` overrides what their callers say.

    ``named`` is what the optimizers are built with where they are called by their name.
    """
    it = Implementation("it", dtypes=dtypes)

    def trained(name, weights, hyper):
        step, held = CLASSES[name](weights, **{**hyper, **changed}), list(weights)

        def train_on_batch(x, y):
            held[:] = step(held, backward(held, x, y))
            return held

        return train_on_batch

    @it.trains("keras2/SGD")
    def train_sgd(weights, *, lr=0.01, decay=0.0, momentum=0.0, nesterov=False):
        hyper = {"lr": lr, "decay": decay, "momentum": momentum, "nesterov": nesterov}
        return trained("SGD", weights, hyper)

    @it.trains("keras2/Adam")
    def train_adam(weights, *, lr=0.001):
        return trained("Adam", weights, {"lr": lr})

    @it.trains_by_name("keras2")
    def by_name(name, weights):
        return trained({"sgd": "SGD", "adam": "Adam"}[name], weights, named or {})

    return it


@dataclass
class Library:
    """A library's configurations, with a fault at one of their ways."""

    accepts: Sequence[str] = ()
    forgets: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    fails_at: str = ""
    case_matters: bool = False

    def configured(self, way, name, hyper):
        if way == self.fails_at:
            raise TypeError("no such argument")
        names = {n if self.case_matters else n.lower(): n for n in DEFAULTS}
        names |= dict.fromkeys(self.accepts, "SGD")
        class_name = names[name if self.case_matters or name in names else name.lower()]
        given = {("learning_rate" if k == "lr" else k): v for k, v in hyper.items()}
        config = {**DEFAULTS[class_name], **given, "name": name}
        if way == "config":
            config.update(self.changes)
            config.pop(self.forgets, None)
        floats = {k: v for k, v in config.items() if isinstance(v, float)}
        return class_name, {**config, **{k: float(np.float32(v)) for k, v in floats.items()}}


def configurable(library: Library) -> Implementation:
    """A candidate that says nothing but configurations."""
    it = Implementation("it", dtypes=("float32",))
    it.implements("keras2/SGD")(sgd)
    it.configures("keras2")(library.configured)
    return it


@cache
def guard() -> Guard:
    """One watchdog for all candidates of this process."""
    return Guard(60, "it")


def bench(it: Implementation) -> Bench:
    """What judges a candidate in this process."""
    return Bench(it, "it.py", guard())
