"""TensorFlow 1.15.5 (`tf.train`): the optimizers, as their CPU kernels compute.

Nothing is clipped and nothing decays: a step is the rule. A variable without a gradient is left
alone with its slots; what all variables share (Adam's powers, AdagradDA's step) moves on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from oracle.errors import ShapeError
from oracle.rules.adadelta import adadelta
from oracle.rules.adagrad import adagrad_without_epsilon
from oracle.rules.adagrad_da import adagrad_da, adagrad_da_l1
from oracle.rules.adam import adam_epsilon_hat
from oracle.rules.ftrl import ftrl_clamped, ftrl_or_zero, ftrl_or_zero_shrinking
from oracle.rules.proximal import (
    proximal_adagrad,
    proximal_adagrad_l1,
    proximal_gradient_descent,
    proximal_gradient_descent_l1,
)
from oracle.rules.rmsprop import rmsprop_centered_from_one, rmsprop_from_one
from oracle.rules.sgd import sgd, sgd_momentum_rate_outside, sgd_nesterov_rate_outside
from oracle.specification.checks import (
    Check,
    at_least,
    at_most,
    between,
    floating,
    optional,
    real,
)
from oracle.specification.domains import (
    DecayRate,
    Epsilon,
    Flag,
    Momentum,
    Rate,
    Share,
    Start,
    among,
    penalty,
)
from oracle.specification.forms import Forms
from oracle.specification.sparse import ALL_ROWS, EACH_OCCURRENCE, LAZY, SparseForm
from oracle.specification.spec import REQUIRED, Argument, Hyper, Program, Spec, System
from oracle.specification.update import update_with

_SUFFIX = "Optimizer"
_L1 = "l1_regularization_strength"

_positive = between(0, math.inf, low_open=True)


def _at_run(check: Check) -> Check:
    """Refuse NaN as well, as the kernels do; the constructors let it pass."""

    def at_run(value: Any) -> str | None:
        return check(value) or ("it must not be NaN" if math.isnan(float(value)) else None)

    return at_run


def _boolean(value: Any) -> str | None:
    """Accept True and False alone: the kernel's attribute takes no number for them."""
    return None if isinstance(value, bool) else "it must be True or False"


class TfTrain(System):
    """The optimizers of `tf.train`, with gradients that are tensors or indexed slices."""

    name = "tf.train"
    version = "TensorFlow 1.15.5, tensorflow/python/training and core/kernels/training_ops.cc"
    flushes_subnormals = True

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse a step in which no variable has a gradient."""
        if all(g is None for g in gradients):
            raise ShapeError(f"step {step}: tf.train refuses a step without any gradient; give one")

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Update, and nothing around it."""
        rule = spec.form(hyper)
        update = update_with(rule, spec.names, sparse=spec.sparse_form(hyper))
        return spec.chain(hyper, rule, update)


TF_TRAIN = TfTrain()


def _spec(
    name: str,
    doc: str,
    arguments: tuple[Argument, ...],
    forms: Forms,
    *,
    quirks: tuple[str, ...],
    names: Mapping[str, str] | None = None,
    sparse: SparseForm = LAZY,
) -> Spec:
    return Spec(
        TF_TRAIN,
        name,
        {argument.name: argument for argument in arguments},
        forms,
        (name.lower(), name.removesuffix(_SUFFIX).lower()),
        doc,
        quirks,
        names or {},
        sparse,
    )


def _rate(check: Check = real, default: Any = REQUIRED) -> Argument:
    return Argument("learning_rate", default, Rate(check), "step size")


def _l1(check: Check) -> Argument:
    return Argument(_L1, 0.0, penalty(check, 0.0625, 0.5), "L1 penalty")


def _l2(check: Check) -> Argument:
    return Argument(
        "l2_regularization_strength",
        0.0,
        penalty(check, 0.125, 0.75, counting=2.0**-10),
        "L2 penalty",
    )


def _accumulator(check: Check) -> Argument:
    return Argument("initial_accumulator_value", 0.1, Start(check), "start of the sum of squares")


_not_negative = at_least(0)
_floating_at_run = _at_run(between(0, math.inf, check=floating))
_POWERS: dict[str, Any] = {"on": -0.25, "others": (-0.25,), "decimals": (-0.7,)}
_NO_L1 = "An L1 penalty that is negative counts as none."

SPECS = (
    _spec(
        "GradientDescentOptimizer",
        "Gradient descent.",
        (_rate(),),
        {(): sgd},
        quirks=("There is no momentum; that is MomentumOptimizer.",),
        sparse=EACH_OCCURRENCE,
    ),
    _spec(
        "MomentumOptimizer",
        "Gradient descent with momentum and Nesterov's momentum.",
        (
            _rate(),
            Argument("momentum", REQUIRED, Momentum(), "share of the last buffer that is kept"),
            Argument("use_nesterov", False, Flag(optional(_boolean)), "look ahead"),
        ),
        {(): sgd_momentum_rate_outside, ("use_nesterov",): sgd_nesterov_rate_outside},
        quirks=("The learning rate is outside the buffer: changing it rescales the past.",),
    ),
    _spec(
        "AdagradOptimizer",
        "Adagrad.",
        (_rate(), _accumulator(_positive)),
        {(): adagrad_without_epsilon},
        quirks=("There is no epsilon.", "The accumulator starts at 0.1."),
    ),
    _spec(
        "AdagradDAOptimizer",
        "Adagrad with dual averaging; its step is the global step plus 1.",
        (
            _rate(),
            Argument(
                "initial_gradient_squared_accumulator_value",
                0.1,
                Start(_positive),
                "start of the sum of squares",
            ),
            _l1(real),
            _l2(real),
        ),
        {(): adagrad_da, (_L1,): adagrad_da_l1},
        quirks=(
            "The weights are solved anew: the first step forgets those that it began with.",
            "Both penalties grow with the steps.",
            _NO_L1,
        ),
    ),
    _spec(
        "AdadeltaOptimizer",
        "Adadelta, scaled by a learning rate.",
        (
            _rate(default=0.001),
            Argument("rho", 0.95, Share(), "decay rate of both averages"),
            Argument("epsilon", 1e-8, Epsilon(), "keeps both roots away from 0"),
        ),
        {(): adadelta},
        quirks=("The learning rate is 0.001 by default, where the paper has 1.",),
    ),
    _spec(
        "AdamOptimizer",
        "Adam.",
        (
            _rate(default=0.001),
            Argument("beta1", 0.9, DecayRate(), "decay rate of the first moment"),
            Argument("beta2", 0.999, DecayRate(), "decay rate of the second moment"),
            Argument("epsilon", 1e-8, Epsilon(), "keeps the denominator away from 0"),
        ),
        {(): adam_epsilon_hat},
        quirks=(
            "Epsilon stands beside the uncorrected root (epsilon hat).",
            "All variables share the powers of both betas, which move on at every step.",
        ),
        names={"beta_1": "beta1", "beta_2": "beta2"},
        sparse=ALL_ROWS,
    ),
    _spec(
        "FtrlOptimizer",
        "FTRL-Proximal with L2 shrinkage.",
        (
            _rate(_at_run(_positive)),
            Argument(
                "learning_rate_power",
                -0.5,
                among(-0.25, -1.0, -0.75, check=_at_run(at_most(0)), **_POWERS),
                "exponent of the step size",
            ),
            _accumulator(_not_negative),
            _l1(_at_run(_not_negative)),
            _l2(_at_run(_not_negative)),
            Argument(
                "l2_shrinkage_regularization_strength",
                0.0,
                penalty(_at_run(_not_negative), 0.03125, 0.375),
                "L2 on the gradient",
            ),
        ),
        {(): ftrl_or_zero, ("l2_shrinkage_regularization_strength",): ftrl_or_zero_shrinking},
        quirks=(
            "A weight whose gradients were all 0 becomes 0 at the first step.",
            "A weight whose z is NaN becomes 0, and stays so.",
            "The L2 penalty enters the curvature twice.",
        ),
        sparse=replace(
            LAZY,
            doc=f"{LAZY.doc} No weight is set to 0: where 0 / 0 is asked for, it becomes NaN.",
            forms={(): ftrl_clamped},
        ),
    ),
    _spec(
        "RMSPropOptimizer",
        "RMSprop with momentum, centered or not.",
        (
            _rate(),
            Argument("decay", 0.9, Share(), "decay rate of the averages"),
            Argument("momentum", 0.0, Momentum(), "share of the last step that is kept"),
            Argument("epsilon", 1e-10, Epsilon(), "keeps the root away from 0"),
            Argument("centered", False, Flag(), "divide by the standard deviation"),
        ),
        {(): rmsprop_from_one, ("centered",): rmsprop_centered_from_one},
        quirks=("The mean square starts at 1.", "Epsilon is under the root."),
        names={"rho": "decay"},
    ),
    _spec(
        "ProximalGradientDescentOptimizer",
        "Gradient descent with the proximal step of L1 and L2 penalties.",
        (_rate(floating), _l1(floating), _l2(floating)),
        {(): proximal_gradient_descent, (_L1,): proximal_gradient_descent_l1},
        quirks=(_NO_L1, "A float64 variable takes no Python floats, only numpy.float64."),
    ),
    _spec(
        "ProximalAdagradOptimizer",
        "Adagrad with the proximal step of L1 and L2 penalties at each coordinate's rate.",
        (
            _rate(_at_run(between(0, math.inf, low_open=True, check=floating))),
            _accumulator(_positive),
            _l1(_floating_at_run),
            _l2(_floating_at_run),
        ),
        {(): proximal_adagrad, (_L1,): proximal_adagrad_l1},
        quirks=(
            "The penalties act at the rate of each coordinate, learning_rate / sqrt(a).",
            "A float64 variable takes no Python floats, only numpy.float64.",
        ),
    ),
)
