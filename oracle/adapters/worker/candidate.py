"""A worker as an implementation under test: its claims, and runs that take all steps at once."""

from __future__ import annotations

import inspect
import itertools
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import Field, fields
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

import oracle
from oracle.adapters.worker.messages import PROTOCOL, conforms
from oracle.adapters.worker.process import START_SECONDS, Process
from oracle.adapters.worker.tensors import (
    arguments_encoded,
    decoded,
    encoded,
    gradient_encoded,
)
from oracle.claim import Configured, Factory, Precision
from oracle.errors import (
    CandidateError,
    ImplementationError,
    OracleError,
    RefusalError,
    UnsupportedError,
)
from oracle.implementation import Implementation
from oracle.sparse import Sparse

Array = npt.NDArray[Any]
State = tuple[list[Array], dict[str, list["Array | None"]]]

PREFIX = "cmd:"
CAPABILITIES = ("slow", "schedules", "missing_gradients", "sparse_gradients")


def from_command(reference: str) -> Implementation:
    """Return the implementation behind ``cmd:PROGRAM ARGS``; the program is started at once."""
    try:
        command = shlex.split(reference.removeprefix(PREFIX))
    except ValueError as error:
        raise ImplementationError(f"--impl={reference}: {error}") from error
    if not command:
        raise ImplementationError(f"--impl={reference}: name a program after {PREFIX}")
    try:
        return implementation(Process(command))
    except CandidateError as error:
        raise ImplementationError(f"--impl={reference}: {error}") from error


def implementation(process: Process, **more: Any) -> Implementation:
    """Start a worker, ask what it claims, and return that; ``more`` goes to `Implementation`."""
    told = claims_of(process)
    options = {name: told.get(name, False) for name in CAPABILITIES}
    worker = Worker(process)
    devices = {name: partial(worker.on, name) for name in told.get("devices", ())}
    options |= {"devices": devices, "packages": told.get("packages", {})}
    found = Implementation(told["name"], **{**options, **more})
    for claim in told["claims"]:
        found.implements(
            claim["spec"],
            mode=claim.get("mode", ""),
            dtypes=claim["dtypes"],
            **_declared(claim),
            compiles=claim.get("compiles", False),
            far=True,
        )(worker.factory(claim))
    for system in told.get("lookups", ()):
        found.looks_up(system)(worker.look_up(system))
    for claim in told.get("trains", ()):
        found.trains(
            claim["spec"],
            mode=claim.get("mode", ""),
            dtypes=claim["dtypes"],
            **_declared(claim),
        )(worker.trainer(claim))
    for system in told.get("trains_by_name", ()):
        found.trains_by_name(system)(worker.trainer_by_name(system))
    for system in told.get("configures", ()):
        found.configures(system)(worker.configured(system))
    return found


def claims_of(process: Process) -> dict[str, Any]:
    """Say hello and return the answer; raises `CandidateError`."""
    told = process.ask({"type": "hello", "protocol": PROTOCOL}, START_SECONDS)
    conforms(told, "claims")
    return told


def _declared(claim: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options by which a claim declares its arithmetic, each a function of the dtype."""
    precision = claim.get("precision", {})

    def of(option: Field[Any]) -> Callable[..., Any]:
        return lambda dtype, *_: precision.get(dtype, {}).get(option.name, option.default)

    return {option.name: of(option) for option in fields(Precision) if option.name != "dtype"}


class Worker:
    """Runs on one process."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._numbers = itertools.count(1)
        self._device: dict[str, str] = {}

    @contextmanager
    def on(self, device: str) -> Iterator[None]:
        """Ask for runs on a device, as long as this lasts."""
        self._device = {"device": device}
        try:
            yield
        finally:
            self._device = {}

    def factory(self, claim: Mapping[str, Any]) -> Factory:
        """Return the factory of a claim, with the keywords that the worker takes."""
        spec, mode = claim["spec"], claim.get("mode", "")

        def factory(params: Sequence[Array], **hyper: Any) -> FarOptimizer:
            asked = {"spec": spec, "mode": mode, "hyper": arguments_encoded(hyper)}
            return FarOptimizer(self, params, asked)

        keywords = claim.get("arguments", _arguments_of(spec))
        knows = claim.get("defaults", False)
        default = None if knows else inspect.Parameter.empty
        factory.__signature__ = _signature(keywords, default)  # type: ignore[attr-defined]
        return factory

    def look_up(self, system: str) -> Factory:
        """Return the look-up by name in a system."""

        def look_up(name: str, params: Sequence[Array]) -> FarOptimizer:
            spec = oracle.spec(f"{system}/{name}").id
            return FarOptimizer(
                self, params, {"spec": spec, "mode": "", "hyper": {}, "lookup": name}
            )

        return look_up

    def trainer(self, claim: Mapping[str, Any]) -> Factory:
        """Return the factory that trains with a spec; the worker knows the library's defaults."""
        spec, mode = claim["spec"], claim.get("mode", "")

        def factory(weights: Sequence[Array], **hyper: Any) -> FarTraining:
            return FarTraining(self, weights, {"spec": spec, "mode": mode, "hyper": hyper})

        keywords = claim.get("arguments", _arguments_of(spec))
        factory.__signature__ = _signature(keywords, None)  # type: ignore[attr-defined]
        return factory

    def trainer_by_name(self, system: str, mode: str = "") -> Factory:
        """Return the same for an optimizer that the model is given by name."""

        def by_name(name: str, weights: Sequence[Array]) -> FarTraining:
            spec = oracle.spec(f"{system}/{name}").id
            request = {"spec": spec, "mode": mode, "hyper": {}, "lookup": name}
            return FarTraining(self, weights, request)

        return by_name

    def configured(self, system: str) -> Configured:
        """Return what asks for the configurations of a system's optimizers."""

        def configured(
            way: str, name: str, hyper: Mapping[str, Any]
        ) -> tuple[str, Mapping[str, Any]]:
            request = {"system": system, "way": way, "name": name, "hyper": dict(hyper)}
            return self._configuration(request)

        return configured

    def _configuration(self, request: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        number = next(self._numbers)
        answer = self._process.ask({"type": "configure", "id": number, **request})
        if answer.get("type") == "error" and answer.get("id") == number:
            raise RefusalError(f"the worker says: {answer.get('message')}")
        conforms(answer, "configuration")
        if answer["id"] != number:
            self._process.close()
            raise CandidateError(f"the worker answers {answer['id']} instead of {number}")
        return answer["class_name"], answer["config"]

    def states(self, request: Mapping[str, Any], dtype: str) -> list[State]:
        """Send a run and return the state after each wanted step."""
        number = next(self._numbers)
        wanted = {"type": "run", "id": number, "dtype": dtype, **request}
        if wanted["type"] == "run":
            wanted |= self._device
        answer = self._process.ask(wanted)
        try:
            return _states_of(answer, number, request["steps"], dtype)
        except CandidateError as error:
            if answer.get("type") != "error":
                self._process.close()
            raise self._process.failure(str(error)) from error


class FarTraining:
    """A model in the other process; it is trained when all batches are known."""

    def __init__(self, worker: Worker, weights: Sequence[Array], request: Mapping[str, Any]):
        self._worker = worker
        self._weights = weights
        self._request = request

    def run(self, batches: Sequence[Sequence[Array]], steps: Sequence[int]) -> list[State]:
        """Train on every batch; return the weights after those that are asked for."""
        request = {
            **self._request,
            "type": "train",
            "params": [encoded(w) for w in self._weights],
            "batches": [[encoded(array) for array in batch] for batch in batches],
            "steps": list(steps),
        }
        return self._worker.states(request, self._weights[0].dtype.name)


class FarOptimizer:
    """An optimizer in the other process; it is built when its steps are known."""

    def __init__(self, worker: Worker, params: Sequence[Array], request: Mapping[str, Any]):
        self._worker = worker
        self._params = params
        self._request = request

    def run(
        self, grads: Sequence[Sequence[Array | Sparse | None]], steps: Sequence[int]
    ) -> list[State]:
        """Take all steps; return parameters and slots after those that are asked for."""
        request = {
            **self._request,
            "params": [encoded(p) for p in self._params],
            "grads": [[gradient_encoded(g) for g in row] for row in grads],
            "steps": list(steps),
        }
        names = {p.dtype.name for p in self._params} or {"float64"}
        return self._worker.states(request, names.pop())


def _arguments_of(spec: str) -> list[str]:
    try:
        return list(oracle.spec(spec).arguments)
    except OracleError as error:
        raise CandidateError(f"the worker claims what there is not: {error}") from error


def _signature(keywords: Sequence[str], default: Any) -> inspect.Signature:
    first = inspect.Parameter("params", inspect.Parameter.POSITIONAL_ONLY)
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Signature(
        [first, *(inspect.Parameter(k, kind, default=default) for k in keywords)]
    )


def _states_of(answer: Mapping[str, Any], number: int, steps: Any, dtype: str) -> list[State]:
    """Read the answer to run ``number``; what is wrong with its form is said in a sentence."""
    if answer.get("id") != number:
        raise CandidateError(f"the worker answers run {answer.get('id')!r} instead of {number}")
    if answer.get("type") == "error":
        raise CandidateError(f"the worker says: {answer.get('message')}")
    if answer.get("type") == "unsupported":
        raise UnsupportedError(f"the worker says: {answer.get('message')}")
    states = answer.get("states")
    if answer.get("type") != "states" or not isinstance(states, list):
        raise CandidateError(
            "the worker's answer to a run is none of 'states', 'unsupported' and 'error'"
        )
    given = [state.get("step") if isinstance(state, Mapping) else None for state in states]
    if given != list(steps):
        raise CandidateError(f"the worker shows the steps {given} where {list(steps)} are wanted")
    return [_state(state, f"step {state['step']}", dtype) for state in states]


def _state(state: Mapping[str, Any], where: str, dtype: str) -> State:
    params, slots = state.get("params"), state.get("slots", {})
    if not isinstance(params, list) or not isinstance(slots, Mapping):
        raise CandidateError(f"{where}: params must be a list, slots an object of lists")
    return (
        [decoded(p, dtype, f"{where}: param {k}") for k, p in enumerate(params)],
        {name: _slot(values, f"{where}: slot {name}") for name, values in slots.items()},
    )


def _slot(values: Any, where: str) -> list[Array | None]:
    if not isinstance(values, list):
        raise CandidateError(f"{where} is not a list")
    return [
        None if value is None else np.asarray(decoded(value, "float64", f"{where} of param {k}"))
        for k, value in enumerate(values)
    ]
