"""Keras 2.3.1 (`keras.optimizers`): each optimizer's arguments, defaults and rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracle.rules.adadelta import adadelta
from oracle.rules.adagrad import adagrad_epsilon_outside
from oracle.rules.adam import adam_epsilon_hat, amsgrad_epsilon_hat
from oracle.rules.adamax import adamax
from oracle.rules.nadam import nadam_schedule_decay
from oracle.rules.rmsprop import rmsprop_epsilon_outside
from oracle.rules.sgd import sgd_momentum, sgd_nesterov
from oracle.specification.checks import optional, real
from oracle.specification.domains import (
    DecayRate,
    Epsilon,
    Flag,
    Momentum,
    Rate,
    Share,
    Threshold,
    among,
)
from oracle.specification.forms import Forms
from oracle.specification.spec import Argument, Spec
from oracle.systems.keras2.base import SUMMED_FIRST, Keras2

EPSILON = 1e-7
"""keras.backend.epsilon(), the default wherever ``epsilon`` is not given."""

KERAS2 = Keras2()

_COMMON = (
    Argument("clipnorm", None, Threshold(), "largest common norm of all gradients"),
    Argument("clipvalue", None, Threshold(), "largest magnitude of a gradient's element"),
)


def _a_fraction(value: Any) -> str | None:
    """Say what Keras' page of Adadelta says of rho."""
    says = "Keras 2.3.1 calls rho a fraction of the gradient to keep"
    return says if isinstance(value, (int, float)) and value > 1 else None


def _inside(value: Any) -> str | None:
    """Say what Keras' pages say of both betas."""
    return (
        None if isinstance(value, (int, float)) and 0 < value < 1 else "0 < beta < 1 in Keras 2.3.1"
    )


_DECAY = Argument(
    "decay",
    0.0,
    among(0.0625, 0.5, counting=2.0**-6, only_positive=True),
    "the learning rate is divided by 1 + decay * iterations",
)
_BETA_1 = Argument("beta_1", 0.9, DecayRate(), "decay rate of the first moment", advice=_inside)
_BETA_2 = Argument("beta_2", 0.999, DecayRate(), "decay rate of the second moment", advice=_inside)
_EPSILON = Argument("epsilon", EPSILON, Epsilon(), "keeps the denominator away from 0")


def _spec(
    name: str,
    doc: str,
    learning_rate: float,
    own: tuple[Argument, ...],
    forms: Forms,
    quirks: tuple[str, ...] = (),
) -> Spec:
    rate = (
        Argument("learning_rate", learning_rate, Rate(), "step size"),
        Argument(
            "lr",
            None,
            Rate(optional(real), usual=False, coarse=(), others=(), decimals=()),
            "the older name of learning_rate; it wins over it",
        ),
    )
    arguments: Mapping[str, Argument] = {a.name: a for a in (*rate, *own, *_COMMON)}
    return Spec(
        KERAS2,
        name,
        arguments,
        forms,
        (name.lower(),),
        doc,
        quirks,
        sparse=SUMMED_FIRST,
    )


_MOMENTUM = Argument("momentum", 0.0, Momentum(), "share of the last velocity that is kept")

SPECS = (
    _spec(
        "SGD",
        "Gradient descent with momentum and Nesterov's momentum.",
        0.01,
        (_MOMENTUM, Argument("nesterov", False, Flag(), "look ahead", needs=("momentum",)), _DECAY),
        {(): sgd_momentum, ("nesterov",): sgd_nesterov},
        ("The learning rate is inside the velocity: changing it does not rescale the past.",),
    ),
    _spec(
        "RMSprop",
        "RMSprop, not centered.",
        0.001,
        (
            Argument("rho", 0.9, Share(), "decay rate of the mean square", advice=_a_fraction),
            _EPSILON,
            _DECAY,
        ),
        {(): rmsprop_epsilon_outside},
        quirks=(
            "Epsilon is added to the root, not under it.",
            "K.sqrt clips a negative number to 0: with rho above 1, which is not refused, the mean "
            "square turns negative, its root is 0, and only epsilon is left of the denominator.",
        ),
    ),
    _spec(
        "Adagrad",
        "Adagrad.",
        0.01,
        (_EPSILON, _DECAY),
        {(): adagrad_epsilon_outside},
        quirks=("The accumulator starts at 0.",),
    ),
    _spec(
        "Adadelta",
        "Adadelta, scaled by a learning rate.",
        1.0,
        (
            Argument("rho", 0.95, Share(), "decay rate of both averages", advice=_a_fraction),
            _EPSILON,
            _DECAY,
        ),
        {(): adadelta},
        quirks=(
            "rho is a Python number, where the other optimizers keep a variable.",
            "K.sqrt clips a negative number to 0: with rho above 1, which is not refused, both "
            "averages turn negative, and a root is 0 where epsilon does not outweigh its average.",
        ),
    ),
    _spec(
        "Adam",
        "Adam and AMSGrad.",
        0.001,
        (
            _BETA_1,
            _BETA_2,
            _EPSILON,
            _DECAY,
            Argument("amsgrad", False, Flag(), "keep the largest second moment"),
        ),
        {(): adam_epsilon_hat, ("amsgrad",): amsgrad_epsilon_hat},
        (
            "Epsilon stands beside the uncorrected root (epsilon hat).",
            "AMSGrad takes its maximum before the bias correction.",
            "K.sqrt clips a negative number to 0: with beta_2 above 1, which is not refused, the "
            "parameters stand still.",
        ),
    ),
    _spec("Adamax", "Adamax.", 0.002, (_BETA_1, _BETA_2, _EPSILON, _DECAY), {(): adamax}),
    _spec(
        "Nadam",
        "Nadam with its momentum schedule.",
        0.002,
        (
            _BETA_1,
            _BETA_2,
            _EPSILON,
            Argument(
                "schedule_decay",
                0.004,
                among(0.125, 0.0, 32.0, usual=True),
                "rate of the momentum schedule",
            ),
        ),
        {(): nadam_schedule_decay},
        quirks=(
            "There is no learning-rate decay.",
            "The first moment decays by beta_1, not by the scheduled momentum.",
        ),
    ),
)
