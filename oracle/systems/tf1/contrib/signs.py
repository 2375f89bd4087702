"""TensorFlow 1.15.5 (`tf.contrib.opt`): AddSign and PowerSign."""

from __future__ import annotations

import math
from dataclasses import replace

from oracle.rules.rule import Rule
from oracle.rules.sign_agreement import (
    add_sign,
    add_sign_decayed,
    power_sign,
    power_sign_decayed,
    power_sign_of_e,
)
from oracle.specification.checks import between, real
from oracle.specification.sparse import LAZY_PARAMS
from oracle.specification.spec import Argument, Hyper
from oracle.systems.tf1.contrib.base import contrib_spec
from oracle.systems.tf1.contrib.sign_decay import sign_decay_fn

_RATE = Argument("learning_rate", 0.1, "step size", real)
_MEAN = Argument("beta", 0.9, "decay rate of the mean gradient", real)
_POSITIVE = between(0, float("inf"), low_open=True)
_DECAY = Argument(
    "sign_decay_fn", None, "how the agreement of signs fades, in float32", sign_decay_fn
)
_REF_ONLY = replace(LAZY_PARAMS, doc=f"{LAZY_PARAMS.doc} Resource variables take none.")
_QUIRKS = (
    "The gradient itself is scaled; nothing divides by its size.",
    "The mean has no bias correction.",
    "The decay of the sign reads the global step before its increment.",
)


def _choose_add_sign(hyper: Hyper) -> Rule:
    return add_sign if hyper["sign_decay_fn"] is None else add_sign_decayed


def _choose_power_sign(hyper: Hyper) -> Rule:
    return power_sign if hyper["sign_decay_fn"] is None else power_sign_decayed


SIGNS = (
    replace(
        contrib_spec(
            "AddSignOptimizer",
            "AddSign.",
            (
                _RATE,
                Argument("alpha", 1.0, "factor of the gradient without its sign", real),
                _MEAN,
                _DECAY,
            ),
            add_sign,
            add_sign_decayed,
            quirks=(*_QUIRKS, "A mean of 0 has the sign 0, so that alpha acts alone."),
            names={},
            sparse=_REF_ONLY,
        ),
        rules=_choose_add_sign,
    ),
    replace(
        contrib_spec(
            "PowerSignOptimizer",
            "PowerSign.",
            (
                _RATE,
                Argument(
                    "base", math.e, "what is raised to the sign; its logarithm enters", _POSITIVE
                ),
                _MEAN,
                _DECAY,
            ),
            power_sign,
            power_sign_decayed,
            quirks=(
                *_QUIRKS,
                "A mean of 0 has the sign 0, so that the step is that of gradient descent.",
                "The logarithm of the base is a double before it is rounded to float32.",
            ),
            names={"log_base": "base"},
            sparse=replace(
                _REF_ONLY,
                doc=f"{_REF_ONLY.doc} The power is one of Euler's number, held in float32.",
                choose=lambda hyper: power_sign_of_e,
                forms=(power_sign_of_e,),
            ),
        ),
        rules=_choose_power_sign,
    ),
)
