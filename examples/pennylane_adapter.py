"""PennyLane's optimizers by given gradients: pytest --impl=examples/pennylane_adapter.py."""

from pathlib import Path

import numpy as np
import pennylane as qml
from pennylane import numpy as pnp

from oracle import Implementation, UnsupportedError

pennylane = Implementation(
    "pennylane",
    known_failures=Path(__file__).with_name("pennylane_known.toml"),
    packages=("pennylane",),
)


class Judged:
    def __init__(self, params, optimizer):
        self.optimizer = optimizer
        self.params = [pnp.array(p, requires_grad=True) for p in params]

    def step(self, grads):
        self.params = self.optimizer.apply_grad(grads, self.params)
        return [np.asarray(p) for p in self.params]


class LookedAhead(Judged):
    """The spec's parameters are the points at which the gradients are taken."""

    def step(self, grads):
        super().step(grads)
        points, _ = self.optimizer.compute_grad(None, self.params, {}, lambda *points: points)
        return [np.asarray(p) for p in (points[0] if len(self.params) == 1 else points)]


@pennylane.implements("keras3/SGD")
def sgd(params, *, learning_rate, momentum=0.0, nesterov=False):
    if nesterov:
        return LookedAhead(params, qml.NesterovMomentumOptimizer(learning_rate, momentum))
    if momentum:
        return Judged(params, qml.MomentumOptimizer(learning_rate, momentum))
    return Judged(params, qml.GradientDescentOptimizer(learning_rate))


@pennylane.implements("keras3/Adagrad")
def adagrad(params, *, learning_rate, initial_accumulator_value, epsilon):
    if initial_accumulator_value:
        raise UnsupportedError("the sum of squares starts at 0")
    return Judged(params, qml.AdagradOptimizer(learning_rate, epsilon))


@pennylane.implements("keras3/RMSprop")
def rmsprop(params, *, learning_rate, rho, epsilon):
    return Judged(params, qml.RMSPropOptimizer(learning_rate, rho, epsilon))


@pennylane.implements("keras3/Adam")
def adam(params, *, learning_rate, beta_1, beta_2, epsilon):
    return Judged(params, qml.AdamOptimizer(learning_rate, beta_1, beta_2, epsilon))
