"""What the cases of a fixture ask: inputs and steps, drawn from their plans, without an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from oracle.golden.cases import Plan, plans_for
from oracle.golden.cases.draw import inputs
from oracle.golden.cases.searched import searched_plan
from oracle.golden.decimals import float_number
from oracle.golden.model import Array
from oracle.golden.read import Document
from oracle.sparse import Sparse

_ASKED = ("id", "why", "hyper", "shapes", "params", "grads")


def planned(spec: str, searched: Iterable[int]) -> list[Plan]:
    """Return the plans of a spec's cases, and of those drawn ones of these numbers."""
    plans = plans_for(spec)
    return [*plans, *(searched_plan(spec, number, plans) for number in searched)]


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
    return float_number(value) if isinstance(value, float) else value


def _gradient(gradient: Array | Sparse) -> Mapping[str, Any] | Sequence[float | str]:
    if not isinstance(gradient, Sparse):
        return _numbers(gradient)
    indices = [int(index) for index in gradient.indices]
    return {"indices": indices, "values": _numbers(gradient.values)}


def _numbers(tensor: Array) -> list[float | str]:
    return [float_number(float(value)) for value in np.ravel(tensor)]
