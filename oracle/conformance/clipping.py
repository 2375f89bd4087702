"""Clipping on both sides of its threshold, at it, and where a norm is not a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf, nan
from typing import ClassVar

import numpy as np

import oracle
from oracle.claim import Claim
from oracle.conformance.bench import Bench
from oracle.conformance.check import Check
from oracle.conformance.problem import Task, solve
from oracle.conformance.run import Feed
from oracle.conformance.usual import exact_values
from oracle.specification.domains import Threshold
from oracle.truth import Array

STARTS: tuple[list[float], ...] = ([0.5, -0.25, 0.0, 1.0], [0.0, 0.125])


@dataclass(frozen=True)
class Situations:
    """A threshold, and by name the gradients of the two parameters, one step after the other."""

    threshold: float
    gradients: Mapping[str, tuple[list[float], list[float]]]


_SITUATIONS: dict[str, tuple[list[float], list[float]]] = {
    "inside the threshold": ([0.25, -0.25, 0.125, 0.0], [0.25, -0.125]),
    "a zero gradient": ([0.0, 0.0, 0.0, 0.0], [0.0, 0.0]),
    "beyond the threshold": ([3.0, -4.0, 0.0, 0.5], [-2.0, 0.0]),
    "at the threshold": ([0.5, -0.5, 0.5, 0.5], [0.0, 0.0]),
    "elements at the threshold": ([1.0, 0.0, 0.0, 0.0], [0.0, -1.0]),
    "beyond it on one side only": ([2.0, 0.25, 0.0, 0.5], [-2.0, -0.25]),
    "beyond it only together": ([0.75, 0.0, 0.0, 0.0], [0.0, 0.75]),
    "one beyond it, the other inside": ([4.0, 0.0, -2.0, 0.5], [0.25, -0.125]),
}
"""Every number is exact in every dtype, and so is every norm that is at the threshold."""

_FINITE = ([0.5, 2.0, 0.25, 0.0], [0.25, 2.0])
_ZEROS = ([0.0, 0.0, 0.0, 0.0], [0.0, 0.0])

EDGES = "edges"

RUNS: dict[str, tuple[Situations, ...]] = {
    "": (Situations(1.0, _SITUATIONS),),
    EDGES: (
        Situations(
            2.5,
            {
                "each norm at the threshold": ([1.5, -2.0, 0.0, 0.0], [-2.5, 0.0]),
                "the common norm at the threshold": ([1.5, 0.0, 0.0, 0.0], [0.0, 2.0]),
                "just beyond the threshold": ([2.515625, 0.0, 0.0, 0.0], [0.0, 0.0]),
                "just inside the threshold": ([0.0, -2.484375, 0.0, 0.0], [0.0, 0.0]),
            },
        ),
        Situations(0.0, {"zeros at a threshold of 0": _ZEROS, "beyond a threshold of 0": _FINITE}),
        Situations(inf, {"zeros": _ZEROS, "finite gradients": _FINITE}),
    ),
}
"""By the name of a run, what comes in it; each threshold begins anew."""

UNBOUNDED: dict[str, tuple[Situations, ...]] = {
    "nan": (Situations(1.0, {"finite": _FINITE, "nan": ([nan, 2.0, 0.25, 0.0], [0.25, 2.0])}),),
    "inf": (Situations(1.0, {"finite": _FINITE, "inf": ([-inf, 2.0, 0.25, 0.0], [0.25, 2.0])}),),
}


@dataclass(eq=False)
class ClippingCheck(Check):
    """A candidate clips by one argument as its library defines it."""

    file: ClassVar[str] = "clipping"
    suite: ClassVar[str] = "clipped_runs"
    argument: str
    name: str
    runs: tuple[Situations, ...]

    @property
    def case(self) -> str:
        """The clipping argument, and the name of the run."""
        return f"{self.argument}-{self.name}" if self.name else self.argument

    @property
    def left_out(self) -> bool:
        """Whether others take this check: the edges are the same in every dtype."""
        shared = self.name == EDGES and self.bench.profile == "ci" and self.dtype != "float32"
        return super().left_out or (shared and not self.turn)

    def holds(self) -> None:
        """Go through each run's situations in turn, and compare after each."""
        for situations in self.runs:
            self._holds_in(situations)

    def _holds_in(self, situations: Situations) -> None:
        names, rows = list(situations.gradients), list(situations.gradients.values())
        grads: list[list[Array | None]] = [[np.array(a) for a in row] for row in rows]
        spec = oracle.spec(self.claim.spec)
        taken = exact_values(spec, filter(self.claim.takes, spec.arguments))
        problem = Task(
            self.claim.spec,
            {**taken, self.argument: situations.threshold},
            Feed(self.dtype, [np.array(start) for start in STARTS], grads),
            self.claim.precision(self.dtype),
        )
        answer = self.answer(problem)
        verdict = self.judged(answer, solve(problem))
        first = verdict.first
        more = [f"gradients of step {first.step}: {names[first.step - 1]}"] if first else []
        self.demand(answer, verdict, *more)


@dataclass(eq=False)
class UnboundedCheck(ClippingCheck):
    """The same with gradients that are infinite or not a number."""

    suite: ClassVar[str] = "unbounded_runs"


def clipped_runs(bench: Bench) -> Iterator[ClippingCheck]:
    """Yield a check for each claim, clipping argument and dtype, and one for the edges."""
    return _checks(ClippingCheck, bench, RUNS)


def unbounded_runs(bench: Bench) -> Iterator[ClippingCheck]:
    """Yield one for each kind of number that is none."""
    return _checks(UnboundedCheck, bench, UNBOUNDED)


def _checks(
    kind: type[ClippingCheck], bench: Bench, runs: Mapping[str, tuple[Situations, ...]]
) -> Iterator[ClippingCheck]:
    for claim, dtype in bench.per_dtype():
        for argument in _clips(claim):
            turn = _its_turn(bench, claim, argument, dtype)
            for name, situations in runs.items():
                yield kind(bench, claim, dtype, argument, name, situations, turn=turn)


def _its_turn(bench: Bench, claim: Claim, argument: str, dtype: str) -> bool:
    """Share out the arguments of all specs, one after the other."""
    clips = _clips(claim)
    number = len(clips) * oracle.specs().index(claim.spec) + clips.index(argument)
    return bench.its_turn(number, claim, dtype, bench.dtypes_of(claim))


def _clips(claim: Claim) -> list[str]:
    arguments = oracle.spec(claim.spec).arguments
    return [
        name
        for name, argument in arguments.items()
        if isinstance(argument.domain, Threshold) and claim.takes(name)
    ]
