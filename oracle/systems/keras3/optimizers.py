"""Keras 3 (`keras.optimizers`): each optimizer's arguments, defaults and rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from oracle.rules.rule import Rule
from oracle.rules.sgd import sgd, sgd_momentum, sgd_nesterov
from oracle.specification.checks import (
    at_least,
    at_most,
    between,
    count,
    flag,
    floating,
    indices,
    optional,
    real,
)
from oracle.specification.spec import Argument, Hyper, Spec
from oracle.systems.keras3.base import Keras3
from oracle.systems.keras3.schedules import check_schedule

KERAS3 = Keras3()


def _learning_rate(value: Any) -> str | None:
    if isinstance(value, Mapping):
        return check_schedule(value)
    return floating(value)


_BASE = (
    Argument("weight_decay", None, "decoupled weight decay, times the rate", optional(real)),
    Argument("clipnorm", None, "largest norm of each gradient", optional(real)),
    Argument("clipvalue", None, "largest magnitude of an element", optional(real)),
    Argument("global_clipnorm", None, "largest common norm of all gradients", optional(real)),
    Argument("use_ema", False, "keep a moving average of the weights", flag),
    Argument("ema_momentum", 0.99, "share of the last average that is kept", real),
    Argument("ema_overwrite_frequency", None, "steps between overwriting weights", optional(real)),
    Argument("loss_scale_factor", None, "what the loss was multiplied by", optional(real)),
    Argument(
        "gradient_accumulation_steps", None, "steps whose mean is applied", optional(count(2))
    ),
    Argument(
        "exclude_from_weight_decay",
        None,
        "indices of parameters handed to exclude_from_weight_decay(var_list=...)",
        optional(indices),
    ),
)
_BETA_1 = Argument("beta_1", 0.9, "decay rate of the first moment", real)
_BETA_2 = Argument("beta_2", 0.999, "decay rate of the second moment", real)
_EPSILON = Argument("epsilon", 1e-7, "keeps the denominator away from 0", real)
_ACCUMULATOR = Argument(
    "initial_accumulator_value", 0.1, "where the sum of squares starts", at_least(0)
)
_ADAM = (
    _BETA_1,
    _BETA_2,
    _EPSILON,
    Argument("amsgrad", False, "keep the largest second moment", flag),
)


def _spec(
    name: str,
    doc: str,
    own: tuple[Argument, ...],
    forms: tuple[Rule, ...],
    choose: Callable[[Hyper], Rule] | None = None,
    *,
    learning_rate: float = 0.001,
    quirks: tuple[str, ...] = (),
) -> Spec:
    rate = Argument("learning_rate", learning_rate, "step size, or a schedule", _learning_rate)
    names = {a.name for a in own}
    arguments = (rate, *own, *(a for a in _BASE if a.name not in names))
    return Spec(
        KERAS3,
        name,
        {a.name: a for a in arguments},
        choose or (lambda hyper: forms[0]),
        forms,
        (name.lower(),),
        doc,
        quirks,
    )


def _choose_sgd(hyper: Hyper) -> Rule:
    if float(hyper["momentum"]) == 0:
        return sgd
    return sgd_nesterov if hyper["nesterov"] else sgd_momentum


def _choose_rmsprop(hyper: Hyper) -> Rule:
    has_momentum = float(hyper["momentum"]) > 0
    if hyper["centered"]:
        return rmsprop_centered_momentum if has_momentum else rmsprop_centered
    return rmsprop_momentum if has_momentum else rmsprop


def _choose_adam(hyper: Hyper) -> Rule:
    return amsgrad_epsilon_hat if hyper["amsgrad"] else adam_epsilon_hat


_EPSILON_HAT = "Epsilon stands beside the uncorrected root (epsilon hat)."

SPECS = (
    _spec(
        "SGD",
        "Gradient descent with momentum and Nesterov's momentum.",
        (
            Argument("momentum", 0.0, "share of the velocity kept", between(0, 1, check=floating)),
            Argument("nesterov", False, "look ahead", flag),
        ),
        (sgd, sgd_momentum, sgd_nesterov),
        _choose_sgd,
        learning_rate=0.01,
        quirks=("The learning rate is inside the velocity.",),
    ),
    _spec(
        "RMSprop",
        "RMSprop, centered or not, with momentum or without.",
        (
            Argument("rho", 0.9, "decay rate of the mean square", real),
            Argument("momentum", 0.0, "share of the last step that is kept", real),
            _EPSILON,
            Argument("centered", False, "divide by the standard deviation", flag),
        ),
        (rmsprop, rmsprop_momentum, rmsprop_centered, rmsprop_centered_momentum),
        _choose_rmsprop,
        quirks=("Epsilon is under the root.",),
    ),
    _spec(
        "Adagrad",
        "Adagrad.",
        (_ACCUMULATOR, _EPSILON),
        (adagrad,),
        quirks=("The accumulator starts at 0.1.", "Epsilon is under the root."),
    ),
    _spec(
        "Adadelta",
        "Adadelta, scaled by a learning rate.",
        (Argument("rho", 0.95, "decay rate of both averages", real), _EPSILON),
        (adadelta,),
    ),
    _spec(
        "Adam",
        "Adam and AMSGrad.",
        _ADAM,
        (adam_epsilon_hat, amsgrad_epsilon_hat),
        _choose_adam,
        quirks=(_EPSILON_HAT, "AMSGrad takes its maximum before the bias correction."),
    ),
    _spec(
        "AdamW",
        "Adam with decoupled weight decay on by default.",
        (Argument("weight_decay", 0.004, "decoupled weight decay, times the rate", real), *_ADAM),
        (adam_epsilon_hat, amsgrad_epsilon_hat),
        _choose_adam,
        quirks=(_EPSILON_HAT, "The weights decay before the update."),
    ),
    _spec("Adamax", "Adamax.", (_BETA_1, _BETA_2, _EPSILON), (adamax,)),
    _spec(
        "Nadam",
        "Nadam with its momentum schedule.",
        (_BETA_1, _BETA_2, _EPSILON),
        (nadam,),
        quirks=("The momentum schedule takes whole steps: 0.96**t.",),
    ),
    _spec(
        "Ftrl",
        "FTRL-Proximal with L2 shrinkage.",
        (
            Argument("learning_rate_power", -0.5, "exponent of the step size", at_most(0)),
            _ACCUMULATOR,
            Argument("l1_regularization_strength", 0.0, "L1 penalty", at_least(0)),
            Argument("l2_regularization_strength", 0.0, "L2 penalty", at_least(0)),
            Argument(
                "l2_shrinkage_regularization_strength", 0.0, "L2 on the gradient", at_least(0)
            ),
            Argument("beta", 0.0, "added to the root of the sum of squares", real),
        ),
        (ftrl,),
        quirks=("A weight whose gradients were all 0 becomes 0 at the first step.",),
    ),
    _spec(
        "Lion",
        "Lion: the sign of an interpolated momentum.",
        (
            Argument("beta_1", 0.9, "interpolation of the direction", between(0, 1, low_open=True)),
            Argument("beta_2", 0.99, "decay rate of the momentum", real),
        ),
        (lion,),
    ),
)
