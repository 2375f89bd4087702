"""Candidates whose rule is right and whose step is not: orders, counts, decays, rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from oracle import Implementation, Sparse
from oracle.dtypes import DTYPES
from wrong.fault import HONEST


@dataclass(frozen=True)
class WrongStep:
    """A candidate of one spec, a case that shows what it does, and what has to be told of it."""

    spec: str
    optimizer: type[Any]
    case: str
    says: str
    dtype: str = "float32"

    @property
    def implementation(self) -> Implementation:
        """The candidate, whose slots are not shown."""
        it = Implementation(
            str(self),
            dtypes=DTYPES,
            schedules=True,
            missing_gradients=True,
            sparse_gradients=self.case.startswith("sparse"),
        )
        it.implements(self.spec)(type(str(self), (self.optimizer,), {"slots": None}))
        return it

    @property
    def fault(self) -> WrongStep:
        """What has the implementation."""
        return self

    def __str__(self) -> str:
        return self.optimizer.__name__.lstrip("_")


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


class _DecaysAfterTheUpdate(HONEST["keras3/AdamW"]):
    late = False

    def _decay_weights(self, grads, lr):
        if self.late:
            super()._decay_weights(grads, lr)

    def _update_all(self, grads):
        self.late = False
        super()._update_all(grads)
        self.late = True
        self._decay_weights(grads, self.number(self.learning_rate))


class _DecaysThePlainWeight(HONEST["keras3/AdamW"]):
    def _decay_weights(self, grads, lr):
        super()._decay_weights(grads, self.number(1))


class _CouplesTheDecay(HONEST["keras3/AdamW"]):
    def _decay_weights(self, grads, lr):
        for k, g in grads.items():
            grads[k] = np.asarray(g + self.number(self.weight_decay) * self.params[k])


class _DecaysByAPower(HONEST["keras3/AdamW"]):
    def _decay_weights(self, grads, lr):
        for k in grads:
            self.set_param(k, self.params[k] * np.exp(-lr * self.number(self.weight_decay)))


class _DecaysAtTheInitialRate(HONEST["keras3/SGD"]):
    def _decay_weights(self, grads, lr):
        if isinstance(self.learning_rate, dict):
            lr = self.number(self.learning_rate["config"]["initial_learning_rate"])
        super()._decay_weights(grads, lr)


class _UnscalesAfterTheClip(HONEST["keras3/Adam"]):
    def _clip(self, grads):
        scale = self.number(self.loss_scale_factor or 1)
        clipped = super()._clip({k: g * scale for k, g in grads.items()})
        return {k: g / scale for k, g in clipped.items()}


class _KeepsTheLatestGradient(HONEST["keras3/SGD"]):
    def _accumulate_or_update(self, grads):
        super()._accumulate_or_update(grads)
        if (self.iterations + 1) % (self.gradient_accumulation_steps or 1):
            for k, g in grads.items():
                self.state[k]["accumulated_gradient"] = g


class _ForgetsTheLastGradient(HONEST["keras3/SGD"]):
    def _accumulate_or_update(self, grads):
        every = self.gradient_accumulation_steps or 1
        if every > 1 and not (self.iterations + 1) % every:
            grads = {k: np.zeros_like(g) for k, g in grads.items()}
        super()._accumulate_or_update(grads)


class _LastRowWins(HONEST["keras2/SGD"]):
    def dense(self, grads):
        whole = {}
        for k, g in grads.items():
            if isinstance(g, Sparse):
                whole[k] = np.zeros_like(self.params[k])
                whole[k][g.indices] = g.values
            else:
                whole[k] = g
        return whole


class _StepsForEachOccurrence(HONEST["keras2/Adagrad"]):
    def apply(self, grads):
        lr = self.current_learning_rate()
        for k, g in enumerate(grads):
            if not isinstance(g, Sparse):
                self.set_param(k, self.update(self.params[k], g, self.state[k], lr))
                continue
            for row, values in zip(g.indices, g.values, strict=True):
                slots = {name: a[row] for name, a in self.state[k].items()}
                self.params[k][row] = self.update(self.params[k][row], values, slots, lr)
                for name, a in slots.items():
                    self.state[k][name][row] = a
        self.iterations += 1


STEPS = [
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
        "other",
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
    WrongStep("keras3/AdamW", _DecaysAfterTheUpdate, "coarse", "`decay_weights` after `update`,"),
    WrongStep(
        "keras3/AdamW",
        _DecaysThePlainWeight,
        "coarse",
        "`step.params[k] = p - p * step.numbers['weight_decay']` instead of",
    ),
    WrongStep(
        "keras3/AdamW",
        _CouplesTheDecay,
        "coarse",
        "coupled decay, `g + weight_decay * p`, instead of",
    ),
    WrongStep(
        "keras3/AdamW",
        _DecaysByAPower,
        "coarse",
        "`p * xp.exp(-learning_rate * weight_decay)` instead of",
    ),
    WrongStep(
        "keras3/SGD",
        _DecaysAtTheInitialRate,
        "everything",
        "`p - initial learning_rate * weight_decay * p` instead of",
    ),
    WrongStep(
        "keras3/Adam", _UnscalesAfterTheClip, "loss-scale-clipped", "`unscale` after `clip`,"
    ),
    WrongStep(
        "keras3/SGD",
        _KeepsTheLatestGradient,
        "accumulation",
        "of the gradients before the last of a group, only the latest is kept",
    ),
    WrongStep(
        "keras3/SGD",
        _ForgetsTheLastGradient,
        "accumulation",
        "the last gradient of a group is left out of its mean",
    ),
    WrongStep(
        "keras2/SGD",
        _LastRowWins,
        "sparse-repeated-rows",
        "of a row that occurs twice, the last gradient counts alone",
    ),
    WrongStep(
        "keras2/Adagrad",
        _StepsForEachOccurrence,
        "sparse-repeated-rows",
        "each occurrence of a row is a step of its own, instead of one by their sum",
    ),
]
