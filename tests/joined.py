"""The parts of a bulk, put together again."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from oracle.bulk import Bulk
from oracle.record import Interval, Name, Record
from oracle.truth import Truth


def joined(run: Bulk) -> dict[int, Record[Interval]]:
    """Return the record after each step; a number that all elements share is in every part."""
    parts: dict[int, list[Record[Interval]]] = defaultdict(list)
    for record in run:
        parts[record.step].append(record)
    shapes = [param.shape for param in run.problem.params]

    def whole(name: Name, several: list[Interval]) -> Interval:
        slot, k = name
        if len(several) == 1 or (slot and run.program.slots[slot].scalar):
            return several[0]
        both = ([i.truth.hi for i in several], [i.bound for i in several])
        truth, bound = (np.concatenate(each).reshape(shapes[k]) for each in both)
        return Interval(Truth.of(truth), bound)

    return {
        step: Record(step, {n: whole(n, [r.arrays[n] for r in each]) for n in each[0].arrays})
        for step, each in parts.items()
    }
