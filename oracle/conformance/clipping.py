"""Clipping on both sides of its threshold, at it, and where a norm is not a number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, nan

import numpy as np

import oracle
from oracle.conformance.bench import Bench, Check, per_dtype
from oracle.conformance.problem import Problem, every_step, solve
from oracle.conformance.run import Feed
from oracle.conformance.strategies import CLIPS
from oracle.conformance.usual import EXACT
from oracle.implementation import Claim
from oracle.truth import Array

CLIPPED = "suites/test_clipping.py::test_clipped_runs"
UNBOUNDED = "suites/test_clipping.py::test_unbounded_runs"

THRESHOLD = 1.0

STARTS: tuple[list[float], ...] = ([0.5, -0.25, 0.0, 1.0], [0.0, 0.125])

SITUATIONS: dict[str, tuple[list[float], list[float]]] = {
    "inside the threshold": ([0.25, -0.25, 0.125, 0.0], [0.25, -0.125]),
    "a zero gradient": ([0.0, 0.0, 0.0, 0.0], [0.0, 0.0]),
    "beyond the threshold": ([3.0, -4.0, 0.0, 0.5], [-2.0, 0.0]),
    "at the threshold": ([0.5, -0.5, 0.5, 0.5], [0.0, 0.0]),
    "elements at the threshold": ([1.0, 0.0, 0.0, 0.0], [0.0, -1.0]),
    "beyond it on one side only": ([2.0, 0.25, 0.0, 0.5], [-2.0, -0.25]),
    "beyond it only together": ([0.75, 0.0, 0.0, 0.0], [0.0, 0.75]),
    "one beyond it, the other inside": ([4.0, 0.0, -2.0, 0.5], [0.25, -0.125]),
}
"""By name, the gradients of the two parameters; every number is exact in every dtype."""

UNBOUNDED_STEPS: dict[str, list[tuple[list[float], list[float]]]] = {
    "nan": [([0.5, 2.0, 0.25, 0.0], [0.25, 2.0]), ([nan, 2.0, 0.25, 0.0], [0.25, 2.0])],
    "inf": [([0.5, 2.0, 0.25, 0.0], [0.25, 2.0]), ([-inf, 2.0, 0.25, 0.0], [0.25, 2.0])],
}


@dataclass(eq=False)
class ClippingCheck(Check):
    """A candidate clips by one argument as its library defines it."""

    argument: str
    name: str = ""

    @property
    def case(self) -> str:
        """The clipping argument, and what is not finite."""
        return f"{self.argument}-{self.name}" if self.name else self.argument

    def holds(self) -> None:
        """Run through the situations in turn, and compare after each."""
        rows = UNBOUNDED_STEPS[self.name] if self.name else list(SITUATIONS.values())
        grads: list[list[Array | None]] = [[np.array(a) for a in row] for row in rows]
        spec = oracle.spec(self.claim.spec)
        taken = {n: v for n, v in EXACT.items() if n in spec.arguments and self.claim.takes(n)}
        problem = Problem(
            self.claim.spec,
            {**taken, self.argument: THRESHOLD},
            Feed(self.dtype, [np.array(start) for start in STARTS], grads),
        )
        precision = self.claim.precision(self.dtype)
        solution = solve(problem, precision, every_step(grads))
        verdict = self.compare(problem, solution)
        first = verdict.first
        names = [self.name] * len(rows) if self.name else list(SITUATIONS)
        more = [f"gradients of step {first.step}: {names[first.step - 1]}"] if first else []
        if first:
            more += self.explanation(problem, precision)
        self.demand(verdict, problem, *more)


def clipped_runs(bench: Bench) -> Iterator[ClippingCheck]:
    """Yield a check for each claim, clipping argument and dtype."""
    for claim, dtype in per_dtype(bench):
        for argument in _clips(claim):
            turn = _its_turn(bench, claim, argument, dtype)
            yield ClippingCheck(bench, claim, dtype, CLIPPED, argument, turn=turn)


def unbounded_runs(bench: Bench) -> Iterator[ClippingCheck]:
    """Yield the same with gradients that are infinite or not a number."""
    for claim, dtype in per_dtype(bench):
        for argument in _clips(claim):
            turn = _its_turn(bench, claim, argument, dtype)
            for name in UNBOUNDED_STEPS:
                yield ClippingCheck(bench, claim, dtype, UNBOUNDED, argument, name, turn=turn)


def _its_turn(bench: Bench, claim: Claim, argument: str, dtype: str) -> bool:
    """Share out the arguments of all specs, one after the other."""
    number = len(CLIPS) * oracle.specs().index(claim.spec) + CLIPS.index(argument)
    return bench.its_turn(number, claim, dtype, bench.dtypes_of(claim))


def _clips(claim: Claim) -> list[str]:
    arguments = oracle.spec(claim.spec).arguments
    return [name for name in CLIPS if name in arguments and claim.takes(name)]
