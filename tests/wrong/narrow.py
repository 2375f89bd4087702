"""Candidates that hold or compute something in a narrower type than they declare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from oracle import Implementation
from oracle.dtypes import DTYPES, float_type
from wrong.fault import HONEST


@dataclass(frozen=True)
class Narrow:
    """A candidate of one spec, a case that shows what it does, and what has to be told of it."""

    name: str
    spec: str
    optimizer: type[Any]
    case: str
    dtype: str
    says: str
    hyper_dtype: str | None = None
    compute_dtype: str | None = None

    @property
    def implementation(self) -> Implementation:
        """The candidate, whose slots are shown."""
        it = Implementation(self.name, dtypes=DTYPES, schedules=True, missing_gradients=True)
        it.implements(self.spec, hyper_dtype=self.hyper_dtype, compute_dtype=self.compute_dtype)(
            self.optimizer
        )
        return it

    @property
    def fault(self) -> Narrow:
        """What has the implementation."""
        return self

    def __str__(self) -> str:
        return self.name


def narrowed(x: Any, kind: str) -> Any:
    """Return numbers rounded to a type, in the type that they were in."""
    array = np.asarray(x)
    return array.astype(float_type(kind).numpy).astype(array.dtype)[()]


def _numbers_in(base: type[Any], kind: str) -> type[Any]:
    class Rounding(base):
        def number(self, value):
            return self.dtype.type(narrowed(np.float64(value), kind))

    return Rounding


def _gradients_in(base: type[Any], kind: str) -> type[Any]:
    class Rounding(base):
        def apply(self, grads):
            super().apply([None if g is None else np.asarray(narrowed(g, kind)) for g in grads])

    return Rounding


def _slot_in(base: type[Any], slot: str, kind: str) -> type[Any]:
    class Rounding(base):
        def update(self, p, g, slots, lr):
            after = super().update(p, g, slots, lr)
            slots[slot] = np.asarray(narrowed(slots[slot], kind))
            return after

    return Rounding


class _NarrowAverage(HONEST["keras3/SGD"]):
    def _average(self):
        super()._average()
        for slots in self.state:
            slots["average"] = np.asarray(narrowed(slots["average"], "float32"))


class _NadamOfPyTorch(HONEST["keras3/Nadam"]):
    """Its product of momenta is a float32 tensor, whatever the parameters are."""

    def prepare(self):
        mu = np.float32(self.momentum_at(self.updates + 1))
        self.mu_product = self.number(np.float32(self.mu_product) * mu)


class _NadamOfNarrowConstants(HONEST["keras3/Nadam"]):
    def momentum_at(self, update):
        one, half, beta_1, t = self.numbers(1, 0.5, self.beta_1, update)
        base = self.number(np.float32(0.96))
        return beta_1 * (one - half * np.power(base, t))


class _NarrowClip(HONEST["keras3/SGD"]):
    def _clip(self, grads):
        if not (self.clipnorm or self.global_clipnorm):
            return super()._clip(grads)
        narrow = {k: g.astype(np.float32) for k, g in grads.items()}
        whole, self.dtype = self.dtype, np.dtype(np.float32)
        clipped = super()._clip(narrow)
        self.dtype = whole
        return {k: g.astype(self.dtype) for k, g in clipped.items()}


def _all_in(base: type[Any], kind: str) -> type[Any]:
    """Compute whole steps in a type, and keep the results in that of the parameters."""

    class Rounding(base):
        def update(self, p, g, slots, lr):
            whole, self.dtype = self.dtype, float_type(kind).numpy
            narrow = {name: np.asarray(a).astype(self.dtype) for name, a in slots.items()}
            after = super().update(p.astype(self.dtype), g.astype(self.dtype), narrow, lr)
            self.dtype = whole
            slots.update({name: np.asarray(a).astype(whole) for name, a in narrow.items()})
            return np.asarray(after).astype(whole)

    return Rounding


ADAM, SGD = "keras3/Adam", "keras3/SGD"

NARROW = [
    Narrow(
        "adam_hyper_in_float32",
        ADAM,
        _numbers_in(HONEST[ADAM], "float32"),
        "only-beta-1",
        "float64",
        "would pass with hyper_dtype='float32'",
    ),
    Narrow(
        "nadam_hyper_in_float32",
        "keras3/Nadam",
        _numbers_in(HONEST["keras3/Nadam"], "float32"),
        "defaults",
        "float64",
        "would pass with hyper_dtype='float32'",
    ),
    Narrow(
        "adam_declares_float64_holds_float32",
        ADAM,
        HONEST[ADAM],
        "tiny-gradients",
        "float32",
        "would pass with hyper_dtype='float32'",
        hyper_dtype="float64",
    ),
    Narrow(
        "nadam_product_in_float32",
        "keras3/Nadam",
        _NadamOfPyTorch,
        "defaults",
        "float64",
        "would pass if slot mu_product were held in float32",
    ),
    Narrow(
        "nadam_constant_in_float32",
        "keras3/Nadam",
        _NadamOfNarrowConstants,
        "coarse",
        "float64",
        "would pass with hyper_dtype={'*': 'float32'}",
    ),
    Narrow(
        "adam_computes_in_what_it_stores",
        ADAM,
        HONEST[ADAM],
        "coarse-from-zero",
        "bfloat16",
        "would pass with compute_dtype='bfloat16'",
        compute_dtype="float32",
    ),
    Narrow(
        "adam_second_moment_in_bfloat16",
        ADAM,
        _slot_in(HONEST[ADAM], "v", "bfloat16"),
        "coarse",
        "float32",
        "would pass if slot v were held in bfloat16",
    ),
    Narrow(
        "adam_gradients_in_float16",
        ADAM,
        _gradients_in(HONEST[ADAM], "float16"),
        "tiny-gradients",
        "float32",
        "would pass with gradients rounded to float16",
    ),
    Narrow(
        "sgd_gradients_in_float32",
        SGD,
        _gradients_in(HONEST[SGD], "float32"),
        "vanishing-gradients",
        "float64",
        "would pass with gradients rounded to float32",
    ),
    Narrow(
        "sgd_clips_in_float32",
        SGD,
        _NarrowClip,
        "accumulation-clipped",
        "float64",
        "would pass with compute_dtype='float32' in `clip`",
    ),
    Narrow(
        "adam_in_float32",
        ADAM,
        _all_in(HONEST[ADAM], "float32"),
        "only-beta-1",
        "float64",
        "would pass with compute_dtype='float32'",
    ),
    Narrow(
        "sgd_average_in_float32",
        SGD,
        _NarrowAverage,
        "only-ema-momentum",
        "float64",
        "would pass with compute_dtype='float32' in `average`",
    ),
]
