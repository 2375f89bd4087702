"""Zeros: a hyperparameter that is given as 0 is 0, and not what stands for a missing one.

``epsilon or 1e-7`` is right for every other value, and so is an optimizer that returns early where
the learning rate is 0, and forgets its slots.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import oracle
from oracle.claim import Precision
from oracle.conformance.bench import Bench, Check
from oracle.conformance.outcomes import Vacuous
from oracle.conformance.problem import Solution, Task, every_step, solve
from oracle.conformance.run import Feed
from oracle.conformance.usual import fullest, usual, variations
from oracle.dtypes import float_type
from oracle.errors import OracleError
from oracle.specification.domains import Count, Epsilon
from oracle.specification.options import needs
from oracle.truth import Array
from oracle.verdict import Checkpoint

ZEROS = "suites/test_zeros.py::test_zeros"

_SMALL = 2.0**-16
"""The size of gradients among which an epsilon of 1e-7 matters, in a type that is wide enough."""
_WIDE = 32


@dataclass(eq=False)
class ZeroCheck(Check):
    """A candidate takes each of its hyperparameters as 0, if the library does."""

    def holds(self) -> None:
        """Set one after the other to 0, wherever the truth is a number all the same."""
        real = False
        for name in self.names():
            problem = self._posed(name)
            solution = Solution.known(list(self._solved(problem)))
            if all(_is_finite(checkpoint) for checkpoint in solution):
                verdict = self.compare(problem, solution)
                if verdict.failed:
                    self.demand(verdict, problem, *self.explanation(problem, self._precision))
                real |= not verdict.vacuous
        if not real:
            raise Vacuous(f"in {self.dtype} the bound is larger than every update")

    @property
    def _precision(self) -> Precision:
        return self.claim.precision(self.dtype)

    def _solved(self, problem: Task) -> Solution:
        return solve(problem, self._precision, every_step(problem.feed.grads))

    def names(self) -> list[str]:
        """Return the arguments that the claim takes, and that the library takes as 0."""
        spec = oracle.spec(self.claim.spec)
        return [
            name
            for name, argument in spec.arguments.items()
            if self.claim.takes(name)
            and not isinstance(argument.default, bool)
            and self._is_taken(name)
        ]

    def _is_taken(self, name: str) -> bool:
        spec, hyper = oracle.spec(self.claim.spec), self._hyper(name)
        try:
            return name in spec.program(hyper).numeric and spec.advice(hyper) is None
        except OracleError:
            return False

    def _hyper(self, name: str) -> dict[str, Any]:
        spec = oracle.spec(self.claim.spec)
        taken = [other for other in needs(spec, name) if self.claim.takes(other)]
        needed = {other: spec.arguments[other].domain.on for other in taken}
        none = 0 if isinstance(spec.arguments[name].domain, Count) else 0.0
        return fullest(self.claim) | needed | {name: none}

    def _posed(self, name: str) -> Task:
        """Return the usual run with gradients that are nowhere 0, small ones for an epsilon."""
        problem = usual(self.claim.spec, self._hyper(name), self.dtype, seed=2)
        wide = float_type(self.dtype).bits >= _WIDE
        domain = oracle.spec(self.claim.spec).arguments[name].domain
        size = _SMALL if wide and isinstance(domain, Epsilon) else 1.0
        rows = [[_nowhere_zero(g) * size for g in row] for row in problem.feed.grads]
        return Task(problem.spec, problem.hyper, Feed(self.dtype, problem.feed.params, rows))


def _nowhere_zero(gradient: Any) -> Array:
    return np.where(gradient == 0, 0.5, gradient)


def _is_finite(checkpoint: Checkpoint) -> bool:
    """Whether the truth is a number everywhere, in slots as well."""
    arrays = [*checkpoint.params, *(t for slot in checkpoint.slots.values() for t in slot)]
    return all(np.isfinite(truth.hi).all() for truth in arrays)


def zeros(bench: Bench) -> Iterator[ZeroCheck]:
    """Yield a check for each claim in float32, and in one more dtype by turns.

    One that compiles each choice of hyperparameters is asked in the profile ``thorough`` alone.
    """
    for check in variations(ZeroCheck, bench, ZEROS, shift=5, further=1):
        check.turn &= not check.claim.compiles
        if check.names():
            yield check
