"""TensorFlow 1.15.5 (`tf.train`): the optimizers, as their CPU kernels compute.

Nothing is clipped and nothing decays: a step is the rule. A variable without a gradient is left
alone with its slots; what all variables share (Adam's powers, AdagradDA's step) moves on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
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
from oracle.rules.rule import Rule
from oracle.rules.sgd import sgd, sgd_momentum_rate_outside, sgd_nesterov_rate_outside
from oracle.specification.checks import (
    Check,
    at_least,
    at_most,
    between,
    flag,
    floating,
    optional,
    real,
)
from oracle.specification.sparse import ALL_ROWS, EACH_OCCURRENCE, LAZY, SparseForm
from oracle.specification.spec import REQUIRED, Argument, Hyper, Program, Spec, System
from oracle.specification.step import update_with

_SUFFIX = "Optimizer"

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
        rule = spec.rules(hyper)
        update = update_with(rule, spec.names, sparse=spec.sparse)
        flags = {"use_nesterov", "centered"}
        numeric = {name: value for name, value in hyper.items() if name not in flags}
        return Program(rule, (update,), rule.slots, hyper, numeric, False)


TF_TRAIN = TfTrain()


def _choose_momentum(hyper: Hyper) -> Rule:
    return sgd_nesterov_rate_outside if hyper["use_nesterov"] else sgd_momentum_rate_outside


def _choose_rmsprop(hyper: Hyper) -> Rule:
    return rmsprop_centered_from_one if hyper["centered"] else rmsprop_from_one


def _choose_ftrl(hyper: Hyper) -> Rule:
    shrinks = float(hyper["l2_shrinkage_regularization_strength"]) > 0
    return ftrl_or_zero_shrinking if shrinks else ftrl_or_zero


def _with_l1(form: Rule, form_with_l1: Rule) -> Callable[[Hyper], Rule]:
    """Choose by the L1 penalty; one that is not positive counts as none."""

    def choose(hyper: Hyper) -> Rule:
        return form_with_l1 if float(hyper["l1_regularization_strength"]) > 0 else form

    return choose


def _spec(
    name: str,
    doc: str,
    arguments: tuple[Argument, ...],
    forms: tuple[Rule, ...],
    choose: Callable[[Hyper], Rule] | None = None,
    *,
    quirks: tuple[str, ...],
    names: Mapping[str, str] | None = None,
    sparse: SparseForm = LAZY,
) -> Spec:
    return Spec(
        TF_TRAIN,
        name,
        {argument.name: argument for argument in arguments},
        choose or (lambda hyper: forms[0]),
        forms,
        (name.lower(), name.removesuffix(_SUFFIX).lower()),
        doc,
        quirks,
        names or {},
        sparse,
    )


def _rate(check: Check = real, default: Any = REQUIRED) -> Argument:
    return Argument("learning_rate", default, "step size", check)


def _l1(check: Check) -> Argument:
    return Argument("l1_regularization_strength", 0.0, "L1 penalty", check)


def _l2(check: Check) -> Argument:
    return Argument("l2_regularization_strength", 0.0, "L2 penalty", check)


def _accumulator(check: Check) -> Argument:
    return Argument("initial_accumulator_value", 0.1, "start of the sum of squares", check)


_not_negative = at_least(0)
_floating_at_run = _at_run(between(0, math.inf, check=floating))
_NO_L1 = "An L1 penalty that is negative counts as none."

SPECS = (
    _spec(
        "GradientDescentOptimizer",
        "Gradient descent.",
        (_rate(),),
        (sgd,),
        quirks=("There is no momentum; that is MomentumOptimizer.",),
        sparse=EACH_OCCURRENCE,
    ),
    _spec(
        "MomentumOptimizer",
        "Gradient descent with momentum and Nesterov's momentum.",
        (
            _rate(),
            Argument("momentum", REQUIRED, "share of the last buffer that is kept", real),
            Argument("use_nesterov", False, "look ahead", optional(_boolean)),
        ),
        (sgd_momentum_rate_outside, sgd_nesterov_rate_outside),
        _choose_momentum,
        quirks=("The learning rate is outside the buffer: changing it rescales the past.",),
    ),
    _spec(
        "AdagradOptimizer",
        "Adagrad.",
        (_rate(), _accumulator(_positive)),
        (adagrad_without_epsilon,),
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
                "start of the sum of squares",
                _positive,
            ),
            _l1(real),
            _l2(real),
        ),
        (adagrad_da, adagrad_da_l1),
        _with_l1(adagrad_da, adagrad_da_l1),
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
            Argument("rho", 0.95, "decay rate of both averages", real),
            Argument("epsilon", 1e-8, "keeps both roots away from 0", real),
        ),
        (adadelta,),
        quirks=("The learning rate is 0.001 by default, where the paper has 1.",),
    ),
    _spec(
        "AdamOptimizer",
        "Adam.",
        (
            _rate(default=0.001),
            Argument("beta1", 0.9, "decay rate of the first moment", real),
            Argument("beta2", 0.999, "decay rate of the second moment", real),
            Argument("epsilon", 1e-8, "keeps the denominator away from 0", real),
        ),
        (adam_epsilon_hat,),
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
            Argument("learning_rate_power", -0.5, "exponent of the step size", _at_run(at_most(0))),
            _accumulator(_not_negative),
            _l1(_at_run(_not_negative)),
            _l2(_at_run(_not_negative)),
            Argument(
                "l2_shrinkage_regularization_strength",
                0.0,
                "L2 on the gradient",
                _at_run(_not_negative),
            ),
        ),
        (ftrl_or_zero, ftrl_or_zero_shrinking),
        _choose_ftrl,
        quirks=(
            "A weight whose gradients were all 0 becomes 0 at the first step.",
            "A weight whose z is NaN becomes 0, and stays so.",
            "The L2 penalty enters the curvature twice.",
        ),
        sparse=replace(
            LAZY,
            doc=f"{LAZY.doc} No weight is set to 0: where 0 / 0 is asked for, it becomes NaN.",
            choose=lambda hyper: ftrl_clamped,
            forms=(ftrl_clamped,),
        ),
    ),
    _spec(
        "RMSPropOptimizer",
        "RMSprop with momentum, centered or not.",
        (
            _rate(),
            Argument("decay", 0.9, "decay rate of the averages", real),
            Argument("momentum", 0.0, "share of the last step that is kept", real),
            Argument("epsilon", 1e-10, "keeps the root away from 0", real),
            Argument("centered", False, "divide by the standard deviation", flag),
        ),
        (rmsprop_from_one, rmsprop_centered_from_one),
        _choose_rmsprop,
        quirks=("The mean square starts at 1.", "Epsilon is under the root."),
        names={"rho": "decay"},
    ),
    _spec(
        "ProximalGradientDescentOptimizer",
        "Gradient descent with the proximal step of L1 and L2 penalties.",
        (_rate(floating), _l1(floating), _l2(floating)),
        (proximal_gradient_descent, proximal_gradient_descent_l1),
        _with_l1(proximal_gradient_descent, proximal_gradient_descent_l1),
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
        (proximal_adagrad, proximal_adagrad_l1),
        _with_l1(proximal_adagrad, proximal_adagrad_l1),
        quirks=(
            "The penalties act at the rate of each coordinate, learning_rate / sqrt(a).",
            "A float64 variable takes no Python floats, only numpy.float64.",
        ),
    ),
)
