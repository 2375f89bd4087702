"""Keras 2.3.1's base optimizer: clip by common norm, clip by value, decay, update.

The step counter is read before its increment: the first step sees 0. On TensorFlow 1's graph
backend the library itself leaves that order open; this is the order that its code intends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from oracle.arithmetic.base import Arithmetic, Number, Operand
from oracle.errors import ShapeError
from oracle.rules.transformations import clipping, schedules
from oracle.specification.sparse import ALL_ROWS
from oracle.specification.spec import Hyper, Program, Spec, System
from oracle.specification.step import Step
from oracle.specification.transformation import transformation
from oracle.specification.update import update_with


@transformation("clipnorm", couples=True)
def clip_common_norm(step: Step) -> None:
    """Scale the gradients of all parameters together; a threshold of 0 or less is off."""
    norm = clipping.global_norm(step.xp, step.gradients())
    clipped = clipping.if_larger(step.xp, step.pieces(), norm, step.numbers["clipnorm"])
    step.replace_pieces(clipped)


@transformation("clipvalue")
def clip_value(step: Step) -> None:
    """Clip each element, after the norm; a threshold of 0 or less is off.

    Of a sparse gradient it is each occurrence of a row that is clipped, before they are added up.
    """
    clipped = clipping.by_value(step.xp, step.pieces(), step.numbers["clipvalue"])
    step.replace_pieces(clipped)


@transformation("decay")
def decay_learning_rate(step: Step) -> None:
    """Divide the learning rate by 1 + decay * iterations; a negative decay is ignored."""
    step.learning_rate = schedules.time_decay(
        step.xp, step.xp.constant(step.iterations), step.learning_rate, step.numbers["decay"]
    )


class Backend:
    """The functions of ``keras.backend``, whose root takes a negative number for 0."""

    def __init__(self, xp: Arithmetic) -> None:
        self._xp = xp

    def __getattr__(self, name: str) -> Any:
        return getattr(self._xp, name)

    def sqrt(self, a: Operand) -> Number:
        """Return K.sqrt: the root of a number that is clipped to what has one."""
        return self._xp.sqrt(self._xp.maximum(a, self._xp.constant(0)))


class Keras2(System):
    """The optimizers of Keras 2.3.1."""

    name = "keras2"
    version = "Keras 2.3.1 on TensorFlow 1.15.5, keras/optimizers.py"
    flushes_subnormals = True

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse a missing gradient."""
        if any(g is None for g in gradients):
            raise ShapeError(f"step {step}: keras2 refuses a missing gradient; give one for each")

    def normalize(self, spec: Spec, hyper: Hyper) -> Hyper:
        """Let ``lr`` win over ``learning_rate``, as Keras 2.3.1 does."""
        lr = hyper.pop("lr")
        return {**hyper, "learning_rate": hyper["learning_rate"] if lr is None else lr}

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Clip, decay, update; Nadam alone has no decay."""
        rule = spec.form(hyper)
        update = update_with(rule, backend=Backend, sparse=spec.sparse_form(hyper))
        decay = (decay_learning_rate,) if "decay" in hyper else ()
        return spec.chain(hyper, rule, clip_common_norm, clip_value, *decay, update)


SUMMED_FIRST = replace(
    ALL_ROWS,
    doc="The gradient is made dense: every row moves. clipvalue clips each occurrence of a row "
    "before they are added up, clipnorm takes the norm of the sums.",
)
