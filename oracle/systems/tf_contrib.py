"""TensorFlow 1.15.5 (`tf.contrib.opt`): optimizers on dense gradients, built upon `tf.train`.

Most of these classes inherit from one of `tf.train`, and so do their specs here.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from oracle.errors import ShapeError
from oracle.rules.rule import Rule
from oracle.systems.base import REQUIRED, Argument, Hyper, Program, Spec, Step, update_with
from oracle.systems.checks import real
from oracle.systems.tf_train import SPECS as TF_TRAIN_SPECS
from oracle.systems.tf_train import TF_TRAIN, TfTrain

_SUFFIX = "Optimizer"


def decay_weights(step: Step) -> None:
    """Shrink the weights before the update by weight_decay, which no learning rate scales."""
    if "weight_decay" in step.hyper:
        for k in step.present():
            p = step.params[k]
            step.params[k] = p - step.numbers["weight_decay"] * p


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
        stages = (decay_weights, update_with(rule, spec.names))
        return Program(rule, stages, rule.slots, hyper, numeric, False)


TF_CONTRIB = TfContrib()
TF_CONTRIB.sources = (
    *TF_TRAIN.sources,
    *(inspect.getsource(part) for part in (TfContrib, decay_weights)),
)
_BASES = {spec.name: spec for spec in TF_TRAIN_SPECS}


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
    return Spec(
        TF_CONTRIB,
        name,
        {argument.name: argument for argument in (*added, *parent.arguments.values())},
        (lambda hyper: form) if form else parent.rules,
        (form,) if form else parent.forms,
        (name.lower(), name.removesuffix(_SUFFIX).lower()),
        doc,
        quirks,
        parent.names,
    )


_WEIGHT_DECAY = Argument("weight_decay", REQUIRED, "share of each weight that is lost", real)
_NOT_TIMES_RATE = "The decay is not multiplied by the learning rate."
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
            "Epsilon stands beside the uncorrected root (epsilon hat).",
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
)
