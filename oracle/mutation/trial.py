"""The runs in which wrong versions are tried: the golden cases of a spec, and drawn ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from oracle.arithmetic.doubles import Doubles, as_floats
from oracle.arithmetic.model import Model
from oracle.errors import OracleError
from oracle.golden.cases import Plan, plans_for
from oracle.golden.cases.draw import inputs
from oracle.golden.given import record_or_none
from oracle.golden.limits import WRITTEN_LARGER
from oracle.golden.model import Case
from oracle.golden.sight import carries
from oracle.mutation.equivalence import Right
from oracle.mutation.flat import Flat, effect, plain
from oracle.mutation.observed import CANNOT_RUN, Tensors, recorded, run
from oracle.mutation.surroundings import Make, Part, functions_run
from oracle.problem import Problem
from oracle.specification.spec import Spec
from oracle.trajectories import states
from oracle.truth import Array


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
    _expected: dict[str, list[Tensors]] = field(default_factory=dict)
    _flat: dict[str, Flat] = field(default_factory=dict)
    _shown: dict[str, bool] = field(default_factory=dict)

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
        for tensors in self.expected(dtype):
            for k, start in enumerate(self.problem.params):
                exact, bound = tensors.truths["", k].hi, tensors.bounds["", k]
                with np.errstate(invalid="ignore"):
                    way = np.abs(exact - start)
                moved += int(np.sum((way > 0) | ~np.isfinite(exact)))
                seen += int(np.sum(bound < way))
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

    def expected(self, dtype: str) -> list[Tensors]:
        """Return what the right version comes to at the known steps, with bounds."""
        if dtype not in self._expected:
            if self.case is not None:
                found = recorded(self.case, dtype)
            else:
                found = run(self.spec.program(self.hyper), self.problem, self.model(dtype))
            self._expected[dtype] = [tensors for tensors in found if tensors.step in self.steps]
        return self._expected[dtype]

    def model(self, dtype: str) -> Model:
        """Return the model of the rounding in a dtype."""
        return Model.declared(dtype, flushes_subnormals=self.spec.library.flushes_subnormals)

    def values(self, make: Make) -> Flat | None:
        """Return what a wrong version comes to in float64, unbounded; None where it breaks."""
        found: dict[int, dict[tuple[str, int], Array]] = {}
        try:
            with np.errstate(all="ignore"):
                program = make(self.hyper)
                for step, state in enumerate(states(Doubles(), program, self.problem)):
                    if step in self.steps:
                        held = {"": state.params, **state.slots}
                        found[step] = {
                            (name, k): as_floats(x)
                            for name, several in held.items()
                            for k, x in enumerate(several)
                        }
                    if step == max(self.steps):
                        break
        except CANNOT_RUN:
            return None
        return plain(found)

    def ceiling(self, values: Flat, dtype: str) -> float:
        """Return the effect of a version as if its own rounding were none: no effect is larger."""
        return effect(self.expected_flat(dtype), values) / self._written_larger

    def effect(self, make: Make, dtype: str) -> float:
        """Return the largest difference over both bounds; infinite where the version breaks."""
        last, found = max(self.steps), list[Tensors]()
        try:
            for tensors in run(make(self.hyper), self.problem, self.model(dtype)):
                if tensors.step in self.steps:
                    found.append(tensors)
                if tensors.step == last:
                    break
        except CANNOT_RUN:
            return np.inf
        return effect(self.expected_flat(dtype), Flat.of(found)) / self._written_larger

    @property
    def _written_larger(self) -> float:
        """By how much bounds may grow as a drawn run is written; a golden case has its own ones."""
        return 1.0 if self.case is not None else WRITTEN_LARGER

    def expected_flat(self, dtype: str) -> Flat:
        """Return what `expected` does, in one vector."""
        if dtype not in self._flat:
            self._flat[dtype] = Flat.of(self.expected(dtype))
        return self._flat[dtype]
