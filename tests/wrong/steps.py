"""Steps whose stages come in another order, or treat decay, groups or rows otherwise."""

from __future__ import annotations

import numpy as np

from oracle import Sparse
from wrong.fault import HONEST
from wrong.wrong_step import WrongStep


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


class _CountsEachStep(HONEST["keras3/Adam"]):
    @property
    def updates(self):
        return self.iterations


class _EachStep:
    """As Keras 3.4.1 does: the sum is of clipped gradients, the weights decay in every step."""

    def _accumulate_or_update(self, grads):
        if self.gradient_accumulation_steps:
            grads = super()._clip(grads)
            super()._decay_weights(grads, self.number(self.learning_rate))
        super()._accumulate_or_update(grads)

    def _clip(self, grads):
        return grads if self.gradient_accumulation_steps else super()._clip(grads)

    def _decay_weights(self, grads, lr):
        if not self.gradient_accumulation_steps:
            super()._decay_weights(grads, lr)


class _ClipsAndDecaysEachStep(_EachStep, HONEST["keras3/SGD"]):
    pass


class _AsKeras34(_EachStep, _CountsEachStep):
    pass


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
        "keras3/Adam",
        _CountsEachStep,
        "accumulation",
        "each step of a group counts as an update",
    ),
    WrongStep(
        "keras3/SGD",
        _ClipsAndDecaysEachStep,
        "accumulation-clipped",
        "each gradient of a group is clipped, and the weights decay with it, before they are added",
    ),
    WrongStep(
        "keras3/Adam",
        _AsKeras34,
        "accumulation-clipped",
        "before they are added; each step of a group counts as an update",
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
