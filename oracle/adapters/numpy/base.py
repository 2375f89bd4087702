"""What every optimizer here stands on: parameters, slots, and arithmetic in one dtype."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.sparse import Sparse

Array: TypeAlias = npt.NDArray[Any]
Number: TypeAlias = Any
"""A numpy scalar of the parameters' dtype; numpy has no static type for bfloat16."""
Result: TypeAlias = Any
"""What arithmetic on arrays returns: an array, or a numpy scalar where the arrays are 0-d."""
Slots: TypeAlias = dict[str, Array]
Gradient: TypeAlias = "Array | Sparse"
Gradients: TypeAlias = Sequence["Gradient | None"]


@dataclass(kw_only=True, eq=False)
class Optimizer(ABC):
    """An optimizer that owns copies of its parameters and one dictionary of slots for each.

    Every operation happens in the dtype of the parameters, and every hyperparameter is rounded to
    that dtype before it is used: this is the arithmetic that a candidate declares by default.
    Python numbers never meet scalars of the dtype, because numpy 1 would widen the result.
    """

    params: list[Array] = field(kw_only=False, repr=False)

    def __post_init__(self) -> None:
        """Copy the parameters and create the slots."""
        self.params = [np.array(p) for p in self.params]
        self.dtype: np.dtype[Any] = self.params[0].dtype if self.params else np.dtype(np.float32)
        self.iterations = 0
        with np.errstate(all="ignore"):
            self.state: list[Slots] = [
                {name: np.full_like(p, value) for name, value in self.initial_slots().items()}
                for p in self.params
            ]

    @abstractmethod
    def initial_slots(self) -> dict[str, float]:
        """Return the value that each slot starts from."""

    @abstractmethod
    def update(self, p: Array, g: Array, slots: Slots, lr: Number) -> Result:
        """Return the new value of one parameter, and store its new slots."""

    @abstractmethod
    def apply(self, grads: Gradients) -> None:
        """Run one step of the library on all parameters."""

    def step(self, grads: Gradients) -> list[Array]:
        """Run one step and return fresh copies of the new parameters.

        Overflow and division by zero are answers here, not events, so numpy warns of neither.
        """
        self._check(grads)
        with np.errstate(all="ignore"):
            self.apply(grads)
        return [np.array(p) for p in self.params]

    def slots(self) -> dict[str, list[Array]]:
        """Return copies of the slots by name, one array for each parameter."""
        names = self.state[0] if self.state else {}
        return {name: [np.array(slots[name]) for slots in self.state] for name in names}

    def set_step(self, number: int) -> None:
        """Count as after ``number`` steps; slots stay as they are."""
        self.iterations = number

    def number(self, value: float) -> Number:
        """Round a Python number to the dtype of the parameters."""
        return self.dtype.type(value)

    def numbers(self, *values: float) -> list[Number]:
        """Round several Python numbers to the dtype of the parameters."""
        return [self.number(value) for value in values]

    def set_param(self, index: int, value: Result) -> None:
        """Replace a parameter by the result of some arithmetic."""
        self.params[index] = np.asarray(value)

    def _check(self, grads: Gradients) -> None:
        if len(grads) != len(self.params):
            raise ValueError(
                f"got {len(grads)} gradients for {len(self.params)} parameters: "
                "pass one gradient for each parameter"
            )
        for index, (p, g) in enumerate(zip(self.params, grads, strict=True)):
            if isinstance(g, Sparse):
                g = g.dense(p.shape)
            if g is not None and (g.shape, g.dtype) != (p.shape, p.dtype):
                raise ValueError(
                    f"gradient {index} is {g.dtype}{list(g.shape)}, but its parameter is "
                    f"{p.dtype}{list(p.shape)}: pass a gradient of the same shape and dtype"
                )
