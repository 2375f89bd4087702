"""Keras 2.3.1 (`keras.optimizers`): each optimizer's arguments, defaults and rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from oracle.rules.adadelta import adadelta
from oracle.rules.adagrad import adagrad_epsilon_outside
from oracle.rules.adam import adam_epsilon_hat, amsgrad_epsilon_hat
from oracle.rules.adamax import adamax
from oracle.rules.nadam import nadam_schedule_decay
from oracle.rules.rmsprop import rmsprop_epsilon_outside
from oracle.rules.rule import Rule
from oracle.rules.sgd import sgd_momentum, sgd_nesterov
from oracle.specification.checks import flag, optional, real
from oracle.specification.spec import Argument, Hyper, Spec
from oracle.systems.keras2.base import SUMMED_FIRST, Keras2

EPSILON = 1e-7
"""keras.backend.epsilon(), the default wherever ``epsilon`` is not given."""

KERAS2 = Keras2()

_COMMON = (
    Argument("clipnorm", None, "largest common norm of all gradients", optional(real)),
    Argument("clipvalue", None, "largest magnitude of a gradient's element", optional(real)),
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


_DECAY = Argument("decay", 0.0, "the learning rate is divided by 1 + decay * iterations", real)
_BETA_1 = Argument("beta_1", 0.9, "decay rate of the first moment", real, _inside)
_BETA_2 = Argument("beta_2", 0.999, "decay rate of the second moment", real, _inside)
_EPSILON = Argument("epsilon", EPSILON, "keeps the denominator away from 0", real)


def _spec(
    name: str,
    doc: str,
    learning_rate: float,
    own: tuple[Argument, ...],
    forms: tuple[Rule, ...],
    choose: Callable[[Hyper], Rule] | None = None,
    quirks: tuple[str, ...] = (),
) -> Spec:
    rate = (
        Argument("learning_rate", learning_rate, "step size", real),
        Argument("lr", None, "the older name of learning_rate; it wins over it", optional(real)),
    )
    arguments: Mapping[str, Argument] = {a.name: a for a in (*rate, *own, *_COMMON)}
    return Spec(
        KERAS2,
        name,
        arguments,
        choose or (lambda hyper: forms[0]),
        forms,
        (name.lower(),),
        doc,
        quirks,
        sparse=SUMMED_FIRST,
    )


_MOMENTUM = Argument("momentum", 0.0, "share of the last velocity that is kept", real)

SPECS = (
    _spec(
        "SGD",
        "Gradient descent with momentum and Nesterov's momentum.",
        0.01,
        (_MOMENTUM, Argument("nesterov", False, "look ahead", flag), _DECAY),
        (sgd_momentum, sgd_nesterov),
        lambda hyper: sgd_nesterov if hyper["nesterov"] else sgd_momentum,
        ("The learning rate is inside the velocity: changing it does not rescale the past.",),
    ),
    _spec(
        "RMSprop",
        "RMSprop, not centered.",
        0.001,
        (
            Argument("rho", 0.9, "decay rate of the mean square", real, _a_fraction),
            _EPSILON,
            _DECAY,
        ),
        (rmsprop_epsilon_outside,),
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
        (adagrad_epsilon_outside,),
        quirks=("The accumulator starts at 0.",),
    ),
    _spec(
        "Adadelta",
        "Adadelta, scaled by a learning rate.",
        1.0,
        (Argument("rho", 0.95, "decay rate of both averages", real, _a_fraction), _EPSILON, _DECAY),
        (adadelta,),
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
            Argument("amsgrad", False, "keep the largest second moment", flag),
        ),
        (adam_epsilon_hat, amsgrad_epsilon_hat),
        lambda hyper: amsgrad_epsilon_hat if hyper["amsgrad"] else adam_epsilon_hat,
        (
            "Epsilon stands beside the uncorrected root (epsilon hat).",
            "AMSGrad takes its maximum before the bias correction.",
            "K.sqrt clips a negative number to 0: with beta_2 above 1, which is not refused, the "
            "parameters stand still.",
        ),
    ),
    _spec("Adamax", "Adamax.", 0.002, (_BETA_1, _BETA_2, _EPSILON, _DECAY), (adamax,)),
    _spec(
        "Nadam",
        "Nadam with its momentum schedule.",
        0.002,
        (
            _BETA_1,
            _BETA_2,
            _EPSILON,
            Argument("schedule_decay", 0.004, "rate of the momentum schedule", real),
        ),
        (nadam_schedule_decay,),
        quirks=(
            "There is no learning-rate decay.",
            "The first moment decays by beta_1, not by the scheduled momentum.",
        ),
    ),
)
