"""Slots that start elsewhere or keep what is not theirs, rates that fall, clips that split."""

from __future__ import annotations

import numpy as np

from oracle.adapters.numpy import clipping
from wrong.fault import HONEST, edited
from wrong.wrong_step import WrongStep


class _StartsAtATwentieth(HONEST["keras2/Adagrad"]):
    def initial_slots(self):
        return {"a": 0.05}


class _StartsAsTheGradient(HONEST["keras2/Adam"]):
    def update(self, p, g, slots, lr):
        if self.iterations == 0:
            slots["m"] = g
        return super().update(p, g, slots, lr)


class _StartsAsTheSquare(HONEST["keras2/RMSprop"]):
    def update(self, p, g, slots, lr):
        if self.iterations == 0:
            slots["v"] = g * g
        return super().update(p, g, slots, lr)


class _KeepsTheLargest(HONEST["keras2/Adam"]):
    def update(self, p, g, slots, lr):
        p = super().update(p, g, slots, lr)
        if self.amsgrad:
            slots["v"] = slots["v_max"]
        return p


class _TakesTheMomentumOfNow(HONEST["keras2/Nadam"]):
    def update(self, p, g, slots, lr):
        one, beta_1, beta_2, epsilon, t = self.numbers(
            1, self.beta_1, self.beta_2, self.epsilon, self.iterations + 1
        )
        mu, mu_next = (self.momentum_at(self.iterations + k) for k in (1, 2))
        slots["m"] = beta_1 * slots["m"] + (one - beta_1) * g
        slots["v"] = beta_2 * slots["v"] + (one - beta_2) * (g * g)
        g_hat = g / (one - self.mu_product)
        m_hat = slots["m"] / (one - self.mu_product * mu_next)
        v_hat = slots["v"] / (one - np.power(beta_2, t))
        return p - lr * ((one - mu) * g_hat + mu * m_hat) / (np.sqrt(v_hat) + epsilon)


class _FallsExponentially(HONEST["keras2/Adagrad"]):
    def current_learning_rate(self):
        one, lr, decay, t = self.numbers(1, self.learning_rate, self.decay, self.iterations)
        return lr * np.power(one - decay, t)


class _FallsByTheRoot(HONEST["keras2/Adam"]):
    def current_learning_rate(self):
        one, lr, decay, t = self.numbers(1, self.learning_rate, self.decay, self.iterations)
        return lr / np.sqrt(one + decay * t)


class _ClipsEachAlone(HONEST["keras2/SGD"]):
    def clip(self, grads):
        alone = [super(_ClipsEachAlone, self).clip({k: g}) for k, g in grads.items()]
        return {k: g for one in alone for k, g in one.items()}


class _AddsToTheNorm(HONEST["keras2/SGD"]):
    def clip(self, grads):
        if self.clipnorm is None:
            return super().clip(grads)
        norm = clipping.global_norm(grads) + self.number(3e-3)
        return clipping.keras2_clip_by_norm(grads, norm, self.number(self.clipnorm))


class _ClipsValuesFirst(HONEST["keras2/SGD"]):
    def clip(self, grads):
        limit = self.clipvalue
        if limit is not None:
            grads = {k: clipping.clip_by_value(g, self.number(limit)) for k, g in grads.items()}
        return super().clip(grads)


_OF_ONE_LESS = ("count = self.number(every)", "count = self.number(every - 1)")
_EXCHANGED = (
    'momentum * slots["average"] + (one - momentum) * p',
    '(one - momentum) * slots["average"] + momentum * p',
)


class _DividesByOneLess(edited(HONEST["keras3/SGD"], (_OF_ONE_LESS,))):
    """The mean over a group of one gradient less."""


class _ExchangesTheShares(edited(HONEST["keras3/SGD"], (_EXCHANGED,))):
    """The average that keeps what it should take."""


_CENTERED = ("v = v - mean * mean", 'slots["v"] = v = v - mean * mean')


class _KeepsTheVariance(edited(HONEST["keras3/RMSprop"], (_CENTERED,))):
    """The mean square that has lost the square of the mean for good."""


_BY_UPDATES = (
    "learning_rate_at(self.learning_rate, self.iterations,",
    "learning_rate_at(self.learning_rate, self.updates,",
)
_BY_SIGN = ("p - p * weight_decay * lr", "p - np.sign(p) * weight_decay * lr")


class _CountsUpdates(edited(HONEST["keras3/SGD"], (_BY_UPDATES,))):
    """The schedule goes on once for each group of gradients."""


class _DecaysByTheSign(edited(HONEST["keras3/AdamW"], (_BY_SIGN,))):
    """The decay of an L1 penalty."""


SLOTS = [
    WrongStep("keras2/Adagrad", _StartsAtATwentieth, "coarse", "`a starts at 0.05` instead of"),
    WrongStep("keras2/Adam", _StartsAsTheGradient, "coarse", "slot m starts as the first gradient"),
    WrongStep(
        "keras2/RMSprop",
        _StartsAsTheSquare,
        "coarse",
        "slot v starts as the square of the first gradient",
    ),
    WrongStep(
        "keras2/Adam",
        _KeepsTheLargest,
        "twenty-steps",
        "`v_t = beta_2 * v_max + (1 - beta_2) * g**2` instead of",
    ),
    WrongStep(
        "keras3/RMSprop", _KeepsTheVariance, "only-centered", "`return (p_t, v_t - mg_t**2, mg_t)`"
    ),
    WrongStep(
        "keras2/Nadam",
        _TakesTheMomentumOfNow,
        "coarse",
        "`m_bar = (1 - mu_t) * g_hat + mu_t * m_hat` instead of",
    ),
]

AROUND = [
    WrongStep(
        "keras2/Adagrad",
        _FallsExponentially,
        "only-decay",
        "`learning_rate * (1 - decay)**step` instead of",
    ),
    WrongStep(
        "keras2/Adam",
        _FallsByTheRoot,
        "only-decay",
        "`learning_rate / xp.sqrt(1 + decay * step)` instead of",
    ),
    WrongStep("keras3/SGD", _DividesByOneLess, "accumulation", "[total / (int(group) - 1) for"),
    WrongStep(
        "keras3/SGD",
        _ExchangesTheShares,
        "ema-overwrite",
        "`step.slots['average'][k] = (1 - momentum) * held + momentum * p`",
    ),
    WrongStep(
        "keras3/SGD",
        _CountsUpdates,
        "everything",
        "the schedule counts the updates, one for each group",
    ),
    WrongStep(
        "keras3/AdamW",
        _DecaysByTheSign,
        "coarse",
        "`p - learning_rate * weight_decay * xp.sign(p)` instead of",
    ),
    WrongStep(
        "keras2/SGD",
        _ClipsEachAlone,
        "clipnorm-only",
        "`clip_common_norm` takes each gradient alone",
    ),
    WrongStep("keras2/SGD", _AddsToTheNorm, "clipnorm-only", "clip_norm / (norm + 0.003) * g"),
    WrongStep(
        "keras2/SGD", _ClipsValuesFirst, "everything", "`clip_common_norm` after `clip_value`"
    ),
]
