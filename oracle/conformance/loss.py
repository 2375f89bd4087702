"""What a candidate loses by how it holds its hyperparameters, before it has computed anything.

A rate of 0.1 that is held in float32 is another rate. The exact numbers of both, after the steps of
a golden case with the library's defaults, are compared in units in the last place of the dtype.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import mpmath

from oracle.arithmetic.model import Model
from oracle.arithmetic.mp import Mp
from oracle.claim import Claim
from oracle.dtypes import FloatType, float_type
from oracle.golden.model import Case
from oracle.problem import Problem
from oracle.record import Record
from oracle.specification.spec import KEY, Program
from oracle.systems import spec as find_spec
from oracle.trajectories import model_of, records

CASE = "defaults"
"""The golden case whose steps are taken."""

_DIGITS = 50


@dataclass(frozen=True)
class Loss:
    """What one claim loses in one dtype."""

    claim: Claim
    dtype: str
    held: Mapping[str, str]
    """By argument that its type cannot hold, the type."""
    ulps: float
    """The most by which a parameter is off at the end, in units in the last place."""


class Losses:
    """The losses of claims in the steps of one golden case."""

    def __init__(self, spec_id: str, case: Case) -> None:
        self._spec, self._case = find_spec(spec_id), case
        self._known: dict[tuple[tuple[str, str], ...], Record[Any]] = {}

    def of(self, claim: Claim, dtype: str) -> Loss:
        """Return what a claim loses in a dtype."""
        model = model_of(self._spec, **claim.precision(dtype).options)
        held = dict(self._narrowed(model))
        exact, rounded = self._run({}), self._run(held)
        worst = max(map(float, _ulps(exact, rounded, model.storage)), default=0.0)
        return Loss(claim, dtype, held, worst)

    @cached_property
    def _program(self) -> Program:
        return self._spec.program(self._case.hyper)

    def _narrowed(self, model: Model) -> Iterator[tuple[str, str]]:
        """Yield the numbers that a type changes, with that type."""
        for name, value in self._program.numeric.items():
            key = name.partition(KEY)[2] or name
            kind = model.hyper.get(key, model.hyper["*"])
            if _in(kind, value) != mpmath.mpf(value):
                yield name, kind.name

    def _run(self, held: Mapping[str, str]) -> Record[Any]:
        """Return the exact numbers after the last step, some arguments rounded to their types."""
        key = tuple(sorted(held.items()))
        if key not in self._known:
            rounded = {
                name: _in(float_type(held[name]), value) if name in held else value
                for name, value in self._program.numeric.items()
            }
            program = replace(self._program, numeric=rounded)
            problem = Problem.checked(self._spec, self._case.params, self._case.grads)
            *_, last = records(Mp(_DIGITS), program, problem)
            self._known[key] = last
        return self._known[key]


def _in(kind: FloatType, value: Any) -> Any:
    """Return a number as a type holds it."""
    return mpmath.mpf(float(kind.round(float(value))))


def _ulps(exact: Record[Any], rounded: Record[Any], kind: FloatType) -> Iterator[Any]:
    """Yield by how many units in the last place each element of each parameter is off."""
    for one, other in zip(exact.params, rounded.params, strict=True):
        for want, got in zip(one.data.flat, other.data.flat, strict=True):
            if mpmath.isfinite(want) and want != got:
                exponent = max(mpmath.frexp(want)[1] - kind.precision, _lowest(kind))
                yield abs(got - want) / mpmath.ldexp(1, exponent)


def _lowest(kind: FloatType) -> int:
    return kind.min_exponent - kind.precision + 1
