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
    "optax.contrib/schedule_free": "base_optimizer",
}
"""The argument that is another transformation."""

_APART: dict[str, tuple[tuple[str, str, str], ...]] = {
    "optax.contrib/mechanize": (("base_optimizer", "base.", "base_optimizer_state"),),
    "optax.contrib/sam": (
        ("optimizer", "opt.", "opt_state"),
        ("adv_optimizer", "adv.", "adv_state"),
    ),
}
"""The same for those whose slots are told apart by a prefix: argument, prefix and field."""


def slots(
    spec: str, hyper: Mapping[str, Any], state: Any, shapes: Shapes
) -> dict[str, list[Array | None]]:
    """Return the arrays of each slot, one for each parameter of these shapes."""
    if spec == "optax/chain":
        parts = zip(hyper["args"], state, strict=True)
        found = [_part(one, of, f"{place}.", shapes) for place, (one, of) in enumerate(parts)]
        return {slot: arrays for part in found for slot, arrays in part.items()}
    if spec in _APART:
        held = _own(SLOTS[spec], state, len(shapes))
        for argument, prefix, field in _APART[spec]:
            held |= _part(hyper[argument], getattr(state, field), prefix, shapes)
        return held
    own = _named(SLOTS[spec], state, "", shapes)
    return own | (_part(hyper[_WRAPPED[spec]], state, "", shapes) if spec in _WRAPPED else {})


def _own(fields: Mapping[str, str], state: Any, count: int) -> dict[str, list[Array | None]]:
    """Return what a wrapper itself keeps; of a vector, the element in a place where there is one.

    Those of the transformations that it wraps may have fields of the same names.
    """
    held: dict[str, list[Array | None]] = {}
    for slot, named in fields.items():
        field, _, place = named.partition("/")
        found = getattr(state, field)
        if not place:
            held[slot] = _arrays(found, count)
        elif int(place) < len(found):
            held[slot] = _arrays(found[int(place)], count)
    return held


def _part(
    serialized: Mapping[str, Any], state: Any, prefix: str, shapes: Shapes
) -> dict[str, list[Array | None]]:
    name = serialized["class_name"]
    if name == "chain":
        within = slots("optax/chain", serialized["config"], state, shapes)
        return {f"{prefix}{slot}": arrays for slot, arrays in within.items()}
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
            held[slot] = _arrays(_each(_merged([of for _, of in found]), place), len(shapes))
    if "r" in held:
        _leave_out_what_only_fills_a_place(held, shapes)
    return {f"{prefix}{slot}": arrays for slot, arrays in held.items()}


def _leave_out_what_only_fills_a_place(held: dict[str, list[Array | None]], shapes: Shapes) -> None:
    """Adafactor keeps one number in each slot that a parameter, factored or not, does not have."""
    for k, shape in enumerate(shapes):
        kept = held["v"][k]
        for slot in ("r", "c") if kept is not None and kept.shape == shape else ("v",):
            held[slot][k] = None


def _merged(found: Sequence[Any]) -> Any:
    """Return a field that parts of the parameters have in several places, as optax.partition does.

    What a part has not is an empty tuple there.
    """
    first = found[0]
    if not isinstance(first, list):
        return first
    apart = [of for of in found if isinstance(of, list)]
    return [
        next((a for a in each if not isinstance(a, tuple)), ()) for each in zip(*apart, strict=True)
    ]


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
    if spec == "optax.contrib/sam":
        return _sam_at(hyper, state, number)
    if spec == "optax.contrib/mechanize":
        base = _counted(state.base_optimizer_state, dict.fromkeys(COUNTERS, number), number > 0)
        return state._replace(base_optimizer_state=base)
    period = int(hyper["sync_period"]) if spec == "optax/lookahead" else 1
    counted = number % period if hyper.get("reset_state") else number // every
    values = dict.fromkeys(COUNTERS, counted)
    values |= {"mini_step": number % every, "gradient_step": number // every}
    values |= {"steps_since_sync": number % period}
    return _counted(state, values, number > 0)


def _counted(state: Any, values: Mapping[str, int], begun: bool) -> Any:
    """Return a state with other counts; once it has begun, no step is the first."""
    tree, jnp = libraries().optax.tree, libraries().jax.numpy
    for counter, value in values.items():
        if tree.get_all_with_path(state, counter):
            state = tree.set(state, **{counter: jnp.asarray(value, dtype="int32")})
    for first in FIRST_STEPS:
        if begun and tree.get_all_with_path(state, first):
            state = tree.set(state, **{first: jnp.asarray(False)})
    return state


def _sam_at(hyper: Mapping[str, Any], state: Any, number: int) -> Any:
    """Return SAM's state at a number of steps: the outer optimizer takes the last of each round."""
    period = int(hyper.get("sync_period", 2))
    rounds, place = divmod(number, period)
    climbs = place if hyper.get("reset_state", True) else number - rounds
    return _counted(state, {"steps_since_sync": place}, False)._replace(
        opt_state=_counted(state.opt_state, dict.fromkeys(COUNTERS, rounds), rounds > 0),
        adv_state=_counted(state.adv_state, dict.fromkeys(COUNTERS, climbs), climbs > 0),
    )
