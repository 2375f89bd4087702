"""The systems of the wrapping optimizers: which stages each class puts around another's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oracle.errors import HyperparameterError, ShapeError
from oracle.specification.composition import Wrapper, composed
from oracle.specification.spec import Hyper, Program, Spec
from oracle.systems.tf1.contrib.base import TfContrib
from oracle.systems.tf1.train import TfTrain
from oracle.systems.tf1.wrappers.loss_scale import mixed_precision
from oracle.systems.tf1.wrappers.stages import (
    accumulated_gradient,
    averaging,
    clipping_variables,
    dropping_stale,
    elastic,
    model_average,
    resting_at_zero,
)
from oracle.systems.tf1.wrappers.sync import replicas
from oracle.systems.tf1.wrappers.wrapped import WRAPPED


class ContribWrappers(TfContrib):
    """The wrapping optimizers of `tf.contrib.opt`, with tensors or indexed slices."""

    def normalize(self, spec: Spec, hyper: Hyper) -> Hyper:
        """Refuse a default of rho that the library cannot compute."""
        if "rho" in hyper and hyper["rho"] is None:
            inner = WRAPPED.inner(spec, hyper)
            held = inner.name in HOLDING_THEIR_RATE
            if not held or float(inner.program.hyper["learning_rate"]) == 0:
                raise HyperparameterError(
                    f"{spec.id}: rho=None is refused: it is moving_rate / learning_rate, which "
                    f"{inner.name} does not hold under that name, or holds as 0"
                )
        return hyper

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Put the wrapper's stages around those of the wrapped optimizer."""
        return composed(WRAPPERS[spec.name], WRAPPED.inner(spec, hyper), hyper)


class SyncReplicas(TfTrain):
    """The wrapping optimizer of `tf.train`, with tensors or indexed slices."""

    def check_gradients(self, gradients: Sequence[Any], step: int) -> None:
        """Refuse a missing gradient: which ones there are is settled before the first step."""
        if not gradients or any(g is None for g in gradients):
            raise ShapeError(
                f"step {step}: SyncReplicasOptimizer refuses a missing gradient; give one for each"
            )

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Collect gradients in front of the wrapped optimizer."""
        return composed(replicas, WRAPPED.inner(spec, hyper), hyper)


class MixedPrecision(TfTrain):
    """The loss scaling of `tf.train.experimental`, with tensors or indexed slices."""

    def program(self, spec: Spec, hyper: Hyper) -> Program:
        """Skip steps, and move the scale, around the wrapped optimizer."""
        return composed(mixed_precision, WRAPPED.inner(spec, hyper), hyper)


HOLDING_THEIR_RATE = frozenset(
    {
        "GradientDescentOptimizer",
        "MomentumOptimizer",
        "AdagradOptimizer",
        "FtrlOptimizer",
        "RMSPropOptimizer",
        "ProximalGradientDescentOptimizer",
        "ProximalAdagradOptimizer",
        "MomentumWOptimizer",
        "RegAdagradOptimizer",
        "LARSOptimizer",
    }
)
"""The classes with an attribute ``_learning_rate``; Adam and its heirs call theirs ``_lr``."""

WRAPPERS: dict[str, Wrapper] = {
    "MovingAverageOptimizer": averaging,
    "MultitaskOptimizerWrapper": resting_at_zero,
    "VariableClippingOptimizer": clipping_variables,
    "DropStaleGradientOptimizer": dropping_stale,
    "ElasticAverageOptimizer": elastic,
    "ModelAverageOptimizer": model_average,
    "AGNOptimizer": accumulated_gradient,
}

CONTRIB, TRAIN, SCALED = ContribWrappers(), SyncReplicas(), MixedPrecision()
