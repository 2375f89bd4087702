"""The class of Keras 2.3.1 that makes an optimizer of TensorFlow 1.15.5 one of Keras."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oracle.errors import ShapeError
from oracle.specification.composition import composed
from oracle.specification.spec import Hyper, Program, Spec
from oracle.systems.keras2.base import Keras2
from oracle.systems.tf1.wrappers.optimizers import AN_OPTIMIZER_ONCE, wrapper_spec
from oracle.systems.tf1.wrappers.stages import as_it_is
from oracle.systems.tf1.wrappers.wrapped import OF_THE_GLOBAL_STEP, WRAPPED, optimizer


class KerasWrapper(Keras2):
    """Keras 2.3.1 around an optimizer of TensorFlow."""

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse a step in which no parameter has a gradient."""
        if all(g is None for g in gradients):
            raise ShapeError(f"step {step}: keras2 refuses a step without any gradient; give one")

    def normalize(self, spec: Spec, hyper: Hyper) -> Hyper:
        """Return the only argument as it is."""
        return hyper

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Hand the gradients on."""
        return composed(as_it_is, WRAPPED.inner(spec, hyper), hyper)


TF_OPTIMIZER = wrapper_spec(
    KerasWrapper(),
    "TFOptimizer",
    "An optimizer of tf.train or tf.contrib.opt as one of Keras.",
    optimizer(
        "optimizer",
        WRAPPED.check(
            OF_THE_GLOBAL_STEP, "waits for a global step of its own, not Keras's counter"
        ),
    ),
    quirks=(
        "Keras's clipnorm, clipvalue and decay have no effect: it takes no such arguments.",
        "Keras's counter moves on by 2 at every step, once by Keras and once by TensorFlow.",
        "A parameter without a gradient rests, where Keras's own optimizers raise ValueError.",
        "Keras's variables are resources: AddSign and PowerSign raise NotImplementedError for "
        "sparse gradients of them.",
        AN_OPTIMIZER_ONCE,
    ),
    short="tfoptimizer",
)
