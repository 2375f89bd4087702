"""Steps in which what is one for all parameters is done, or counted, once for each."""

from __future__ import annotations

import numpy as np

from wrong.fault import HONEST
from wrong.wrong_step import WrongStep


class _CountsParameters(HONEST["keras3/Adam"]):
    calls = 0

    @property
    def updates(self):
        return self.calls - 1

    def update(self, p, g, slots, lr):
        self.calls += 1
        return super().update(p, g, slots, lr)


class _CountsItsOwnGradients(HONEST["keras3/Adam"]):
    """As PyTorch does, whose parameters keep a step each."""

    counts = None
    at = 0

    @property
    def updates(self):
        return self.at

    def update(self, p, g, slots, lr):
        self.counts = self.counts or {}
        self.at = self.counts.get(id(slots), 0)
        self.counts[id(slots)] = self.at + 1
        return super().update(p, g, slots, lr)


class _CountsParametersForTheRate(HONEST["keras2/SGD"]):
    calls = 0

    def update(self, p, g, slots, lr):
        before, self.iterations = self.iterations, self.calls
        lr = self.current_learning_rate()
        self.iterations, self.calls = before, self.calls + 1
        return super().update(p, g, slots, lr)


class _CountsParametersForAll(HONEST["keras2/Adam"]):
    calls = 0

    def update(self, p, g, slots, lr):
        before, self.iterations = self.iterations, self.calls
        after = super().update(p, g, slots, self.current_learning_rate())
        self.iterations, self.calls = before, self.calls + 1
        return after


class _DecaysTheRateForEach(HONEST["keras2/SGD"]):
    def update(self, p, g, slots, lr):
        base = self.number(self.learning_rate)
        number = next(k for k, held in enumerate(self.state) if held is slots)
        for _ in range(number):
            lr = lr * (lr.dtype.type(1) * self.current_learning_rate() / base)
        return super().update(p, g, slots, lr)


class _DecaysTheDecayedRate(HONEST["keras2/SGD"]):
    held = None

    def current_learning_rate(self):
        base = self.number(self.learning_rate)
        factor = super().current_learning_rate() / base
        self.held = (base if self.held is None else self.held) * factor
        return self.held


class _MultipliesTheProductForEach(HONEST["keras3/Nadam"]):
    def prepare(self):
        pass

    def update(self, p, g, slots, lr):
        self.mu_product = self.mu_product * self.momentum_at(self.updates + 1)
        return super().update(p, g, slots, lr)


class _DecaysAllForEach(HONEST["keras3/SGD"]):
    def _decay_weights(self, grads, lr):
        for _ in grads:
            super()._decay_weights(grads, lr)


class _TakesTheCorrectionOn(HONEST["keras3/Adam"]):
    rate = None

    def prepare(self):
        self.rate = None

    def update(self, p, g, slots, lr):
        one, beta_1, beta_2, t = self.numbers(1, self.beta_1, self.beta_2, self.updates + 1)
        lr = lr if self.rate is None else self.rate
        self.rate = lr * np.sqrt(one - np.power(beta_2, t)) / (one - np.power(beta_1, t))
        return super().update(p, g, slots, lr)


EACH_PARAMETER = [
    WrongStep("keras3/Adam", _CountsParameters, "coarse", "the step count goes on with each par"),
    WrongStep(
        "keras3/Adam",
        _CountsItsOwnGradients,
        "missing-gradients",
        "each parameter counts the steps that have a gradient for it",
    ),
    WrongStep(
        "keras2/SGD",
        _CountsParametersForTheRate,
        "only-decay",
        "the step count of `decay_learning_rate` goes on with each parameter",
    ),
    WrongStep(
        "keras2/Adam",
        _CountsParametersForAll,
        "everything",
        "the step count, that of `decay_learning_rate` too, goes on with each parameter",
    ),
    WrongStep(
        "keras2/SGD",
        _DecaysTheRateForEach,
        "only-decay",
        "`decay_learning_rate` is done once for each parameter, with the rate that the last one",
    ),
    WrongStep(
        "keras2/SGD",
        _DecaysTheDecayedRate,
        "only-decay",
        "`decay_learning_rate` goes on with the rate of the step before",
    ),
    WrongStep(
        "keras3/Nadam",
        _MultipliesTheProductForEach,
        "coarse",
        "what all parameters share is renewed once for each of them",
    ),
    WrongStep(
        "keras3/SGD",
        _DecaysAllForEach,
        "weight-decay-of-all",
        "`decay_weights` of all parameters is done once for each of them",
    ),
    WrongStep(
        "keras3/Adam",
        _TakesTheCorrectionOn,
        "coarse",
        "the bias correction of one parameter's rate is taken on to the next one",
    ),
]
