"""What a Keras optimizer keeps, under the names that the rules use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.adapters.keras.classes import BASE_SLOTS, CLASSES

Array: TypeAlias = npt.NDArray[Any]


def array(variable: Any) -> Array:
    """Return the value of a variable."""
    return np.array(variable.numpy())


def wrapped(optimizer: Any) -> Mapping[str, Any]:
    """Return the optimizers that one wraps, by what their slots' names begin with."""
    row = CLASSES.get(type(optimizer).__name__)
    return row.wraps(optimizer) if row and row.wraps else {}


def stepping(optimizer: Any) -> list[Any]:
    """Return the optimizers that count steps: those that are wrapped, or the one itself."""
    return list(wrapped(optimizer).values()) or [optimizer]


def slots(optimizer: Any, variables: Sequence[Any]) -> dict[str, list[Array | None]]:
    """Return the arrays of each slot, one for each variable; those of wrapped optimizers too."""
    row, inner = CLASSES.get(type(optimizer).__name__), wrapped(optimizer)
    names = {**(row.slots if row else {}), **({} if inner else BASE_SLOTS)}
    found = {slot: _slot(optimizer, attribute, variables) for slot, attribute in names.items()}
    for prefix, one in inner.items():
        found |= {f"{prefix}{slot}": arrays for slot, arrays in _part(one, variables).items()}
    return {slot: arrays for slot, arrays in found.items() if arrays}


def _part(optimizer: Any, variables: Sequence[Any]) -> dict[str, list[Array | None]]:
    """Return the slots of an optimizer that may move some of the variables only."""
    moved = {id(variable) for variable in optimizer._trainable_variables}
    own = [k for k, variable in enumerate(variables) if id(variable) in moved]
    found = slots(optimizer, [variables[k] for k in own]) if own else {}
    return {
        slot: [arrays[own.index(k)] if k in own else None for k in range(len(variables))]
        for slot, arrays in found.items()
    }


def _slot(optimizer: Any, attribute: str, variables: Sequence[Any]) -> list[Array | None]:
    held = getattr(optimizer, attribute, None)
    if held is None:
        return []
    if not isinstance(held, Sequence):
        return [array(held) for _ in variables]
    return [_of(variable, slot) for variable, slot in zip(variables, held, strict=False)]


def _of(variable: Any, slot: Any) -> Array | None:
    """Return the slot of a parameter; where it has none, Adafactor keeps an integer."""
    there = slot is not None and slot.dtype == variable.dtype
    return array(slot) if there else None
