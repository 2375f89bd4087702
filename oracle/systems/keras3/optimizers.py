"""Keras 3 (`keras.optimizers`): each optimizer's arguments, defaults and rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracle.rules.adadelta import adadelta
from oracle.rules.adagrad import adagrad
from oracle.rules.adam import adam_epsilon_hat, amsgrad_epsilon_hat
from oracle.rules.adamax import adamax
from oracle.rules.ftrl import ftrl
from oracle.rules.lion import lion
from oracle.rules.nadam import nadam
from oracle.rules.rmsprop import (
    rmsprop,
    rmsprop_centered,
    rmsprop_centered_momentum,
    rmsprop_momentum,
)
from oracle.rules.sgd import sgd, sgd_momentum, sgd_nesterov
from oracle.specification.checks import (
    at_least,
    at_most,
    between,
    count,
    floating,
    optional,
    real,
)
from oracle.specification.domains import (
    Count,
    Domain,
    Epsilon,
    Flag,
    Halvings,
    Indices,
    Moment,
    Momentum,
    ScheduledRate,
    Share,
    Start,
    Threshold,
    Whole,
    among,
    penalty,
)
from oracle.specification.forms import Forms
from oracle.specification.spec import Argument, Spec
from oracle.systems.keras3 import schedules
from oracle.systems.keras3.base import Keras3

KERAS3 = Keras3()


FALLING = {
    "class_name": "InverseTimeDecay",
    "config": {"initial_learning_rate": 0.5, "decay_steps": 64, "decay_rate": 1.0},
}
"""A rate that shows at every step how many came before."""


def _learning_rate(value: Any) -> str | None:
    if isinstance(value, Mapping):
        return schedules.check_schedule(value)
    return floating(value)


BASE = (
    Argument(
        "weight_decay",
        None,
        among(0.0625, 0.004, 0.5, check=optional(real), on=0.0625, zero_is_on=True),
        "decoupled weight decay, times the rate",
    ),
    Argument("clipnorm", None, Threshold(), "largest norm of each gradient"),
    Argument("clipvalue", None, Threshold(), "largest magnitude of an element"),
    Argument("global_clipnorm", None, Threshold(), "largest common norm of all gradients"),
    Argument("use_ema", False, Flag(counting=True), "keep a moving average of the weights"),
    Argument(
        "ema_momentum",
        0.99,
        among(0.5, 0.75, 0.99, counting=0.5),
        "share of the last average that is kept",
        needs=("use_ema",),
    ),
    Argument(
        "ema_overwrite_frequency",
        None,
        Count(optional(real), Whole(1, 3), counting=2),
        "steps between overwriting weights",
        needs=("use_ema",),
    ),
    Argument(
        "loss_scale_factor",
        None,
        Domain(optional(real), Halvings(-3, 3), zero_is_on=True),
        "what the loss was multiplied by",
    ),
    Argument(
        "gradient_accumulation_steps",
        None,
        Count(optional(count(2)), Whole(2, 3), counting=2),
        "steps whose mean is applied",
    ),
    Argument(
        "exclude_from_weight_decay",
        None,
        Indices(),
        "indices of parameters handed to exclude_from_weight_decay(var_list=...)",
        needs=("weight_decay",),
    ),
)
_BETA_1 = Argument("beta_1", 0.9, Moment(), "decay rate of the first moment")
_BETA_2 = Argument("beta_2", 0.999, Moment(), "decay rate of the second moment")
_EPSILON = Argument("epsilon", 1e-7, Epsilon(), "keeps the denominator away from 0")
_ACCUMULATOR = Argument(
    "initial_accumulator_value", 0.1, Start(at_least(0)), "where the sum of squares starts"
)
_ADAM = (
    _BETA_1,
    _BETA_2,
    _EPSILON,
    Argument("amsgrad", False, Flag(), "keep the largest second moment"),
)


_RATE = ScheduledRate(
    _learning_rate, counting=FALLING, schedules=schedules.DEFAULTS, at=schedules.learning_rate
)


def _spec(
    name: str,
    doc: str,
    own: tuple[Argument, ...],
    forms: Forms,
    *,
    learning_rate: float = 0.001,
    quirks: tuple[str, ...] = (),
) -> Spec:
    rate = Argument(
        "learning_rate",
        learning_rate,
        _RATE,
        "step size, or a schedule",
    )
    names = {a.name for a in own}
    arguments = (rate, *own, *(a for a in BASE if a.name not in names))
    return Spec(
        KERAS3,
        name,
        {a.name: a for a in arguments},
        forms,
        (name.lower(),),
        doc,
        quirks,
    )


_ADAM_FORMS = {(): adam_epsilon_hat, ("amsgrad",): amsgrad_epsilon_hat}
_EPSILON_HAT = "Epsilon stands beside the uncorrected root (epsilon hat)."

SPECS = (
    _spec(
        "SGD",
        "Gradient descent with momentum and Nesterov's momentum.",
        (
            Argument(
                "momentum",
                0.0,
                Momentum(between(0, 1, check=floating)),
                "share of the velocity kept",
            ),
            Argument("nesterov", False, Flag(), "look ahead", needs=("momentum",)),
        ),
        {
            (): sgd,
            ("momentum",): sgd_momentum,
            ("momentum", "nesterov"): sgd_nesterov,
        },
        learning_rate=0.01,
        quirks=("The learning rate is inside the velocity.",),
    ),
    _spec(
        "RMSprop",
        "RMSprop, centered or not, with momentum or without.",
        (
            Argument("rho", 0.9, Share(), "decay rate of the mean square"),
            Argument(
                "momentum", 0.0, Momentum(only_positive=True), "share of the last step that is kept"
            ),
            _EPSILON,
            Argument("centered", False, Flag(), "divide by the standard deviation"),
        ),
        {
            (): rmsprop,
            ("momentum",): rmsprop_momentum,
            ("centered",): rmsprop_centered,
            ("momentum", "centered"): rmsprop_centered_momentum,
        },
        quirks=("Epsilon is under the root.",),
    ),
    _spec(
        "Adagrad",
        "Adagrad.",
        (_ACCUMULATOR, _EPSILON),
        {(): adagrad},
        quirks=("The accumulator starts at 0.1.", "Epsilon is under the root."),
    ),
    _spec(
        "Adadelta",
        "Adadelta, scaled by a learning rate.",
        (Argument("rho", 0.95, Share(), "decay rate of both averages"), _EPSILON),
        {(): adadelta},
    ),
    _spec(
        "Adam",
        "Adam and AMSGrad.",
        _ADAM,
        _ADAM_FORMS,
        quirks=(_EPSILON_HAT, "AMSGrad takes its maximum before the bias correction."),
    ),
    _spec(
        "AdamW",
        "Adam with decoupled weight decay on by default.",
        (
            Argument(
                "weight_decay",
                0.004,
                among(0.0625, 0.004, 0.5, on=0.0625, zero_is_on=True),
                "decoupled weight decay, times the rate",
            ),
            *_ADAM,
        ),
        _ADAM_FORMS,
        quirks=(_EPSILON_HAT, "The weights decay before the update."),
    ),
    _spec("Adamax", "Adamax.", (_BETA_1, _BETA_2, _EPSILON), {(): adamax}),
    _spec(
        "Nadam",
        "Nadam with its momentum schedule.",
        (_BETA_1, _BETA_2, _EPSILON),
        {(): nadam},
        quirks=("The momentum schedule takes whole steps: 0.96**t.",),
    ),
    _spec(
        "Ftrl",
        "FTRL-Proximal with L2 shrinkage.",
        (
            Argument(
                "learning_rate_power",
                -0.5,
                among(-0.25, -1.0, -0.75, check=at_most(0), on=-0.25),
                "exponent of the step size",
            ),
            _ACCUMULATOR,
            Argument(
                "l1_regularization_strength", 0.0, penalty(at_least(0), 0.0625, 0.5), "L1 penalty"
            ),
            Argument(
                "l2_regularization_strength",
                0.0,
                penalty(at_least(0), 0.125, 0.75, counting=2.0**-10),
                "L2 penalty",
            ),
            Argument(
                "l2_shrinkage_regularization_strength",
                0.0,
                penalty(at_least(0), 0.03125, 0.375),
                "L2 on the gradient",
            ),
            Argument(
                "beta",
                0.0,
                among(0.0, 0.1875, 1.0, usual=True),
                "added to the root of the sum of squares",
            ),
        ),
        {(): ftrl},
        quirks=("A weight whose gradients were all 0 becomes 0 at the first step.",),
    ),
    _spec(
        "Lion",
        "Lion: the sign of an interpolated momentum.",
        (
            Argument(
                "beta_1",
                0.9,
                Moment(between(0, 1, low_open=True)),
                "interpolation of the direction",
            ),
            Argument("beta_2", 0.99, Moment(), "decay rate of the momentum"),
        ),
        {(): lion},
    ),
)
