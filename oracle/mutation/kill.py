"""The kill matrix of a spec: which wrong versions its golden cases tell from the right one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from oracle.arithmetic.model import Model
from oracle.golden import Case, load
from oracle.mutation.composition import wrong_defaults
from oracle.mutation.equivalence import agrees, trail
from oracle.mutation.observed import Tensors, largest_effect, recorded, run
from oracle.mutation.random_cases import random_problems
from oracle.mutation.substitute import (
    rules_run,
    wrong_versions,
)
from oracle.mutation.versions import Wrong
from oracle.problem import Problem
from oracle.rules.rule import Rule
from oracle.systems import spec as find_spec
from oracle.systems.base import Hyper, Program, Spec

RANDOM_RUNS = 24
"""How many random runs a version gets that no golden case kills."""

KILLED, EQUIVALENT, UNKILLABLE, SURVIVOR = "killed", "equivalent", "unkillable", "survivor"
UNSEEN = "unseen"


@dataclass(frozen=True)
class Fate:
    """What becomes of one wrong version in one dtype."""

    version: Wrong
    dtype: str
    kind: str
    case: str = ""
    """The golden case that kills it."""
    effect: float = 0.0
    """The largest difference over the sum of both bounds that was seen."""
    agreeing: int = 0
    """On how many runs an equivalent version is the same to 1e-30."""


@dataclass(eq=False)
class _Trial:
    """One run: what is put in, and what must come out in each dtype."""

    hyper: Hyper
    problem: Problem
    case: Case | None = None
    """The golden case that it is; None for a random one."""
    expected: dict[str, list[Tensors]] = field(default_factory=dict)


@dataclass(eq=False)
class Matrix:
    """All wrong versions of one rule of a spec against the runs in which the spec runs it."""

    spec: Spec
    rule: Rule | None
    """None for what is around the rules: the defaults of the arguments."""
    cases: Sequence[Case]
    """The golden cases in which the rule is run."""

    @cached_property
    def versions(self) -> dict[Wrong, Spec]:
        """Return the wrong versions that can be run, each with what it makes of the spec."""
        if self.rule is None:
            return dict(wrong_defaults(self.spec))
        return dict(wrong_versions(self.spec, self.rule, self.cases[0].hyper))

    def fates(self, dtype: str) -> Iterator[Fate]:
        """Yield what becomes of every version in a dtype."""
        for version in self.versions:
            yield self._fate(version, dtype)

    def _fate(self, version: Wrong, dtype: str) -> Fate:
        effect = 0.0
        for trial in self._golden:
            if trial.case is not None and dtype in trial.case.dtypes:
                effect = max(effect, self._effect(version, trial, dtype))
                if effect > 1:
                    return Fate(version, dtype, KILLED, trial.case.id, effect)
        if self._agrees_everywhere(version):
            kind = UNSEEN if self.rule is None else EQUIVALENT
            agreeing = len(self._golden) + len(self._random)
            return Fate(version, dtype, kind, agreeing=agreeing)
        for trial in self._random:
            effect = max(effect, self._effect(version, trial, dtype))
            if effect > 1:
                return Fate(version, dtype, SURVIVOR, effect=effect)
        return Fate(version, dtype, UNKILLABLE, effect=effect)

    @cached_property
    def _golden(self) -> list[_Trial]:
        """The golden cases, those with fewer steps first: most versions fall there."""
        cases = sorted(self.cases, key=lambda case: case.steps)
        return [
            _Trial(dict(c.hyper), Problem.checked(self.spec, c.params, c.grads), c) for c in cases
        ]

    @cached_property
    def _random(self) -> list[_Trial]:
        found = random_problems(self.spec, self.rule, self.cases, RANDOM_RUNS)
        return [_Trial(hyper, problem) for hyper, problem in found]

    def _effect(self, version: Wrong, trial: _Trial, dtype: str) -> float:
        model = Model.declared(dtype, flushes_subnormals=self.spec.library.flushes_subnormals)
        if dtype not in trial.expected:
            trial.expected[dtype] = list(
                recorded(trial.case, dtype)
                if trial.case is not None
                else run(self.spec.program(trial.hyper), trial.problem, model)
            )
        program = self._program(version, trial)
        return largest_effect(trial.expected[dtype], program, trial.problem, model)

    def _program(self, version: Wrong, trial: _Trial) -> Program:
        return self.versions[version].program(trial.hyper)

    def _agrees_everywhere(self, version: Wrong) -> bool:
        """Whether a version agrees with the rule on every golden and every random run.

        That proves a formula, but no default: the case that shows it may be missing everywhere.
        """
        if version.id not in self._proofs:
            trials = (*self._golden, *self._random)
            self._proofs[version.id] = all(self._agrees(version, trial) for trial in trials)
        return self._proofs[version.id]

    def _agrees(self, version: Wrong, trial: _Trial) -> bool:
        if trial not in self._trails:
            self._trails[trial] = trail(self.spec.program(trial.hyper), trial.problem)
        return agrees(self._trails[trial], self._program(version, trial), trial.problem)

    @cached_property
    def _proofs(self) -> dict[str, bool]:
        return {}

    @cached_property
    def _trails(self) -> dict[_Trial, Any]:
        return {}


def matrices(spec_id: str) -> list[Matrix]:
    """Return a matrix for every rule that the golden cases of a spec run, and one for defaults."""
    spec = find_spec(spec_id)
    used: dict[int, tuple[Rule, list[Case]]] = {}
    for case in load(spec.id).cases:
        problem = Problem.checked(spec, case.params, case.grads)
        for rule in rules_run(spec, case.hyper, problem):
            used.setdefault(id(rule), (rule, []))[1].append(case)
    rules = [Matrix(spec, rule, cases) for rule, cases in used.values()]
    return [*rules, Matrix(spec, None, load(spec.id).cases)]
