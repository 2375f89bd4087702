"""Keras 3 (`keras.optimizers`): each optimizer's arguments, defaults and rule."""

from __future__ import annotations

from typing import Any

from oracle.rules.adadelta import adadelta
from oracle.rules.adafactor import adafactor, adafactor_vector
from oracle.rules.adagrad import adagrad
from oracle.rules.adam import adam_epsilon_hat, amsgrad_epsilon_hat
from oracle.rules.adamax import adamax
from oracle.rules.ftrl import ftrl
from oracle.rules.lamb import lamb
from oracle.rules.lion import lion
from oracle.rules.nadam import nadam
from oracle.rules.rmsprop import (
    rmsprop,
    rmsprop_centered,
    rmsprop_centered_momentum,
    rmsprop_momentum,
)
from oracle.rules.schedule_free import schedule_free_adamw
from oracle.rules.sgd import sgd, sgd_momentum, sgd_nesterov
from oracle.specification.apart import without_rows
from oracle.specification.checks import (
    at_least,
    at_most,
    between,
    floating,
)
from oracle.specification.domains import (
    DecayRate,
    Epsilon,
    Flag,
    Momentum,
    Share,
    Start,
    among,
    penalty,
)
from oracle.specification.draws import Among
from oracle.specification.spec import Argument
from oracle.systems.keras3.arguments import keras3_spec

_BETA_1 = Argument("beta_1", 0.9, DecayRate(), "decay rate of the first moment")
_BETA_2 = Argument("beta_2", 0.999, DecayRate(), "decay rate of the second moment")
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
_POWERS: dict[str, Any] = {"on": -0.25, "others": (-0.25,), "decimals": (-0.7,)}
_ADAM_FORMS = {(): adam_epsilon_hat, ("amsgrad",): amsgrad_epsilon_hat}
_POWER = among(-0.5, -1.0, usual=True, coarse=(-0.5,), others=(-1.0,), decimals=(-0.7,))
_CLIP = among(0.5, 1.0, 2.0, usual=True, coarse=(0.5,), others=(2.0,), decimals=(0.7,))
_EPSILON_HAT = "Epsilon stands beside the uncorrected root (epsilon hat)."

SPECS = (
    keras3_spec(
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
    keras3_spec(
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
    keras3_spec(
        "Adagrad",
        "Adagrad.",
        (_ACCUMULATOR, _EPSILON),
        {(): adagrad},
        quirks=("The accumulator starts at 0.1.", "Epsilon is under the root."),
    ),
    keras3_spec(
        "Adadelta",
        "Adadelta, scaled by a learning rate.",
        (Argument("rho", 0.95, Share(), "decay rate of both averages"), _EPSILON),
        {(): adadelta},
    ),
    keras3_spec(
        "Adam",
        "Adam and AMSGrad.",
        _ADAM,
        _ADAM_FORMS,
        quirks=(_EPSILON_HAT, "AMSGrad takes its maximum before the bias correction."),
    ),
    keras3_spec(
        "AdamW",
        "Adam with decoupled weight decay on by default.",
        (
            Argument(
                "weight_decay",
                0.004,
                among(0.0625, 0.004, 0.5, on=0.0625, zero_is_on=True, coarse=(0.25,)),
                "decoupled weight decay, times the rate",
            ),
            *_ADAM,
        ),
        _ADAM_FORMS,
        quirks=(_EPSILON_HAT, "The weights decay before the update."),
    ),
    keras3_spec("Adamax", "Adamax.", (_BETA_1, _BETA_2, _EPSILON), {(): adamax}),
    keras3_spec(
        "Nadam",
        "Nadam with its momentum schedule.",
        (_BETA_1, _BETA_2, _EPSILON),
        {(): nadam},
        quirks=("The momentum schedule takes whole steps: 0.96**t.",),
    ),
    keras3_spec(
        "Ftrl",
        "FTRL-Proximal with L2 shrinkage.",
        (
            Argument(
                "learning_rate_power",
                -0.5,
                among(-0.25, -1.0, -0.75, check=at_most(0), **_POWERS),
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
                among(0.0, 0.1875, 1.0, usual=True, coarse=(0.5,)),
                "added to the root of the sum of squares",
            ),
        ),
        {(): ftrl},
        quirks=("A weight whose gradients were all 0 becomes 0 at the first step.",),
    ),
    keras3_spec(
        "Lion",
        "Lion: the sign of an interpolated momentum.",
        (
            Argument(
                "beta_1",
                0.9,
                DecayRate(between(0, 1, low_open=True)),
                "interpolation of the direction",
            ),
            Argument("beta_2", 0.99, DecayRate(), "decay rate of the momentum"),
        ),
        {(): lion},
    ),
    keras3_spec(
        "Lamb",
        "LAMB: Adam's direction at a rate that each tensor's norms scale.",
        (_BETA_1, _BETA_2, _EPSILON),
        {(): lamb},
        quirks=("The weights have decayed before their norm is taken.",),
    ),
    keras3_spec(
        "ScheduleFreeAdamW",
        "Schedule-Free AdamW: Adam's steps and their mean in the place of a falling rate.",
        (
            Argument("beta_1", 0.9, DecayRate(drawn=Among((0.5, 0.75, 0.875))), "share of x in p"),
            _BETA_2,
            Argument("epsilon", 1e-8, Epsilon(), _EPSILON.doc),
            Argument("warmup_steps", 0, among(2, 3, on=3), "steps in which the rate rises"),
        ),
        {(): schedule_free_adamw},
        learning_rate=0.0025,
        quirks=("Weights decay at p, not at z.", "beta_1=0 divides by 0."),
    ),
    keras3_spec(
        "Adafactor",
        "Adafactor: a second moment of rows and columns, and steps relative to the weights.",
        (
            Argument("beta_2_decay", -0.8, _POWER, "exponent of the second moment's decay rate"),
            Argument("epsilon_1", 1e-30, Epsilon(), "added to the square of the gradient"),
            Argument("epsilon_2", 1e-3, Epsilon(), "smallest scale of the weights"),
            Argument("clip_threshold", 1.0, _CLIP, "largest root mean square of an update"),
            Argument("relative_step", True, Flag(others=(False,), decimals=(False,)), "nothing"),
        ),
        {(): adafactor},
        quirks=("The rate is at most 1 / sqrt(t), with relative_step=False as well.",),
        apart={(): adafactor_vector},
        stands_apart=without_rows,
    ),
)
