"""The runs in which wrong versions are tried: the golden cases of a spec, and drawn ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from oracle.arithmetic.model import Model
from oracle.bulk import Bulk
from oracle.errors import OracleError
from oracle.golden.cases import Plan, plans_for
from oracle.golden.cases.draw import inputs
from oracle.golden.given import record_or_none
from oracle.golden.limits import WRITTEN_LARGER
from oracle.golden.model import Case
from oracle.golden.sight import carries
from oracle.mutation.equivalence import Right
from oracle.mutation.flat import Flat, effect
from oracle.mutation.observed import CANNOT_RUN, plainly
from oracle.mutation.surroundings import Make, Part, functions_run
from oracle.operations import Operations
from oracle.problem import Problem
from oracle.record import Interval, Record
from oracle.specification.spec import Spec


@dataclass(eq=False)
class Trial:
    """One run: what is put in, and what must come out in each dtype."""

    spec: Spec
    id: str
    hyper: Mapping[str, Any]
    problem: Problem
    steps: tuple[int, ...]
    """The steps whose numbers are known."""
    case: Case | None = None
    """The golden case that it is; None for a drawn one."""
    operations: Operations | None = None
    """What a candidate's operations lose; None where all are exact."""
    _expected: dict[str, list[Record[Interval]]] = field(default_factory=dict, init=False)
    _flat: dict[str, Flat] = field(default_factory=dict, init=False)
    _shown: dict[str, bool] = field(default_factory=dict, init=False)

    @classmethod
    def golden(cls, spec: Spec, case: Case) -> Trial:
        """Return the run of a golden case."""
        problem = Problem.checked(spec, case.params, case.grads)
        steps = tuple(point.step for point in case.checkpoints)
        return cls(spec, case.id, case.hyper, problem, steps, case)

    @classmethod
    def drawn(cls, spec: Spec, plan: Plan) -> Trial:
        """Return the run of a plan."""
        params, grads = inputs(spec.id, plan)
        problem = Problem.checked(spec, params, grads)
        return cls(spec, plan.id, plan.hyper, problem, plan.written_steps)

    @classmethod
    def taken(cls, spec: Spec, plan: Plan) -> Trial | None:
        """Return the run of a plan; None where its arguments and its gradients do not fit."""
        try:
            trial = cls.drawn(spec, plan)
            return trial if trial.parts else None
        except OracleError:
            return None

    @cached_property
    def parts(self) -> dict[int, Part]:
        """The functions that the run goes through, by their identity."""
        return {id(part): part for part in functions_run(self.spec, self.hyper, self.problem)}

    @cached_property
    def can_be_kept(self) -> bool:
        """Whether it can become a golden case: balls enclose all of its numbers."""
        if self.case is not None:
            return True
        return record_or_none(self.spec.id, self.id, plans_for(self.spec.id)) is not None

    def shows(self, dtype: str) -> bool:
        """Whether a dtype carries the inputs and sees something of what moves."""
        if self.case is not None:
            return dtype in self.case.dtypes
        if dtype not in self._shown:
            arrays = [self.problem.params, *self._given]
            self._shown[dtype] = carries(dtype, arrays) and self._sees(dtype)
        return self._shown[dtype]

    @property
    def _given(self) -> list[list[Any]]:
        """The gradients as arrays, the layers of sparse ones apart."""
        return [
            [array for g in row if g is not None for array in getattr(g, "arrays", (g,))]
            for row in self.problem.grads
        ]

    def _sees(self, dtype: str) -> bool:
        """Whether at least half of what moves is in view, as `oracle.golden.sight` counts it."""
        moved = seen = 0
        for record in self.expected(dtype):
            for interval, start in zip(record.params, self.problem.params, strict=True):
                exact = interval.truth.hi
                with np.errstate(invalid="ignore"):
                    way = np.abs(exact - start)
                moved += int(np.sum((way > 0) | ~np.isfinite(exact)))
                seen += int(np.sum(interval.bound < way))
        return seen > 0 and 2 * seen >= moved

    @cached_property
    def right(self) -> Right:
        """What the right version comes to, to 50 digits."""
        return Right(self.spec.program(self.hyper), self.problem)

    def agrees(self, make: Make) -> bool:
        """Whether a version comes to the same 50 digits at every step."""
        try:
            program = make(self.hyper)
        except CANNOT_RUN:
            return False
        return self.right.agrees(program)

    def expected(self, dtype: str) -> list[Record[Interval]]:
        """Return what the right version comes to at the known steps, with bounds."""
        if dtype not in self._expected:
            if self.case is not None and self.operations is None:
                found = self.case.recorded(dtype)
            else:
                right = self.spec.program(self.hyper)
                found = list(self._known(Bulk(right, self.problem, self.model(dtype))))
            self._expected[dtype] = found
        return self._expected[dtype]

    def model(self, dtype: str) -> Model:
        """Return the model of the rounding in a dtype."""
        flushes = self.spec.system.flushes_subnormals
        return Model.declared(dtype, flushes_subnormals=flushes, operations=self.operations)

    def values(self, make: Make) -> Flat | None:
        """Return what a wrong version comes to in float64, unbounded; None where it breaks."""
        try:
            return Flat.of(self._known(plainly(make(self.hyper), self.problem)))
        except CANNOT_RUN:
            return None

    def _known(self, found: Iterable[Record[Interval]]) -> Iterator[Record[Interval]]:
        """Take steps up to the last one whose numbers are known, and yield those that are."""
        for record in found:
            if record.step in self.steps:
                yield record
            if record.step == max(self.steps):
                break

    def ceiling(self, values: Flat, dtype: str) -> float:
        """Return the effect of a version as if its own rounding were none: no effect is larger."""
        return effect(self.expected_flat(dtype), values) / self._written_larger

    def effect(self, make: Make, dtype: str) -> float:
        """Return the largest difference over both bounds; infinite where the version breaks."""
        try:
            found = Flat.of(self._known(Bulk(make(self.hyper), self.problem, self.model(dtype))))
        except CANNOT_RUN:
            return np.inf
        return effect(self.expected_flat(dtype), found) / self._written_larger

    @property
    def _written_larger(self) -> float:
        """By how much bounds may grow as a drawn run is written; a golden case has its own ones."""
        return 1.0 if self.case is not None else WRITTEN_LARGER

    def expected_flat(self, dtype: str) -> Flat:
        """Return what `expected` does, in one vector."""
        if dtype not in self._flat:
            self._flat[dtype] = Flat.of(self.expected(dtype))
        return self._flat[dtype]
