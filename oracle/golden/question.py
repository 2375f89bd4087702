"""What the cases of a fixture ask: inputs and steps, drawn from their plans, without an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from oracle.golden.cases import Plan, plans_for
from oracle.golden.cases.draw import inputs
from oracle.golden.cases.plan import OWN
from oracle.golden.cases.searched import PREFIX, base_of, searched_plan
from oracle.golden.decimals import float_number
from oracle.golden.model import GoldenError
from oracle.golden.read import Document
from oracle.sparse import Sparse
from oracle.truth import Array

_ASKED = ("id", "why", "hyper", "shapes", "params", "grads")


def planned(spec: str, chosen: Iterable[str]) -> list[Plan]:
    """Return the plans of a spec's own cases, and of those shared and drawn ones of these ids."""
    plans, wanted = plans_for(spec), list(chosen)
    drawn = sorted(name for name in wanted if name.startswith(PREFIX))
    taken = [plan for plan in plans if plan.role == OWN or plan.id in wanted]
    return [*taken, *(plan_called(spec, name, plans) for name in drawn)]


def plan_called(spec: str, case_id: str, plans: Sequence[Plan]) -> Plan:
    """Return one of these plans by its id, or a drawn variation of one.

    Raises `GoldenError` for an id that is neither.
    """
    known = {plan.id: plan for plan in plans}
    if case_id in known:
        return known[case_id]
    if case_id.startswith(PREFIX) and base_of(case_id) in known:
        return searched_plan(spec, case_id, known[base_of(case_id)])
    raise GoldenError(f"{spec} has no plan of a case {case_id}; `oracle generate` leaves it out")


def question(spec: str, plan: Plan) -> dict[str, Any]:
    """Return the part of a case's record that its plan alone determines."""
    params, grads = inputs(spec, plan)
    return {
        "id": plan.id,
        "why": plan.why,
        "hyper": {name: _argument(value) for name, value in plan.hyper.items()},
        "shapes": [list(shape) for shape in plan.shapes],
        "params": [_numbers(param) for param in params],
        "grads": [[None if g is None else _gradient(g) for g in step] for step in grads],
        "checkpoints": [{"step": step} for step in plan.written_steps],
    }


def questions_of(document: Document) -> Iterator[dict[str, Any]]:
    """Yield what the cases of a document ask; it has to fit the schema."""
    for record in document["cases"]:
        steps = [{"step": checkpoint["step"]} for checkpoint in record["checkpoints"]]
        yield {**{key: record[key] for key in _ASKED}, "checkpoints": steps}


def _argument(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(map(_argument, value))
    return float_number(value) if isinstance(value, float) else value


def _gradient(gradient: Array | Sparse) -> Mapping[str, Any] | Sequence[float | str]:
    if not isinstance(gradient, Sparse):
        return _numbers(gradient)
    indices = [int(index) for index in gradient.indices]
    return {"indices": indices, "values": _numbers(gradient.values)}


def _numbers(tensor: Array) -> list[float | str]:
    return [float_number(float(value)) for value in np.ravel(tensor)]
