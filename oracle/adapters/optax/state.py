"""What a transformation of Optax keeps, under the names that the rules use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oracle.adapters.optax.aliases import COUNTERS, FIRST_STEPS, SLOTS
from oracle.adapters.optax.library import libraries

Array: TypeAlias = npt.NDArray[Any]
Shapes: TypeAlias = Sequence[tuple[int, ...]]

_WRAPPED = {
    "optax/MultiSteps": "opt",
    "optax/apply_if_finite": "inner",
    "optax/masked": "inner",
    "optax/lookahead": "fast_optimizer",
}
"""The argument that is another transformation."""


def slots(
    spec: str, hyper: Mapping[str, Any], state: Any, shapes: Shapes
) -> dict[str, list[Array | None]]:
    """Return the arrays of each slot, one for each parameter of these shapes."""
    if spec == "optax/chain":
        parts = zip(hyper["args"], state, strict=True)
        found = [_part(one, of, f"{place}.", shapes) for place, (one, of) in enumerate(parts)]
        return {slot: arrays for part in found for slot, arrays in part.items()}
    own = _named(SLOTS[spec], state, "", shapes)
    return own | (_part(hyper[_WRAPPED[spec]], state, "", shapes) if spec in _WRAPPED else {})


def _part(
    serialized: Mapping[str, Any], state: Any, prefix: str, shapes: Shapes
) -> dict[str, list[Array | None]]:
    name = serialized["class_name"]
    fields = SLOTS.get(f"optax/{name}", SLOTS.get(f"optax.contrib/{name}", {}))
    return _named(fields, state, prefix, shapes)


def _named(
    fields: Mapping[str, str], state: Any, prefix: str, shapes: Shapes
) -> dict[str, list[Array | None]]:
    tree = libraries().optax.tree
    held: dict[str, list[Array | None]] = {}
    for slot, named in fields.items():
        field, _, place = named.partition("/")
        if found := tree.get_all_with_path(state, field):
            held[slot] = _arrays(_each(found[0][1], place), len(shapes))
    if "r" in held:
        _leave_out_what_only_fills_a_place(held, shapes)
    return {f"{prefix}{slot}": arrays for slot, arrays in held.items()}


def _leave_out_what_only_fills_a_place(held: dict[str, list[Array | None]], shapes: Shapes) -> None:
    """Adafactor keeps one number in each slot that a parameter, factored or not, does not have."""
    for k, shape in enumerate(shapes):
        kept = held["v"][k]
        for slot in ("r", "c") if kept is not None and kept.shape == shape else ("v",):
            held[slot][k] = None


def _each(held: Any, place: str) -> Any:
    """Return what is held for each parameter, or of several arrays the one in a place."""
    if not place:
        return held
    at = int(place)
    return [several[at] if at < len(several) else () for several in held]


def _arrays(held: Any, count: int) -> list[Array | None]:
    """Return one array for each parameter; one without has (), what is shared all have."""
    if not isinstance(held, Sequence):
        return [np.array(held) for _ in range(count)]
    return [None if isinstance(a, tuple) else np.array(a) for a in held]


def set_step(spec: str, hyper: Mapping[str, Any], state: Any, number: int) -> Any:
    """Return a state whose counters all stand at a number; a group's count what they count."""
    every = int(hyper["every_k_schedule"]) if spec == "optax/MultiSteps" else 1
    period = int(hyper["sync_period"]) if spec == "optax/lookahead" else 1
    counted = number % period if hyper.get("reset_state") else number // every
    values = dict.fromkeys(COUNTERS, counted)
    values |= {"mini_step": number % every, "gradient_step": number // every}
    values |= {"steps_since_sync": number % period}
    tree, jnp = libraries().optax.tree, libraries().jax.numpy
    for counter, value in values.items():
        if tree.get_all_with_path(state, counter):
            state = tree.set(state, **{counter: jnp.asarray(value, dtype="int32")})
    for first in FIRST_STEPS:
        if number and tree.get_all_with_path(state, first):
            state = tree.set(state, **{first: jnp.asarray(False)})
    return state
