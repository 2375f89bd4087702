"""The optimizers of numpy-ml: pytest --impl=examples/numpy_ml_adapter.py."""

import collections
from collections.abc import Hashable
from pathlib import Path

from oracle import Implementation

collections.Hashable = Hashable  # numpy-ml 0.1.2 was written for Python 3.9 and earlier
from numpy_ml.neural_nets.optimizers import SGD, AdaGrad, RMSProp  # noqa: E402

numpy_ml = Implementation(
    "numpy-ml",
    packages=("numpy-ml",),
    known_failures=Path(__file__).with_name("numpy_ml_known.toml"),
)


class Run:
    def __init__(self, optimizer, params, slot=None):
        self.optimizer, self.params, self.slot = optimizer, params, slot

    def step(self, grads):
        for k, g in enumerate(grads):
            self.params[k] = self.optimizer.update(self.params[k], g, str(k))
        self.optimizer.step()
        return self.params

    def slots(self):
        kept = [self.optimizer.cache[str(k)] for k in range(len(self.params))]
        return {self.slot: kept} if self.slot else {}


@numpy_ml.implements("keras3/SGD")
def sgd(params, *, learning_rate, momentum, clipnorm):
    return Run(SGD(lr=learning_rate, momentum=momentum, clip_norm=clipnorm), params)


@numpy_ml.implements("keras2/Adagrad")
def adagrad(params, *, learning_rate, epsilon):
    return Run(AdaGrad(lr=learning_rate, eps=epsilon), params, "a")


@numpy_ml.implements("keras2/RMSprop")
def rmsprop(params, *, learning_rate, rho, epsilon):
    return Run(RMSProp(lr=learning_rate, decay=rho, eps=epsilon), params, "v")
