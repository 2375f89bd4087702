"""TensorFlow 1.15.5 (`tf.contrib.opt`): AddSign and PowerSign."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Context, Decimal

from oracle.rules.sign_agreement import (
    add_sign,
    add_sign_decayed,
    power_sign,
    power_sign_decayed,
    power_sign_of_e,
)
from oracle.specification.checks import between
from oracle.specification.domains import Rate, Share, among
from oracle.specification.sparse import LAZY_PARAMS
from oracle.specification.spec import Argument, Hyper
from oracle.systems.tf1.contrib.base import contrib_spec
from oracle.systems.tf1.contrib.sign_decay import SIGN_DECAY, set_sign_decay

_RATE = Argument("learning_rate", 0.1, Rate(), "step size")
_MEAN = Argument("beta", 0.9, Share(), "decay rate of the mean gradient")
_POSITIVE = between(0, float("inf"), low_open=True)
_DECAY = Argument("sign_decay_fn", None, SIGN_DECAY, "how the agreement of signs fades, in float32")
_REF_ONLY = replace(LAZY_PARAMS, doc=f"{LAZY_PARAMS.doc} Resource variables take none.")
_QUIRKS = (
    "The gradient itself is scaled; nothing divides by its size.",
    "The mean has no bias correction.",
    "The decay of the sign reads the global step before its increment.",
)


def log_base(hyper: Hyper) -> float:
    """Return the logarithm of PowerSign's base, a double as the library takes it, rounded once."""
    value = float(hyper["base"])
    return float(Decimal(value).ln(Context(prec=40))) if math.isfinite(value) else value


def euler(hyper: Hyper) -> str:
    """Return Euler's number, of which the sparse kernel takes the power."""
    return "2.718281828459045235360287471352662497757247093699959574966967627724"


SIGNS = (
    contrib_spec(
        "AddSignOptimizer",
        "AddSign.",
        (
            _RATE,
            Argument(
                "alpha",
                1.0,
                among(0.5, 2.0, coarse=(0.5,), others=(2.0,)),
                "factor of the gradient without its sign",
            ),
            _MEAN,
            _DECAY,
        ),
        {(): add_sign, ("sign_decay_fn",): add_sign_decayed},
        quirks=(*_QUIRKS, "A mean of 0 has the sign 0, so that alpha acts alone."),
        names={},
        sparse=_REF_ONLY,
        before=(set_sign_decay,),
    ),
    replace(
        contrib_spec(
            "PowerSignOptimizer",
            "PowerSign.",
            (
                _RATE,
                Argument(
                    "base",
                    math.e,
                    among(1.5, 2.0, 10.0, check=_POSITIVE, coarse=(2.0,), decimals=(3.3,)),
                    "what is raised to the sign; its logarithm enters",
                ),
                _MEAN,
                _DECAY,
            ),
            {(): power_sign, ("sign_decay_fn",): power_sign_decayed},
            quirks=(
                *_QUIRKS,
                "A mean of 0 has the sign 0, so that the step is that of gradient descent.",
                "The logarithm of the base is a double before it is rounded to float32.",
            ),
            names={"log_base": "base"},
            sparse=replace(
                _REF_ONLY,
                doc=f"{_REF_ONLY.doc} The power is one of Euler's number, held in float32.",
                forms={(): power_sign_of_e},
            ),
            before=(set_sign_decay,),
        ),
        derived={"base": log_base, "e": euler},
    ),
)
