"""Is what a worker says of training and of configurations right? For `oracle smoke` to try."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

import oracle
from oracle.adapters.worker.messages import conforms
from oracle.adapters.worker.process import Process
from oracle.adapters.worker.tensors import decoded, encoded
from oracle.dtypes import float_type
from oracle.errors import CandidateError

SECONDS = 60.0
"""How long two batches, or one configuration, may take."""

KERNEL, BIAS = [[0.5, -0.25, 0.0], [0.25, 0.5, -0.5]], [0.0, 0.125, -0.125]
BATCH = [[[1.0, -0.5]], [[0.0, 1.0, 0.0]]]
"""One sample of two features, and its targets for three units."""

UNKNOWN = "NoOptimizerOfAnyLibrary"


def further(told: Mapping[str, Any]) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    """Yield what to try of the capabilities in ``claims``: its name, a function, its arguments."""
    for claim in told.get("trains", ()):
        mode = claim.get("mode", "")
        for dtype in claim["dtypes"]:
            what = f"training with {claim['spec']} {dtype}{mode and f' ({mode})'}"
            yield what, _train, (claim["spec"], mode, dtype)
    for system in told.get("configures", ()):
        for spec in (oracle.spec(claim["spec"]) for claim in told["claims"]):
            if spec.system.name == system and not spec.required:
                yield f"a configuration of {spec.id}", _configure, (system, spec.name)
        yield f"an unknown name in {system}", _refuse, (system,)


def _train(process: Process, id: str, mode: str, dtype: str) -> None:
    spec = oracle.spec(id)
    kind = float_type(dtype).numpy
    start = [np.array(KERNEL, kind), np.array(BIAS, kind)]
    request = {
        "type": "train",
        "id": 4,
        "spec": spec.id,
        "mode": mode,
        "dtype": dtype,
        "hyper": dict.fromkeys(spec.required, 0.5),
        "params": [encoded(w) for w in start],
        "batches": [[encoded(np.array(array, kind)) for array in BATCH]] * 2,
        "steps": [1, 2],
    }
    answer = _answer(process, request, "states")
    if [state["step"] for state in answer["states"]] != [1, 2]:
        raise CandidateError("the worker does not show the steps 1 and 2, which are asked for")
    for state in answer["states"]:
        weights = state["params"]
        if len(weights) != len(start):
            raise CandidateError(f"the worker shows {len(weights)} weights; there are two")
        for name, weight, before in zip(("kernel", "bias"), weights, start, strict=True):
            after = decoded(weight, dtype, f"step {state['step']}: the {name}")
            if after.shape != before.shape:
                raise CandidateError(f"the {name} has shape {after.shape}; it is {before.shape}")


def _configure(process: Process, system: str, name: str) -> None:
    for way in ("constructor", "config", "serialization", "name"):
        _answer(process, _about(system, way, name), "configuration")


def _refuse(process: Process, system: str) -> None:
    conforms(process.ask(_about(system, "name", UNKNOWN), SECONDS), "error")


def _about(system: str, way: str, name: str) -> dict[str, Any]:
    asked = {"system": system, "way": way, "name": name, "hyper": {}}
    return {"type": "configure", "id": 5, **asked}


def _answer(process: Process, request: Mapping[str, Any], kind: str) -> dict[str, Any]:
    answer = process.ask(request, SECONDS)
    if answer.get("type") == "error":
        raise process.failure(f"the worker says: {answer.get('message')}")
    conforms(answer, kind)
    if answer["id"] != request["id"]:
        raise CandidateError(f"the worker answers {answer['id']} instead of {request['id']}")
    return answer
