"""Why a candidate is wrong: what fits the numbers that it showed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from oracle.arithmetic.model import Model
from oracle.errors import OracleError
from oracle.implementation import Precision
from oracle.mutation.observed import CANNOT_RUN, Tensors, run
from oracle.mutation.suspects import Suspect, other_systems, suspects
from oracle.problem import Problem
from oracle.systems import spec as find_spec
from oracle.systems.base import Program, Spec
from oracle.truth import Array
from oracle.verdict import Observation

SHOWN = 3
"""How many explanations are told, the likeliest first."""

DOUBTFUL = 0.75
"""Honest rounding seldom takes more of a bound; what needs more to fit is told after the rest."""

Name = tuple[str, int]
Place = tuple[Name, int]
"""An array, and an element of it."""


@dataclass(frozen=True)
class Sighting:
    """What a candidate showed in one case, and where that is wrong."""

    spec: Spec
    hyper: Mapping[str, Any]
    params: Sequence[Array]
    grads: Sequence[Sequence[Any]]
    model: Model
    shown: Mapping[int, Mapping[Name, Any]]
    """The candidate's arrays after each step."""
    worst: Mapping[int, tuple[Place, float]]
    """For each step with a violation, the worst one and its distance from the truth."""

    @classmethod
    def of(
        cls,
        spec_id: str,
        hyper: Mapping[str, Any],
        params: Sequence[Array],
        grads: Sequence[Sequence[Any]],
        precision: Precision,
        observations: Sequence[Observation],
    ) -> Sighting:
        """Compare what was observed with the truth; steps are those of ``observations``."""
        spec = find_spec(spec_id)
        model = Model.declared(
            precision.dtype,
            precision.hyper_dtype,
            precision.compute_dtype,
            precision.flushes_subnormals,
        )
        shown = {observation.step: _arrays(observation) for observation in observations}
        problem = Problem.checked(spec, params, grads)
        found: dict[int, tuple[Place, float]] = {}
        for right in run(spec.program(hyper), problem, model):
            worst = _worst(right, shown.get(right.step, {}))
            if worst is not None:
                found[right.step] = worst
        return cls(spec, hyper, params, grads, model, shown, found)

    def fit(self, spec: Spec, program: Program) -> float | None:
        """Return the largest error over bound if a program explains everything, else None.

        It has to be within its bound everywhere, and that bound smaller than what it explains: the
        candidate's worst distance from the truth in each step.
        """
        problem = Problem.checked(spec, self.params, self.grads)
        largest = 0.0
        for tensors in run(program, problem, self.model):
            ratio = self._ratio(tensors)
            if ratio is None or not self._is_telling(tensors):
                return None
            largest = max(largest, ratio)
        return largest

    def _ratio(self, tensors: Tensors) -> float | None:
        shown = self.shown.get(tensors.step, {})
        ratios = [float(np.max(_ratios(tensors, name, shown), initial=0.0)) for name in shown]
        largest = max(ratios, default=0.0)
        return largest if largest <= 1 else None

    def _is_telling(self, tensors: Tensors) -> bool:
        if tensors.step not in self.worst:
            return True
        (name, element), distance = self.worst[tensors.step]
        if name not in tensors.truths:
            return True
        bound = tensors.bounds[name].flat[element]
        error = tensors.truths[name].error_of(self.shown[tensors.step][name]).flat[element]
        return bool(bound < distance or error == 0)


def _arrays(observation: Observation) -> dict[Name, Any]:
    held = {"": observation.params, **observation.slots}
    return {
        (name, k): array
        for name, arrays in held.items()
        for k, array in enumerate(arrays)
        if array is not None
    }


def _ratios(tensors: Tensors, name: Name, shown: Mapping[Name, Any]) -> Array:
    """Return each element's error over its bound: 0 for what the program does not have."""
    truth = tensors.truths.get(name)
    if truth is None or truth.shape != np.shape(shown[name]):
        return np.zeros(1)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        ratios: Array = truth.error_of(shown[name]) / tensors.bounds[name]
    return np.where(np.isnan(ratios), 0.0, ratios)


def _worst(right: Tensors, shown: Mapping[Name, Any]) -> tuple[Place, float] | None:
    found: list[tuple[float, Place]] = []
    for name in shown:
        ratios = _ratios(right, name, shown)
        if np.max(ratios, initial=0.0) > 1:
            found.append((float(ratios.max()), (name, int(np.argmax(ratios)))))
    if not found:
        return None
    name, element = max(found)[1]
    return (name, element), float(right.truths[name].error_of(shown[name]).flat[element])


def diagnose(sighting: Sighting, seconds: float) -> Iterator[str]:
    """Yield what explains the candidate, in lines; give up looking after ``seconds``.

    Next to a violation that float64 itself cannot see, everything fits, and nothing is explained.
    """
    if not sighting.worst:
        yield "looks like: no explanation found"
        return
    end = time.monotonic() + seconds
    fitting = list(_fitting(sighting, end))
    for ratio, suspect in sorted(fitting, key=_likeliest_first)[:SHOWN]:
        yield f"looks like: {suspect.text}, fits to {ratio:.2g} bound"
    kin = list(_kin(sighting, end))
    for ratio, id in sorted(kin)[:SHOWN]:
        yield f"also is: {id} -- your numbers are those of another system, to {ratio:.2g} bound"
    if not fitting and not kin:
        found = "in the time there is" if time.monotonic() > end else "found"
        yield f"looks like: no explanation {found}"


def _likeliest_first(fitting: tuple[float, Suspect]) -> tuple[bool, tuple[int, int], float]:
    ratio, suspect = fitting
    return ratio > DOUBTFUL, suspect.rank, ratio


def _fitting(sighting: Sighting, end: float) -> Iterator[tuple[float, Suspect]]:
    problem = Problem.checked(sighting.spec, sighting.params, sighting.grads)
    for suspect in suspects(sighting.spec, sighting.hyper, problem):
        ratio = _tried(sighting, sighting.spec, suspect)
        if ratio is not None:
            yield ratio, suspect
        if time.monotonic() > end:
            return


def _kin(sighting: Sighting, end: float) -> Iterator[tuple[float, str]]:
    for spec, hyper in other_systems(sighting.spec, sighting.hyper):
        suspect = Suspect(spec.id, (0, 0), partial(spec.program, hyper))
        ratio = _tried(sighting, spec, suspect)
        if ratio is not None:
            yield ratio, spec.id
        if time.monotonic() > end:
            return


def _tried(sighting: Sighting, spec: Spec, suspect: Suspect) -> float | None:
    """Return how well a suspect fits; None where it does not, or cannot be run at all."""
    program = suspect.program
    try:
        return None if program is None else sighting.fit(spec, program)
    except (*CANNOT_RUN, LookupError, OracleError):
        return None
