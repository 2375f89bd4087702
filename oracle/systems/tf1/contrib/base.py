"""What the optimizers of `tf.contrib.opt` (TensorFlow 1.15.5) share: their system, their specs.

Most of these classes inherit from one of `tf.train`, and so do their specs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oracle.errors import ShapeError
from oracle.rules.rule import Rule, Shape
from oracle.specification.forms import Forms
from oracle.specification.sparse import LAZY, Slices, SparseForm, only_touched
from oracle.specification.spec import Argument, Hyper, Program, Spec
from oracle.specification.step import Step, updates_before
from oracle.specification.transformation import Transformation, transformation
from oracle.specification.update import update_with
from oracle.systems.tf1.train import SPECS as TF_TRAIN_SPECS
from oracle.systems.tf1.train import TfTrain

_SUFFIX = "Optimizer"


@transformation()
def decay_weights(step: Step) -> None:
    """Shrink the weights before the update by weight_decay, which no learning rate scales.

    By a sparse gradient only the rows that occur are decayed; ``decay_var_list`` may choose the
    variables, and an empty one chooses all.
    """
    chosen = step.hyper["decay_var_list"]
    for k in step.present():
        if chosen and k not in chosen:
            continue
        p, gradient = step.params[k], step.grads[k]
        decayed = p - step.numbers["weight_decay"] * p
        if isinstance(gradient, Slices):
            decayed = only_touched(step.xp, gradient, decayed, p)
        step.params[k] = decayed


@transformation()
def decay_weights_of_dense_gradients(step: Step) -> None:
    """Do the same, but for sparse gradients nothing: gradient descent passes the decay by."""
    whole = list(step.grads)
    step.grads = [None if isinstance(g, Slices) else g for g in whole]
    decay_weights(step)
    step.grads = whole


def count_from(step: Step) -> int:
    """Return the steps that AdamGS counts: the graph's global step, or a number that rests."""
    given = step.hyper.get("global_step", GLOBAL_STEP)
    return updates_before(step) if given == GLOBAL_STEP else int(given)


GLOBAL_STEP = "global_step"
"""Stands for the graph's own counter where an argument ``global_step`` may be a variable."""


class TfContrib(TfTrain):
    """The optimizers of `tf.contrib.opt`, with gradients that are tensors or indexed slices."""

    name = "tf.contrib.opt"
    version = "TensorFlow 1.15.5, tensorflow/contrib/opt and core/kernels/training_ops.cc"

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse a step in which no variable has a gradient."""
        if all(g is None for g in gradients):
            raise ShapeError(
                f"step {step}: tf.contrib.opt refuses a step without any gradient; give one"
            )

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Decay the weights, or the signs, where the class does so, and update."""
        rule = spec.form(hyper)
        update = update_with(
            rule,
            spec.names,
            sparse=spec.sparse_form(hyper),
            count=count_from,
            apart=spec.exceptions(hyper),
        )
        return spec.chain(hyper, rule, *spec.before, update)


def in_skip_list(hyper: Hyper, index: int, shape: Shape) -> bool:
    """Whether a parameter is one of those that an argument skip_list picks out."""
    return index in (hyper["skip_list"] or ())


TF_CONTRIB = TfContrib()
BASES = {spec.name: spec for spec in TF_TRAIN_SPECS}
"""The specs of `tf.train`, by name."""


def contrib_spec(
    name: str,
    doc: str,
    arguments: Sequence[Argument],
    forms: Forms,
    quirks: tuple[str, ...],
    names: Mapping[str, str],
    sparse: SparseForm = LAZY,
    before: tuple[Transformation, ...] = (),
) -> Spec:
    """Return the spec of a class."""
    return Spec(
        TF_CONTRIB,
        name,
        {argument.name: argument for argument in arguments},
        forms,
        (name.lower(), name.removesuffix(_SUFFIX).lower()),
        doc,
        quirks,
        names,
        sparse,
        before,
    )


def heir(
    name: str,
    base: str,
    doc: str,
    *added: Argument,
    form: Rule | None = None,
    quirks: tuple[str, ...],
    sparse: SparseForm = LAZY,
    before: tuple[Transformation, ...] = (),
) -> Spec:
    """Return the spec of a class that inherits its arguments, and its rule unless it has a form."""
    parent = BASES[base]
    arguments = (*added, *parent.arguments.values())
    forms: Forms = {(): form} if form else parent.forms
    return contrib_spec(
        name, doc, arguments, forms, quirks=quirks, names=parent.names, sparse=sparse, before=before
    )
