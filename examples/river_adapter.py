"""river's optimizers, a dict of weights per parameter: pytest --impl=examples/river_adapter.py."""

from pathlib import Path

import numpy as np
from river import optim

from oracle import Implementation, UnsupportedError

# A weight of a dict is a Python float.
river = Implementation(
    "river",
    dtypes=("float64",),
    known_failures=Path(__file__).with_name("river_known.toml"),
    packages=("river",),
)


class Judged:
    def __init__(self, params, new, *hyper, slots=None):
        self.shapes = [p.shape for p in params]
        self.weights = [dict(enumerate(p.ravel().tolist())) for p in params]
        self.optimizers = [new(*hyper) for _ in params]
        self.names = slots or {}

    def shaped(self, dicts):
        return [
            np.reshape([d[i] for i in w], shape)
            for d, w, shape in zip(dicts, self.weights, self.shapes, strict=True)
        ]

    def step(self, grads):
        for optimizer, w, g in zip(self.optimizers, self.weights, grads, strict=True):
            optimizer.step(w, dict(enumerate(g.ravel().tolist())))
            optimizer.look_ahead(w)  # Nesterov's: where the next gradient is taken
        return self.shaped(self.weights)

    def set_step(self, n):
        for optimizer in self.optimizers:
            optimizer.n_iterations = n

    def slots(self):
        return {
            slot: self.shaped([getattr(optimizer, name) for optimizer in self.optimizers])
            for slot, name in self.names.items()
        }


@river.implements("keras3/SGD")
def sgd(params, *, learning_rate, momentum=0.0, nesterov=False):
    if nesterov:
        return Judged(params, optim.NesterovMomentum, learning_rate, momentum)
    if momentum:
        return Judged(params, optim.Momentum, learning_rate, momentum)
    return Judged(params, optim.SGD, learning_rate)


@river.implements("keras3/Adagrad")
def adagrad(params, *, learning_rate, initial_accumulator_value, epsilon):
    if initial_accumulator_value:
        raise UnsupportedError("the sum of squares starts at 0")
    return Judged(params, optim.AdaGrad, learning_rate, epsilon, slots={"a": "g2"})


@river.implements("keras3/RMSprop")
def rmsprop(params, *, learning_rate, rho, epsilon):
    return Judged(params, optim.RMSProp, learning_rate, rho, epsilon, slots={"v": "g2"})


@river.implements("keras2/Adadelta")
def adadelta(params, *, learning_rate=1.0, rho, epsilon):
    if learning_rate != 1:
        raise UnsupportedError("there is no learning rate")
    return Judged(params, optim.AdaDelta, rho, epsilon, slots={"a": "g2", "d": "s2"})


@river.implements("keras3/Adam")
def adam(params, *, learning_rate, beta_1, beta_2, epsilon, amsgrad=False):
    new, slots = optim.Adam, {"m": "m", "v": "v"}
    if amsgrad:
        new, slots = optim.AMSGrad, {"m": "m", "v": "v", "v_max": "v_hat"}
    return Judged(params, new, learning_rate, beta_1, beta_2, epsilon, slots=slots)


@river.implements("keras3/Adamax")
def adamax(params, *, learning_rate, beta_1, beta_2, epsilon):
    slots = {"m": "m", "u": "u"}
    return Judged(params, optim.AdaMax, learning_rate, beta_1, beta_2, epsilon, slots=slots)


@river.implements("keras3/Ftrl")
def ftrl(
    params,
    *,
    learning_rate,
    initial_accumulator_value,
    l1_regularization_strength=0.0,
    l2_regularization_strength=0.0,
    beta=0.0,
):
    if initial_accumulator_value:
        raise UnsupportedError("the sum of squares starts at 0")
    l1, l2 = l1_regularization_strength, 2 * l2_regularization_strength
    return Judged(params, optim.FTRLProximal, learning_rate, beta, l1, l2)
