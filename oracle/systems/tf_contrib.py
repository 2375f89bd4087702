"""TensorFlow 1.15.5 (`tf.contrib.opt`): optimizers on dense gradients, built upon `tf.train`.

Most of these classes inherit from one of `tf.train`, and so do their specs here.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Context, Decimal
from typing import Any

from oracle.errors import ShapeError
from oracle.rules.adamax import adamax_dropping_nan
from oracle.rules.lars import lars, lars_nesterov
from oracle.rules.nadam import nadam_without_schedule
from oracle.rules.rule import Rule
from oracle.rules.sign_agreement import add_sign, power_sign
from oracle.systems.base import REQUIRED, Argument, Hyper, Program, Spec, Step, update_with
from oracle.systems.checks import at_least, between, real
from oracle.systems.tf_train import SPECS as TF_TRAIN_SPECS
from oracle.systems.tf_train import TF_TRAIN, TfTrain

_SUFFIX = "Optimizer"


def decay_weights(step: Step) -> None:
    """Shrink the weights before the update by weight_decay, which no learning rate scales."""
    for k in step.present():
        p = step.params[k]
        step.params[k] = p - step.numbers["weight_decay"] * p


def choose_lars(hyper: Hyper) -> Rule:
    """Return the form of LARS with or without Nesterov's momentum."""
    return lars_nesterov if hyper["use_nesterov"] else lars


def log_base(base: Any) -> float:
    """Return the logarithm of PowerSign's base, a double as the library takes it, rounded once."""
    value = float(base)
    return float(Decimal(value).ln(Context(prec=40))) if math.isfinite(value) else value


class TfContrib(TfTrain):
    """The optimizers of `tf.contrib.opt`, with gradients that are tensors."""

    name = "tf.contrib.opt"
    version = "TensorFlow 1.15.5, tensorflow/contrib/opt and core/kernels/training_ops.cc"

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse a step in which no variable has a gradient."""
        if all(g is None for g in gradients):
            raise ShapeError(
                f"step {step}: tf.contrib.opt refuses a step without any gradient; give one"
            )

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Decay the weights where the class does so, and update."""
        rule = spec.rules(hyper)
        numeric = {name: value for name, value in hyper.items() if name != "use_nesterov"}
        if "base" in numeric:
            numeric["base"] = log_base(numeric["base"])
        update = update_with(rule, spec.names)
        stages = (decay_weights, update) if "weight_decay" in spec.required else (update,)
        return Program(rule, stages, rule.slots, hyper, numeric, "eeta" in hyper)


TF_CONTRIB = TfContrib()
TF_CONTRIB.sources = (
    *TF_TRAIN.sources,
    *(inspect.getsource(part) for part in (TfContrib, decay_weights, choose_lars, log_base)),
)
_BASES = {spec.name: spec for spec in TF_TRAIN_SPECS}


def _spec(
    name: str,
    doc: str,
    arguments: Sequence[Argument],
    *forms: Rule,
    quirks: tuple[str, ...],
    names: Mapping[str, str],
) -> Spec:
    return Spec(
        TF_CONTRIB,
        name,
        {argument.name: argument for argument in arguments},
        lambda hyper: forms[0],
        forms,
        (name.lower(), name.removesuffix(_SUFFIX).lower()),
        doc,
        quirks,
        names,
    )


def _heir(
    name: str,
    base: str,
    doc: str,
    *added: Argument,
    form: Rule | None = None,
    quirks: tuple[str, ...],
) -> Spec:
    """Return the spec of a class that inherits its arguments, and its rule unless it has a form."""
    parent = _BASES[base]
    arguments = (*added, *parent.arguments.values())
    forms = (form,) if form else parent.forms
    spec = _spec(name, doc, arguments, *forms, quirks=quirks, names=parent.names)
    return spec if form else replace(spec, rules=parent.rules)


_WEIGHT_DECAY = Argument("weight_decay", REQUIRED, "share of each weight that is lost", real)
_EPSILON_HAT = "Epsilon stands beside the uncorrected root (epsilon hat)."
_NOT_TIMES_RATE = "The decay is not multiplied by the learning rate."
_MEAN = Argument("beta", 0.9, "decay rate of the mean gradient", real)
_POSITIVE = between(0, float("inf"), low_open=True)
_NO_CORRECTION = "The mean has no bias correction."
_DECAY_FIRST = "The weights decay before the update; a variable without a gradient does not."

SPECS = (
    _heir(
        "AdamWOptimizer",
        "AdamOptimizer",
        "Adam with decoupled weight decay.",
        _WEIGHT_DECAY,
        quirks=(
            _NOT_TIMES_RATE,
            _DECAY_FIRST,
            _EPSILON_HAT,
        ),
    ),
    _heir(
        "MomentumWOptimizer",
        "MomentumOptimizer",
        "Gradient descent with momentum and decoupled weight decay.",
        _WEIGHT_DECAY,
        quirks=(
            _NOT_TIMES_RATE,
            _DECAY_FIRST,
            "The learning rate is outside the buffer: changing it rescales the past.",
        ),
    ),
    _heir(
        "AdaMaxOptimizer",
        "AdamOptimizer",
        "Adam with the infinity norm for the second moment.",
        form=adamax_dropping_nan,
        quirks=(
            "Epsilon is added to the norm.",
            "The norm forgets a gradient that is NaN.",
        ),
    ),
    _heir(
        "NadamOptimizer",
        "AdamOptimizer",
        "Adam with Nesterov's momentum.",
        form=nadam_without_schedule,
        quirks=(
            "There is no momentum schedule.",
            "Both parts of the first moment are corrected by 1 - beta1^t.",
            _EPSILON_HAT,
        ),
    ),
    _heir(
        "LazyAdamOptimizer",
        "AdamOptimizer",
        "Adam, lazy on sparse gradients alone.",
        quirks=("On dense gradients it is AdamOptimizer.", _EPSILON_HAT),
    ),
    _heir(
        "RegAdagradOptimizer",
        "AdagradOptimizer",
        "Adagrad whose slots can be kept from updates.",
        quirks=(
            "Outside avoid_updating_slots() it is AdagradOptimizer.",
            "There is no epsilon.",
            "The accumulator starts at 0.1.",
        ),
    ),
    _spec(
        "AddSignOptimizer",
        "AddSign, without a decay of the sign.",
        (
            Argument("learning_rate", 0.1, "step size", real),
            Argument("alpha", 1.0, "factor of the gradient without its sign", real),
            _MEAN,
        ),
        add_sign,
        quirks=(
            "The gradient itself is scaled; nothing divides by its size.",
            "A mean of 0 has the sign 0, so that alpha acts alone.",
            _NO_CORRECTION,
        ),
        names={},
    ),
    _spec(
        "PowerSignOptimizer",
        "PowerSign, without a decay of the sign.",
        (
            Argument("learning_rate", 0.1, "step size", real),
            Argument("base", math.e, "what is raised to the sign; its logarithm enters", _POSITIVE),
            _MEAN,
        ),
        power_sign,
        quirks=(
            "The gradient itself is scaled; nothing divides by its size.",
            "A mean of 0 has the sign 0, so that the step is that of gradient descent.",
            "The logarithm of the base is a double before it is rounded to float32.",
            _NO_CORRECTION,
        ),
        names={"log_base": "base"},
    ),
    replace(
        _spec(
            "LARSOptimizer",
            "LARS: momentum at a rate that each tensor's norms scale; without its skip_list.",
            (
                Argument("learning_rate", REQUIRED, "step size", real),
                Argument("momentum", 0.9, "share of the last buffer that is kept", at_least(0)),
                Argument("weight_decay", 0.0001, "L2 on the gradient", at_least(0)),
                Argument("eeta", 0.001, "trust in the scaled rate", real),
                Argument("epsilon", 0.0, "keeps the sum of norms away from 0", real),
                _BASES["MomentumOptimizer"].arguments["use_nesterov"],
            ),
            lars,
            lars_nesterov,
            quirks=(
                "Where the weights or the gradient have no norm above 0, the trust ratio is 1.",
                "A gradient with NaN in it has a trust ratio of 1.",
                "The decay is added to the gradient, and its share of the norm to the divisor.",
                "The learning rate is inside the buffer.",
            ),
            names={},
        ),
        rules=choose_lars,
    ),
)
