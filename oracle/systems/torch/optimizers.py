"""PyTorch 2.13.0 (`torch.optim`): each optimizer's arguments, defaults and rule."""

from __future__ import annotations

from dataclasses import replace

from oracle.rules.directions.adadelta import adadelta
from oracle.rules.directions.adagrad_epsilon_outside import adagrad, adagrad_lr_decay
from oracle.rules.directions.adam import adam, amsgrad
from oracle.rules.directions.adamax import adamax
from oracle.rules.directions.momentum import heavy_ball, nesterov
from oracle.rules.directions.momentum_dampened import heavy_ball_dampened
from oracle.rules.directions.nadam import nadam
from oracle.rules.directions.radam import radam
from oracle.rules.directions.rmsprop import (
    rmsprop_centered_epsilon_outside,
    rmsprop_epsilon_outside,
)
from oracle.rules.directions.rmsprop_momentum import (
    rmsprop_centered_momentum,
    rmsprop_momentum,
)
from oracle.rules.gradient import gradient_itself
from oracle.specification.checks import at_least, between
from oracle.specification.domains import Flag, Momentum, Share, Start, among, penalty
from oracle.specification.spec import Argument
from oracle.systems.torch.arguments import (
    AMSGRAD,
    DECOUPLED,
    NOT_NEGATIVE,
    SHARE,
    betas,
    eps,
    lr,
    numbered,
    torch_spec,
    weight_decay,
)
from oracle.systems.torch.base import count

_NOT_NEGATIVE = at_least(0)
_EPSILON = {"epsilon": "eps"}
_ADAM_FORMS = {(): adam, ("amsgrad",): amsgrad}
_ADAM_QUIRKS = (
    "Epsilon stands beside the root of the corrected second moment.",
    "AMSGrad takes its maximum before the bias correction.",
)
_COUPLED = "The weight decay is coupled: it is added to the gradient."

SPECS = (
    torch_spec(
        "SGD",
        "Gradient descent with momentum, dampened or Nesterov's.",
        (
            lr(1e-3, _NOT_NEGATIVE),
            Argument("momentum", 0.0, Momentum(_NOT_NEGATIVE), "share of the buffer that is kept"),
            Argument(
                "dampening",
                0.0,
                among(0.25, 0.5, 1.0, -0.5, on=0.25, others=(0.25,), decimals=(0.3,)),
                "share of each gradient but the first that the buffer does not take",
                needs=("momentum",),
            ),
            weight_decay(0.0, _NOT_NEGATIVE),
            Argument("nesterov", False, Flag(), "look ahead", needs=("momentum",)),
        ),
        {
            (): gradient_itself,
            ("momentum",): heavy_ball,
            ("momentum", "dampening"): heavy_ball_dampened,
            ("momentum", "nesterov"): nesterov,
        },
        counts=False,
        before=(replace(count, asks=("momentum", "dampening")),),
        quirks=(
            "The learning rate is outside the buffer: changing it rescales the past.",
            "The first gradient of a parameter enters the buffer without dampening.",
            _COUPLED,
        ),
    ),
    torch_spec(
        "Adam",
        "Adam and AMSGrad.",
        (
            lr(1e-3),
            betas(),
            eps(),
            weight_decay(),
            AMSGRAD,
            DECOUPLED,
        ),
        _ADAM_FORMS,
        names=_EPSILON,
        quirks=(*_ADAM_QUIRKS, _COUPLED),
    ),
    torch_spec(
        "AdamW",
        "Adam with decoupled weight decay.",
        (lr(1e-3), betas(), eps(), weight_decay(1e-2), AMSGRAD),
        _ADAM_FORMS,
        names=_EPSILON,
        quirks=(*_ADAM_QUIRKS, "The weights decay before the update, in proportion to the rate."),
    ),
    torch_spec(
        "Adamax",
        "Adamax.",
        (lr(2e-3), betas(SHARE), eps(), weight_decay()),
        {(): adamax},
        names=_EPSILON,
        quirks=("Epsilon is inside the maximum, added to the gradient's magnitude.", _COUPLED),
    ),
    torch_spec(
        "NAdam",
        "Adam with Nesterov's momentum, under a warming schedule.",
        (
            lr(2e-3),
            betas(SHARE),
            eps(),
            weight_decay(),
            Argument(
                "momentum_decay",
                4e-3,
                among(
                    0.004,
                    0.5,
                    1.0,
                    0.0,
                    usual=True,
                    check=NOT_NEGATIVE,
                    coarse=(0.5,),
                    others=(1.0, 0.25),
                    decimals=(0.3,),
                ),
                "how fast the momentum warms up",
            ),
            DECOUPLED,
        ),
        {(): nadam},
        names=_EPSILON,
        quirks=(
            "The momentum warms up to beta_1, by 0.96 to the power of momentum_decay a step.",
            _COUPLED,
        ),
    ),
    torch_spec(
        "RAdam",
        "Adam rectified: momentum alone, until the second moment says enough.",
        (lr(1e-3), betas(SHARE), eps(), weight_decay(), DECOUPLED),
        {(): radam},
        names=_EPSILON,
        quirks=(
            "It is rectified where rho_t is above 5, not from 5 on.",
            "Epsilon stands beside the uncorrected root (epsilon hat).",
            _COUPLED,
        ),
    ),
    torch_spec(
        "RMSprop",
        "RMSprop, centered or not, with momentum or without.",
        (
            lr(1e-2),
            Argument("alpha", 0.99, Share(NOT_NEGATIVE), "decay rate of the mean square"),
            eps(),
            weight_decay(),
            Argument("momentum", 0.0, Momentum(NOT_NEGATIVE), "share of the buffer that is kept"),
            Argument("centered", False, Flag(), "divide by the standard deviation"),
        ),
        {
            (): rmsprop_epsilon_outside,
            ("momentum",): rmsprop_momentum,
            ("centered",): rmsprop_centered_epsilon_outside,
            ("momentum", "centered"): rmsprop_centered_momentum,
        },
        counts=False,
        names={**_EPSILON, "rho": "alpha"},
        quirks=(
            "Epsilon is outside the root.",
            "The learning rate is outside the buffer: changing it rescales the past.",
            _COUPLED,
        ),
    ),
    torch_spec(
        "Adagrad",
        "Adagrad, its rate constant or falling.",
        (
            lr(1e-2),
            Argument(
                "lr_decay",
                0.0,
                penalty(NOT_NEGATIVE, 0.5, 0.125, 0.01, only_positive=False, counting=0.5),
                "how fast the steps get shorter",
            ),
            weight_decay(),
            Argument(
                "initial_accumulator_value",
                0.0,
                Start(NOT_NEGATIVE),
                "where the sum of squares starts",
            ),
            eps(1e-10),
        ),
        {(): adagrad, ("lr_decay",): adagrad_lr_decay},
        counts=False,
        before=(replace(count, asks=("lr_decay",)),),
        names=_EPSILON,
        quirks=("The accumulator starts at 0.", "Epsilon is outside the root.", _COUPLED),
    ),
    torch_spec(
        "Adadelta",
        "Adadelta, scaled by a learning rate.",
        (
            lr(1.0),
            Argument("rho", 0.9, Share(numbered(between(0, 1))), "decay rate of both averages"),
            eps(1e-6),
            weight_decay(),
        ),
        {(): adadelta},
        counts=False,
        names=_EPSILON,
        quirks=("The learning rate is 1 by default.", _COUPLED),
    ),
)
