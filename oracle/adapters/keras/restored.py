"""An optimizer that is made anew before every step, by all that Keras has to restore one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oracle.adapters.keras.classes import named
from oracle.adapters.keras.library import Libraries
from oracle.adapters.keras.optimizer import KerasOptimizer
from oracle.adapters.keras.slots import Array, array


class RestoredOptimizer(KerasOptimizer):
    """A Keras optimizer whose every step is taken by a new one, with the state of the last.

    It is made from the configuration of the last, is handed its variables as from a file or as a
    list, in turn, and steps by ``apply_gradients``. Its learning rate is set by assignment, and
    parameters are excluded from weight decay by their names. The averages that it shows are those
    with which it overwrites the parameters at the end of a training.
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
        self._count = 0
        with self.computing():
            optimizer.learning_rate = rate
            self._build(optimizer)

    def apply(self, grads: list[Any]) -> None:
        """Hand the state on to a new optimizer, which takes the step."""
        old = self.optimizer
        self.optimizer = type(old).from_config(old.get_config())
        self._build(self.optimizer)
        self._count += 1
        if self._count % 2:
            saved: dict[str, Any] = {}
            old.save_own_variables(saved)
            self.optimizer.load_own_variables(saved)
        else:
            self.optimizer.set_weights([variable.numpy() for variable in old.variables])
        self.optimizer.apply_gradients(zip(grads, self.variables, strict=True))

    def slots(self) -> dict[str, list[Array | None]]:
        """Return the optimizer's variables; an average as it is put in a parameter's place."""
        found = super().slots()
        if "average" in found:
            held = [array(variable) for variable in self.variables]
            with self.computing():
                self.optimizer.finalize_variable_values(self.variables)
                found["average"] = [array(variable) for variable in self.variables]
                for variable, value in zip(self.variables, held, strict=True):
                    variable.assign(value)
        return found

    def _build(self, optimizer: Any) -> None:
        if self._excluded:
            optimizer.exclude_from_weight_decay(var_names=self._excluded)
        optimizer.build(self.variables)
