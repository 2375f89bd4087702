"""Zeros: a hyperparameter that is given as 0 is 0, and not what stands for a missing one.

``epsilon or 1e-7`` is right for every other value, and so is an optimizer that returns early where
the learning rate is 0, and forgets its slots.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

import oracle
from oracle.conformance.bench import Bench
from oracle.conformance.check import Check
from oracle.conformance.problem import Task, solve
from oracle.conformance.usual import fullest, usual, variations
from oracle.dtypes import float_type
from oracle.errors import OracleError
from oracle.record import Interval, Record
from oracle.specification.domains import Count, Domain, Epsilon
from oracle.specification.options import needs
from oracle.specification.pairs import Pair
from oracle.truth import Array

_SMALL = 2.0**-16
"""The size of gradients among which an epsilon of 1e-7 matters, in a type that is wide enough."""
_WIDE = 32


@dataclass(frozen=True)
class Zero:
    """A number that is given as 0: an argument, or one of the two of an argument that is a pair."""

    argument: str
    number: str


@dataclass(eq=False)
class ZeroCheck(Check):
    """A candidate takes each of its hyperparameters as 0, if the library does."""

    file: ClassVar[str] = "zeros"
    suite: ClassVar[str] = "zeros"

    def holds(self) -> None:
        """Set one after the other to 0, wherever the truth is a number all the same."""
        for zero in self.zeros():
            problem = self._posed(zero)
            truth = list(solve(problem))
            if all(map(_is_finite, truth)):
                answer = self.answer(problem)
                verdict = self.judged(answer, truth)
                if verdict.failed:
                    self.demand(answer, verdict)
        if not self.is_real:
            raise self.vacuous

    def names(self) -> list[str]:
        """Return the numbers that the claim takes, and that the library takes as 0."""
        return [zero.number for zero in self.zeros()]

    def zeros(self) -> list[Zero]:
        """Return the same with the arguments that they are, or are parts of."""
        spec = oracle.spec(self.claim.spec)
        return [
            zero
            for name, argument in spec.arguments.items()
            if self.claim.takes(name) and not isinstance(argument.default, bool)
            for zero in _zeros_of(name, argument.domain)
            if self._is_taken(zero)
        ]

    def _is_taken(self, zero: Zero) -> bool:
        spec, hyper = oracle.spec(self.claim.spec), self._hyper(zero)
        try:
            return zero.number in spec.program(hyper).numeric and spec.advice(hyper) is None
        except OracleError:
            return False

    def _hyper(self, zero: Zero) -> dict[str, Any]:
        spec = oracle.spec(self.claim.spec)
        taken = [other for other in needs(spec, zero.argument) if self.claim.takes(other)]
        needed = {other: spec.arguments[other].domain.on for other in taken}
        hyper = fullest(self.claim) | needed
        domain = spec.arguments[zero.argument].domain
        none: Any = 0 if isinstance(domain, Count) else 0.0
        if isinstance(domain, Pair):
            none = domain.with_part(hyper[zero.argument], zero.number, none)
        return hyper | {zero.argument: none}

    def _posed(self, zero: Zero) -> Task:
        """Return the usual run with gradients that are nowhere 0, small ones for an epsilon."""
        precision = self.claim.precision(self.dtype)
        problem = usual(self.claim.spec, self._hyper(zero), precision, seed=2)
        wide = float_type(self.dtype).bits >= _WIDE
        domain = oracle.spec(self.claim.spec).arguments[zero.argument].domain
        size = _SMALL if wide and isinstance(domain, Epsilon) else 1.0
        rows = [[_nowhere_zero(g) * size for g in row] for row in problem.feed.grads]
        return replace(problem, feed=replace(problem.feed, grads=rows))


def _zeros_of(name: str, domain: Domain) -> list[Zero]:
    parts = domain.parts if isinstance(domain, Pair) else (name,)
    return [Zero(name, part) for part in parts]


def _nowhere_zero(gradient: Any) -> Array:
    return np.where(gradient == 0, 0.5, gradient)


def _is_finite(record: Record[Interval]) -> bool:
    """Whether the truth is a number everywhere, in slots as well."""
    return all(np.isfinite(interval.truth.hi).all() for interval in record.arrays.values())


def zeros(bench: Bench) -> Iterator[ZeroCheck]:
    """Yield a check for each claim in float32, and in one more dtype by turns.

    One that compiles each choice of hyperparameters is asked in the profile ``thorough`` alone.
    """
    for check in variations(ZeroCheck, bench, shift=5, further=1):
        check.turn &= not check.claim.compiles
        if check.names():
            yield check
