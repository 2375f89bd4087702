"""An optimizer that is made anew before every step, by all that Keras has to restore one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oracle.adapters.keras.classes import named
from oracle.adapters.keras.library import Libraries
from oracle.adapters.keras.optimizer import KerasOptimizer
from oracle.adapters.keras.slots import Array


class RestoredOptimizer(KerasOptimizer):
    """A Keras optimizer whose every step is taken by a new one, with the state of the last.

    It is made from the configuration of the last, is handed its variables as a file would be, and
    steps by ``apply_gradients``. Its learning rate is set by assignment, and parameters are
    excluded from weight decay by their names.
    """

    def __init__(
        self,
        at: Libraries,
        optimizer: Any,
        rate: Any,
        params: Sequence[Array],
        excluded: Sequence[int] = (),
    ) -> None:
        super().__init__(at, optimizer, params)
        self._excluded = [named(index) for index in excluded]
        with self.computing():
            optimizer.learning_rate = rate
            self._build(optimizer)

    def apply(self, grads: list[Any]) -> None:
        """Hand the state on to a new optimizer, which takes the step."""
        saved: dict[str, Any] = {}
        self.optimizer.save_own_variables(saved)
        self.optimizer = type(self.optimizer).from_config(self.optimizer.get_config())
        self._build(self.optimizer)
        self.optimizer.load_own_variables(saved)
        self.optimizer.apply_gradients(zip(grads, self.variables, strict=True))

    def _build(self, optimizer: Any) -> None:
        if self._excluded:
            optimizer.exclude_from_weight_decay(var_names=self._excluded)
        optimizer.build(self.variables)
