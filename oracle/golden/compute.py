"""One fixture from the mathematics: drawn inputs, exact answers, bounds, each answer certified."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

from oracle.arithmetic.bounded import Floats
from oracle.arithmetic.plain import Objects
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
from oracle.record import Record
from oracle.systems import spec as find_spec
from oracle.trajectories import Trajectory, enclosure, trajectory

DIGITS = 50
"""Digits that mpmath works with; 40 of them are written."""

_ENCLOSED = 60
"""Digits of the first enclosure; a digit more for each step, in which balls may grow threefold."""


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
    bounds = {name: truth.bounds(name) for name in dtypes}
    for step in plan.written_steps:
        with _at(f"{spec} case {plan.id} step {step}"):
            record["checkpoints"].append(_checkpoint(truth.records[step], bounds))
    balls = enclosure(spec, params, grads, plan.hyper, digits=_ENCLOSED + plan.steps)
    _certify_all(f"{spec} case {plan.id}", record, balls)
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


def _checkpoint(
    exact: Record[Objects], bounds: Mapping[str, Sequence[Record[Floats]]]
) -> dict[str, Any]:
    step = exact.step
    limits = {
        dtype: exact.map(partial(_limits, dtype=dtype), of_steps[step])
        for dtype, of_steps in bounds.items()
    }
    return {
        "step": step,
        **_written(exact.map(_decimals)),
        "bounds": {dtype: _written(record) for dtype, record in limits.items()},
    }


def _written(record: Record[Any]) -> dict[str, Any]:
    return {"params": record.params, "slots": record.slots}


def _certify_all(case: str, record: Mapping[str, Any], balls: Sequence[Record[Objects]]) -> None:
    for checkpoint in record["checkpoints"]:
        step = checkpoint["step"]
        for (slot, k), ball in balls[step].arrays.items():
            texts = checkpoint["slots"][slot][k] if slot else checkpoint["params"][k]
            name = f"slot {slot}" if slot else "param"
            for i, (text, one) in enumerate(zip(texts, np.ravel(ball), strict=True)):
                certify(text, one, f"{case} step {step} {name}[{k}][{i}]")


def _decimals(exact: Objects) -> list[str]:
    return [decimal_text(value) for value in np.ravel(exact)]


def _limits(exact: Objects, bound: Floats, dtype: str) -> list[Limit]:
    return [
        bound_number(float(limit), text_error(number), dtype)
        for limit, number in zip(np.ravel(bound), np.ravel(exact), strict=True)
    ]
