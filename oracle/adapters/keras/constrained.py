"""An optimizer of variables with a constraint, which has to be applied once, behind all else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oracle.adapters.keras.library import Libraries
from oracle.adapters.keras.optimizer import KerasOptimizer
from oracle.adapters.keras.slots import Array


class ConstrainedOptimizer(KerasOptimizer):
    """A Keras optimizer whose variables are constrained to the opposite of what they would be.

    That is exact in every dtype, and taken back after each step: every number is that of the
    optimizer without a constraint, if Keras applies it to each variable that has a gradient, and
    after the update, the average and the overwriting. The optimizer is built before the first step,
    and then told no variables.
    """

    def __init__(
        self,
        at: Libraries,
        optimizer: Any,
        params: Sequence[Array],
        excluded: Sequence[int] = (),
    ) -> None:
        super().__init__(at, optimizer, params, excluded)
        for variable in self.variables:
            variable.constraint = at.keras.ops.negative
        with self.computing():
            optimizer.build(self.variables)

    def apply(self, grads: list[Any]) -> None:
        """Step, and turn around what the constraint has turned around."""
        self.optimizer.apply(grads)
        for variable, gradient in zip(self.variables, grads, strict=True):
            if gradient is not None:
                variable.assign(-variable)
