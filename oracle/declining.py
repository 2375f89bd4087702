"""Candidates that take no parameter without axes, or none without elements: kept from them.

An array of one element stands for a number, which changes no result of any spec; an array without
elements has no result. So the checks remain, and say the same about everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np
import numpy.typing as npt

from oracle.errors import UnsupportedError

Array = npt.NDArray[Any]

BY_NUMBER = (
    "exclude_from_weight_decay",
    "exclude_layers",
    "decay_var_list",
    "skip_list",
    "vars_to_clip_dims",
    "mask",
    "weight_decay_mask",
    "trust_ratio_mask",
)
"""The hyperparameters that name parameters by their numbers."""


def declining(factory: Callable[..., Any], *, scalars: bool, empties: bool) -> Callable[..., Any]:
    """Return a factory, or a look-up by name, whose candidates are shown what they take.

    Without ``scalars`` a parameter of shape ``()`` is given the shape ``(1,)``, without ``empties``
    one without elements is left out; what comes back, parameters and slots, is turned round again.
    """

    @wraps(factory)
    def build(*given: Any, **hyper: Any) -> Any:
        *before, params = given
        shown = _Shown(params, scalars, empties)
        candidate = factory(*before, shown.inside(params), **shown.numbered(hyper))
        takes_steps = callable(getattr(candidate, "step", candidate))
        return _Turned(candidate, shown) if takes_steps else candidate

    return build


@dataclass(frozen=True)
class _Shown:
    """Which of the parameters are shown, and as what."""

    params: Sequence[Array]
    scalars: bool
    empties: bool

    @property
    def numbers(self) -> list[int]:
        """The parameters that are shown."""
        return [k for k, p in enumerate(self.params) if self.empties or np.size(p)]

    def inside(self, values: Sequence[Any]) -> list[Any]:
        """Return parameters, or gradients of a step, as the candidate gets them."""
        return [self._with_axis(values[k]) for k in self.numbers]

    def outside(self, values: Any, *, slot: bool = False) -> Any:
        """Return what the candidate shows for each parameter as if it had been given all.

        One that it was not given stays what it is, and has no slots.
        """
        if not isinstance(values, list | tuple) or len(values) != len(self.numbers):
            return values
        found = dict(zip(self.numbers, values, strict=True))
        return [
            self._without_axis(p, found[k]) if k in found else None if slot else np.array(p)
            for k, p in enumerate(self.params)
        ]

    def numbered(self, hyper: Mapping[str, Any]) -> dict[str, Any]:
        """Return hyperparameters that count the parameters which are shown."""
        return {
            name: self._counted(name, value) if name in BY_NUMBER and value else value
            for name, value in hyper.items()
        }

    def _counted(self, name: str, value: Any) -> Any:
        places = {k: place for place, k in enumerate(self.numbers)}
        if isinstance(value, Mapping):
            counted: Any = {
                type(k)(places[int(k)]): v for k, v in value.items() if int(k) in places
            }
        else:
            counted = [places[k] for k in value if k in places]
        if not counted:
            raise UnsupportedError(f"{name} names only parameters without elements")
        return counted

    def _with_axis(self, value: Any) -> Any:
        plain = isinstance(value, np.ndarray) and value.shape == ()
        return value.reshape(1) if plain and not self.scalars else value

    def _without_axis(self, param: Array, value: Any) -> Any:
        if np.shape(param) == () and not self.scalars and np.shape(value) == (1,):
            return np.asarray(value).reshape(())
        return value


class _Turned:
    """A candidate that seems to have been given all parameters as they are."""

    def __init__(self, candidate: Any, shown: _Shown) -> None:
        self._candidate = candidate
        self._shown = shown
        for name in ("run", "set_step", "slots"):
            if hasattr(candidate, name):
                setattr(self, name, getattr(self, f"_{name}"))

    def step(self, grads: Sequence[Any]) -> Any:
        """Take a step with the gradients of what is shown."""
        step = getattr(self._candidate, "step", self._candidate)
        return self._shown.outside(step(self._shown.inside(grads)))

    def _slots(self) -> Any:
        return self._turned(self._candidate.slots())

    def _set_step(self, number: int) -> None:
        self._candidate.set_step(number)

    def _run(self, rows: Sequence[Sequence[Any]], steps: Sequence[int]) -> Any:
        found = self._candidate.run([self._shown.inside(row) for row in rows], steps)
        return [(self._shown.outside(params), self._turned(slots)) for params, slots in found]

    def _turned(self, slots: Any) -> Any:
        if not isinstance(slots, Mapping):
            return slots
        return {name: self._shown.outside(values, slot=True) for name, values in slots.items()}
