"""A spec on an emulated device: golden cases, moved at random, and what the bound says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

import oracle
from devices.adversary import DIRECTIONS, Adversary
from devices.device import ORDERS, Device, Kernel
from oracle.arithmetic.doubles import as_floats
from oracle.claim import Precision
from oracle.conformance.problem import Answer, Task, solve
from oracle.conformance.run import Feed
from oracle.dtypes import float_type
from oracle.golden import Case
from oracle.golden.at_hand import golden_for
from oracle.operations import Operations
from oracle.problem import Problem
from oracle.sparse import Sparse
from oracle.trajectories import records
from oracle.verdict import Verdict


@dataclass(frozen=True)
class Emulation:
    """One run on one device: everything that it takes to see it again."""

    spec: str
    operations: Operations
    seed: int
    dtype: str = "float32"

    def __str__(self) -> str:
        device = self.operations.name or ", ".join(self.operations.parts)
        return f"{self.spec} on {device} in {self.dtype}, seed {self.seed}"

    @property
    def precision(self) -> Precision:
        """What the candidate declares: half types are computed in float32."""
        wide = None if self.dtype == "float32" else "float32"
        return Precision(self.dtype, compute_dtype=wide, operations=self.operations)

    def task(self) -> Task:
        """Return a golden case, with its gradients scaled and their signs changed at random."""
        rng = np.random.default_rng(self.seed)
        cases = _cases(self.spec, self.dtype)
        case = cases[int(rng.integers(len(cases)))]
        scale, kind = 2.0 ** rng.integers(-6, 7), float_type(self.dtype)

        def moved(given):
            if given is None:
                return None
            if isinstance(given, Sparse):
                return replace(given, values=moved(given.values))
            return kind.round(given * scale * rng.choice([-1.0, 1.0], np.shape(given)))

        grads = [[moved(g) for g in row] for row in case.grads]
        return Task(self.spec, case.hyper, Feed(self.dtype, case.params, grads), self.precision)

    def shown(self, task: Task):
        """Return what the device shows after every step."""
        kind = float_type(self.dtype)
        compute = float_type("float32")
        order, turn = ORDERS[self.seed % 3], DIRECTIONS[self.seed % 4]
        rearranges = self.seed % 5 == 0
        kernel = Kernel(compute, kind, self.operations, order, rearranges)
        xp = Device(kernel, Adversary(turn, self.seed))
        spec, feed = oracle.spec(self.spec), task.feed
        problem = Problem.checked(spec, feed.params, feed.grads)
        with np.errstate(all="ignore"):
            found = list(records(xp, spec.program(task.hyper), problem))[1:]
            return [record.map(as_floats) for record in found]

    def verdict(self, *hidden: str) -> Verdict:
        """Hold the device to the bound of what it declares, parts of it perhaps left out."""
        task, said = self.task(), self.operations
        for part in hidden:
            said = said.without(part)
        told = replace(task, precision=replace(self.precision, operations=said))
        return Answer(task, self.shown(task)).judged(solve(told))


@cache
def _cases(spec: str, dtype: str) -> list[Case]:
    return [case for case in golden_for(spec).cases if dtype in case.dtypes]


def emulations(spec: str, operations: Operations, seeds: range) -> Iterator[Emulation]:
    """Yield a run for each seed, in the narrow dtypes by turns."""
    dtypes = [name for name in ("float32", "bfloat16", "float16") if _cases(spec, name)]
    return (Emulation(spec, operations, seed, dtypes[seed % len(dtypes)]) for seed in seeds)
