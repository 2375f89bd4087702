"""Large parameters: every element is treated alike, be it the first or the last of a million."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

import oracle
from oracle.conformance.bench import Bench
from oracle.conformance.check import Check
from oracle.conformance.message import explain
from oracle.conformance.outcomes import Finding
from oracle.conformance.problem import Task, repeated, solve
from oracle.conformance.run import Feed
from oracle.conformance.usual import fullest, hypers, variations
from oracle.record import Interval, Record
from oracle.specification.shapes import of_size
from oracle.truth import Array

AROUND_BLOCKS = tuple(size + k for size in (16, 32, 256, 1024, 4096) for k in (-1, 0, 1))
"""Sizes around those of vector registers and of blocks."""

PAST_16_BITS = 2**16 + 2**7 + 3
PAST_20_BITS = 2**20 + 2**7 + 3

BLOCKS = (*AROUND_BLOCKS, PAST_16_BITS)
FEWER_BLOCKS = (17, 33, 257, 1025, 4097, PAST_16_BITS)
"""For a candidate whose steps cost much for each parameter."""

DISTINCT = 97
"""How many elements differ: a prime, so that no block begins where the elements begin anew."""


@dataclass(eq=False)
class SizeCheck(Check):
    """A candidate is right in each element of large parameters."""

    file: ClassVar[str] = "sizes"
    suite: ClassVar[str] = "large_runs"

    def holds(self) -> None:
        """Run a form on parameters of many sizes, and another on one of a million elements."""
        thorough = self.bench.profile != "ci"
        few = self.bench.implementation.slow and not thorough
        for hyper in hypers(self.claim) if thorough else [fullest(self.claim)]:
            self._holds_with(hyper, FEWER_BLOCKS if few else BLOCKS, 1 if self.claim.far else 2)
        if not self.claim.far:
            self._holds_with(hypers(self.claim)[0], (PAST_20_BITS,), 1)
        if not self.is_real:
            raise self.vacuous

    def _holds_with(self, hyper: dict[str, Any], sizes: Sequence[int], steps: int) -> None:
        problem, truth = self._posed(hyper, sizes, steps)
        verdict = self.judged(self.answer(problem), truth)
        if verdict.failed:
            lines = list(self._by_size(hyper, sizes, steps)) or self._explained(hyper, steps)
            raise explain(self.title, problem, verdict, *lines[:1])

    def _posed(
        self, hyper: dict[str, Any], sizes: Sequence[int], steps: int
    ) -> tuple[Task, Iterable[Record[Interval]]]:
        """Return a run whose elements repeat, with its truth, computed for those that differ."""
        few = _drawn(steps)
        shapes = [of_size(oracle.spec(self.claim.spec), size) for size in sizes]
        feed = Feed(
            self.dtype,
            [np.resize(few[0], shape) for shape in shapes],
            [[np.resize(row, shape) for shape in shapes] for row in few[1:]],
        )
        problem = Task(self.claim.spec, hyper, feed, self.claim.precision(self.dtype))
        if oracle.spec(self.claim.spec).program(hyper).couples_elements:
            return problem, solve(problem)
        start, *grads = ([row for _ in sizes] for row in few)
        small = replace(problem, feed=Feed(self.dtype, start, grads))
        return problem, [repeated(record, feed.params) for record in solve(small)]

    def _is_right(self, hyper: dict[str, Any], size: int, steps: int) -> bool:
        try:
            problem, truth = self._posed(hyper, (size,), steps)
            return not self.answer(problem).judged(truth).failed
        except Finding:
            return False

    def _by_size(self, hyper: dict[str, Any], sizes: Sequence[int], steps: int) -> Iterator[str]:
        """Say from which size on a parameter is wrong, if small ones are right."""
        wrong = next((n for n in sizes if not self._is_right(hyper, n, steps)), None)
        right = 1
        if wrong is None or not self._is_right(hyper, right, steps):
            return
        while wrong - right > 1:
            middle = (right + wrong) // 2
            if self._is_right(hyper, middle, steps):
                right = middle
            else:
                wrong = middle
        yield f"looks like: arrays of fewer than {wrong} elements are right"

    def _explained(self, hyper: dict[str, Any], steps: int) -> list[str]:
        problem, _ = self._posed(hyper, (DISTINCT,), steps)
        return self.explanation(self.answer(problem))


def _drawn(steps: int) -> list[Array]:
    """Return the start and the gradients of the elements that differ, exact in every dtype."""
    rng = np.random.default_rng(1)
    return [rng.integers(-24, 25, size=DISTINCT) / 16.0 for _ in range(steps + 1)]


def large_runs(bench: Bench) -> Iterator[SizeCheck]:
    """Yield a check for each claim in float32, or in the first of its dtypes."""
    yield from variations(SizeCheck, bench, shift=4, further=0)
