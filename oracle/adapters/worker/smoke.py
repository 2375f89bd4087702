"""What is wrong with a worker before any numerics: each message is held to its schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import oracle
from oracle.adapters.worker.candidate import claims_of
from oracle.adapters.worker.messages import conforms
from oracle.adapters.worker.process import Process
from oracle.adapters.worker.smoke_capabilities import further
from oracle.adapters.worker.tensors import decoded, encoded
from oracle.dtypes import float_type
from oracle.errors import CandidateError, OracleError

SECONDS = 60.0
"""How long a run of two steps may take."""

DEMANDED = 0.5
"""What is said where the library has no default."""

PARAMS = ([1.0, -0.5, 0.25], 2.0)
GRADS = (([0.5, 0.0, -1.0], 0.25), ([-0.25, 1.0, 0.5], -1.0))


@dataclass(frozen=True)
class Outcome:
    """One thing that was tried, and what is wrong with it; empty if nothing is."""

    tried: str
    trouble: str = ""


def smoke(process: Process) -> Iterator[Outcome]:
    """Say hello, try every claim and capability in every dtype, and ask for what there is not."""
    try:
        told = claims_of(process)
    except CandidateError as error:
        yield Outcome("hello", str(error))
        return
    count = len(told["claims"])
    yield Outcome("hello", "" if count else "the worker claims nothing")
    for claim in told["claims"]:
        for dtype in claim["dtypes"]:
            mode = f" ({claim['mode']})" if claim.get("mode") else ""
            yield _tried(f"{claim['spec']} {dtype}{mode}", _run_twice, process, claim, dtype)
    if count:
        yield _tried("a run of a spec that is not claimed", _refuse, process, told["claims"][0])
    for what, attempt, arguments in further(told):
        yield _tried(what, attempt, process, *arguments)


def _tried(what: str, attempt: Any, *arguments: Any) -> Outcome:
    try:
        attempt(*arguments)
    except OracleError as error:
        return Outcome(what, str(error))
    return Outcome(what)


def _run_twice(process: Process, claim: Mapping[str, Any], dtype: str) -> None:
    """A run starts anew each time: the same question has the same answer."""
    first, second = (_run(process, claim, dtype, number) for number in (1, 2))
    if first != second:
        raise CandidateError("the same run gives another result the second time: state is kept")


def _run(process: Process, claim: Mapping[str, Any], dtype: str, number: int) -> Any:
    spec = oracle.spec(claim["spec"])
    answer = process.ask(_request(spec.id, claim, dtype, number), SECONDS)
    if answer.get("type") in ("error", "unsupported"):
        raise process.failure(f"the worker says: {answer.get('message')}")
    conforms(answer, "states")
    if answer["id"] != number:
        raise CandidateError(f"the worker answers run {answer['id']} instead of {number}")
    if [state["step"] for state in answer["states"]] != [1, 2]:
        raise CandidateError("the worker does not show the steps 1 and 2, which are asked for")
    for state in answer["states"]:
        _check_state(state, spec.slots, dtype)
    return answer["states"]


def _request(id: str, claim: Mapping[str, Any], dtype: str, number: int) -> dict[str, Any]:
    kind = float_type(dtype).numpy
    arguments = oracle.spec(id).arguments
    demanded = oracle.spec(id).required
    taken = demanded if claim.get("defaults") else claim.get("arguments", list(arguments))
    unknown = [name for name in claim.get("arguments", ()) if name not in arguments]
    if unknown:
        raise CandidateError(
            f"the worker takes {', '.join(unknown)}, which {id} does not have; "
            f"it has {', '.join(arguments)}"
        )

    def tensors(values: Sequence[Any]) -> list[Any]:
        return [encoded(np.array(value, dtype=kind)) for value in values]

    return {
        "type": "run",
        "id": number,
        "spec": id,
        "mode": claim.get("mode", ""),
        "dtype": dtype,
        "hyper": {n: DEMANDED if n in demanded else arguments[n].default for n in taken},
        "params": tensors(PARAMS),
        "grads": [tensors(row) for row in GRADS],
        "steps": [1, 2],
    }


def _check_state(state: Mapping[str, Any], slots: Sequence[str], dtype: str) -> None:
    where = f"step {state['step']}"
    _check_count(state["params"], f"{where}: params")
    for k, (value, start) in enumerate(zip(state["params"], PARAMS, strict=True)):
        array = decoded(value, dtype, f"{where}: param {k}")
        wanted = (3,) if isinstance(start, list) else ()
        if array.shape != wanted:
            raise CandidateError(f"{where}: param {k} has shape {array.shape}; it is {wanted}")
    for name, values in state.get("slots", {}).items():
        if name not in slots:
            known = ", ".join(slots) or "none"
            raise CandidateError(f"{where}: there is no slot {name!r}; the spec has {known}")
        _check_count(values, f"{where}: slot {name}")


def _check_count(values: Sequence[Any], where: str) -> None:
    if len(values) != len(PARAMS):
        raise CandidateError(f"{where} has {len(values)} arrays for {len(PARAMS)} parameters")


def _refuse(process: Process, claim: Mapping[str, Any]) -> None:
    """What a worker cannot do it says in an 'error' message, and lives on."""
    request = {**_request(claim["spec"], claim, claim["dtypes"][0], 3), "spec": "nobody/Nothing"}
    answer = process.ask(request, SECONDS)
    conforms(answer, "error")
