"""One fixture from the mathematics: drawn inputs, exact answers, bounds, each answer certified."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from oracle.dtypes import DTYPES
from oracle.golden.cases import Plan
from oracle.golden.cases.draw import inputs
from oracle.golden.certify import certify
from oracle.golden.decimals import decimal_text, text_error
from oracle.golden.limits import Limit, bound_number, shared
from oracle.golden.model import FORMAT, GoldenError
from oracle.golden.provenance import made_by
from oracle.golden.question import planned, question
from oracle.golden.read import Document, case_of, checksum
from oracle.golden.sight import carries, sees
from oracle.systems import spec as find_spec
from oracle.trajectories import Trajectory, enclosure, trajectory

DIGITS = 50
"""Digits that mpmath works with; 40 of them are written."""


def document_for(
    spec_id: str, chosen: Iterable[str] = (), known: Sequence[Mapping[str, Any]] = ()
) -> Document:
    """Compute the fixture of a spec: its own cases, and those shared and drawn ones of these ids.

    ``known`` are records of cases that were just computed.
    """
    spec = find_spec(spec_id)
    plans = planned(spec.id, chosen)
    records = {record["id"]: record for record in known}
    document: Document = {
        "format": FORMAT,
        "spec": spec.id,
        "made_by": made_by(spec.id, plans),
        "mpmath": importlib.metadata.version("mpmath"),
        "digits": DIGITS,
        "citations": list(spec.citations),
        "checksum": "",
        "cases": [records.get(plan.id) or case_record(spec.id, plan) for plan in plans],
    }
    document["checksum"] = checksum(document)
    return document


def case_record(spec: str, plan: Plan) -> dict[str, Any]:
    """Compute one case in its JSON form, in the dtypes that carry its inputs and see it."""
    params, grads = inputs(spec, plan)
    truth = trajectory(spec, params, grads, plan.hyper, digits=DIGITS)
    dtypes = [name for name in DTYPES if carries(name, [params, *grads])]
    record: dict[str, Any] = dict.fromkeys(("id", "why", "hyper"))  # before the dtypes in the file
    record |= {"dtypes": dtypes, **question(spec, plan), **_slot_shapes(truth), "checkpoints": []}
    bounds = {name: (truth.bound(name), truth.slot_bound(name)) for name in dtypes}
    for step in plan.written_steps:
        with _at(f"{spec} case {plan.id} step {step}"):
            record["checkpoints"].append(_checkpoint(truth, bounds, step))
    _certify_all(spec, plan, record, enclosure(spec, params, grads, plan.hyper))
    return _without_blind_dtypes(record, f"{spec} case {plan.id}")


def _slot_shapes(truth: Trajectory) -> dict[str, dict[str, list[list[int]]]]:
    """Return the shapes of the slots that have one of their own."""
    shapes = [np.shape(param) for param in truth.params[0]]
    held = {name: [np.shape(a) for a in slot] for name, slot in truth.slots[0].items()}
    own = {
        name: [list(shape) for shape in found]
        for name, found in held.items()
        if found != shapes and any(found)
    }
    return {"slot_shapes": own} if own else {}


def _without_blind_dtypes(record: dict[str, Any], name: str) -> dict[str, Any]:
    case = case_of(record)
    kept = [dtype for dtype in case.dtypes if sees(case, dtype)]
    if not kept:
        raise GoldenError(f"{name} is vacuous in every dtype; let it move its parameters further")
    record["dtypes"] = kept
    for checkpoint in record["checkpoints"]:
        checkpoint["bounds"] = shared({dtype: checkpoint["bounds"][dtype] for dtype in kept})
    return record


@contextmanager
def _at(place: str) -> Iterator[None]:
    """Name the place of whatever is wrong with a number."""
    try:
        yield
    except GoldenError as error:
        raise GoldenError(f"{place}: {error}") from error


def _checkpoint(truth: Trajectory, bounds: Mapping[str, Any], step: int) -> dict[str, Any]:
    exact, slots = truth.params[step], truth.slots[step]
    return {
        "step": step,
        "params": [_decimals(tensor) for tensor in exact],
        "slots": {name: [_decimals(tensor) for tensor in slot] for name, slot in slots.items()},
        "bounds": {
            dtype: {
                "params": _limits(of_params[step], exact, dtype),
                "slots": {
                    name: _limits(of_slots[step][name], slots[name], dtype) for name in slots
                },
            }
            for dtype, (of_params, of_slots) in bounds.items()
        },
    }


def _certify_all(spec: str, plan: Plan, record: Mapping[str, Any], balls: Any) -> None:
    for checkpoint in record["checkpoints"]:
        step = checkpoint["step"]
        named = {"param": (checkpoint["params"], balls.params[step])}
        for slot, tensors in checkpoint["slots"].items():
            named[f"slot {slot}"] = (tensors, balls.slots[step][slot])
        for name, (texts, enclosures) in named.items():
            for k, (flat, ball) in enumerate(zip(texts, enclosures, strict=True)):
                for i, (text, one) in enumerate(zip(flat, np.ravel(ball), strict=True)):
                    certify(text, one, f"{spec} case {plan.id} step {step} {name}[{k}][{i}]")


def _decimals(tensor: Any) -> list[str]:
    return [decimal_text(value) for value in np.ravel(tensor)]


def _limits(bounds: Sequence[Any], tensors: Sequence[Any], dtype: str) -> list[list[Limit]]:
    return [
        [
            bound_number(float(limit), text_error(number), dtype)
            for limit, number in zip(np.ravel(bound), np.ravel(tensor), strict=True)
        ]
        for bound, tensor in zip(bounds, tensors, strict=True)
    ]
