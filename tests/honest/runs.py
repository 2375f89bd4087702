"""Random runs: every element is an optimizer of its own, with its own kind of gradients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from honest.desk import Optimizer
from honest.situations import LONGEST, SITUATIONS, Array, gradients, numbers
from oracle.claim import Precision
from oracle.conformance.explanation import Allowance
from oracle.conformance.problem import Answer, Task, solve
from oracle.conformance.run import Feed, Shown
from oracle.dtypes import float_type
from oracle.record import Interval, Record
from oracle.verdict import Verdict

PRECISIONS = (
    Precision("float32"),
    Precision("float16", compute_dtype="float32"),
    Precision("bfloat16", compute_dtype="float32"),
    Precision("bfloat16"),
    Precision("float64"),
)
"""What honest authors compute in, and store.

Nobody is asked to compute in float16: an order of operations is not free there, as it has numbers
for so few magnitudes that learning_rate / sqrt(v) overflows where learning_rate * g / sqrt(v) does
not. Where the truth takes 50 digits, in float64, a run has few elements.
"""

SHAPES: dict[bool, Sequence[tuple[int, ...]]] = {False: ((48,),), True: ((31,), (4, 4), (1,))}
SHAPES_AT_LENGTH: dict[bool, Sequence[tuple[int, ...]]] = {False: ((6,),), True: ((5,), (2, 2))}
"""By whether elements are coupled, the shapes of the parameters."""


@dataclass(frozen=True, eq=False)
class Run:
    """What an optimizer starts from, what it is told, and the gradients it meets."""

    spec: str
    precision: Precision
    hyper: Mapping[str, Any]
    params: Sequence[Array]
    grads: Sequence[Sequence[Array]]
    """For each step, one gradient for each parameter."""

    @property
    def computes(self) -> str:
        return self.precision.compute_dtype or self.precision.dtype

    @property
    def problem(self) -> Task:
        feed = Feed(self.precision.dtype, self.params, self.grads)
        return Task(self.spec, self.hyper, feed, self.precision)

    def truth(self) -> list[Record[Interval]]:
        """Return the answers and bounds of all steps."""
        return list(solve(self.problem))

    def observe(self, rewriting: type[Optimizer]) -> list[Shown]:
        """Return what a rewriting shows after each step."""
        kind = float_type(self.precision.dtype).numpy
        params = [p.astype(kind) for p in self.params]
        optimizer = rewriting(params, compute=self.computes, **self.hyper)
        return [
            Record.of(t, optimizer.step([g.astype(kind) for g in row]), optimizer.slots())
            for t, row in enumerate(self.grads, 1)
        ]

    def verdict(self, truth: Sequence[Record[Interval]], shown: Sequence[Shown]) -> Verdict:
        return Answer(self.problem, shown).judged(truth)

    def diagnosis(self, shown: list[Shown]) -> list[str]:
        """Return what the diagnosis says of what was shown, if it is asked."""
        return [line.text for line in Allowance().explain(Answer(self.problem, shown))]


def random_run(situation: str, precision: Precision, seed: int) -> Run:
    """Return a run that is the same every time, of 1 to 12 steps, short ones more often."""
    described = SITUATIONS[situation]
    rng = np.random.Generator(np.random.PCG64([seed, *f"{situation} {precision}".encode()]))
    kind = float_type(precision.dtype)
    shapes = (SHAPES_AT_LENGTH if kind.bits == 64 else SHAPES)[described.coupled]
    sizes = [int(np.prod(shape)) for shape in shapes]
    elements = sum(sizes)
    steps = 1 + int(LONGEST * rng.random() ** 2)
    hyper = described.hyper(rng)
    start = numbers(rng, kind, (elements,), -4, 2) * rng.choice([0, 1], elements)
    rows = gradients(rng, kind, steps, elements, steep=described.steep)

    def parts(flat: Array) -> list[Array]:
        cut = np.split(flat, np.cumsum(sizes)[:-1])
        return [part.reshape(shape) for part, shape in zip(cut, shapes, strict=True)]

    return Run(described.spec, precision, hyper, parts(start), [parts(row) for row in rows])


def random_runs(situation: str, precision: Precision, seeds: range) -> Iterator[Run]:
    """Yield the runs of some seeds."""
    return (random_run(situation, precision, seed) for seed in seeds)
