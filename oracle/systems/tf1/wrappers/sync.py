"""What ``tf.train.SyncReplicasOptimizer`` collects before the wrapped optimizer steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from oracle.arithmetic.base import Number
from oracle.errors import ShapeError
from oracle.rules.rule import zeros
from oracle.specification.averages import averaging
from oracle.specification.composition import Around, Inner
from oracle.specification.sparse import Slices, slices_of
from oracle.specification.spec import Hyper
from oracle.specification.step import Step
from oracle.specification.transformation import Transformation, transformation


def replicas(inner: Inner, hyper: Hyper) -> Around:
    """Collect the gradients that are not stale, and step by the mean of each group."""
    group = int(hyper["replicas_to_aggregate"])
    workers = hyper["total_num_replicas"]
    tokens = max(group, group if workers is None else int(workers))
    collect = collector(group, lambda step: pattern(step.iterations, group, tokens))

    def updates_before(step: Step) -> int:
        return sum(updates for _, updates in pattern(step.iterations - 1, group, tokens))

    stages = (averaging(collect), inner.update(updates_before))
    return Around(stages, {"accumulated_gradient": zeros}, {})


def collector(group: int, said: Callable[[Step], list[tuple[bool, bool]]]) -> Transformation:
    """Return the stage that adds a gradient up unless it is stale, and divides a whole group."""

    @transformation()
    def collect(step: Step) -> None:
        """Drop a stale gradient, collect any other; go on with the mean of a whole group."""
        fresh, step.updating = said(step)[-1]
        for k in step.present():
            gradient = step.grads[k]
            assert gradient is not None
            known = step.hidden.setdefault(f"is sparse.{k}", isinstance(gradient, Slices))
            if known != isinstance(gradient, Slices):
                raise ShapeError(
                    f"gradient {k} is sparse in some steps only: SyncReplicasOptimizer has an "
                    "accumulator for dense gradients, or one for sparse ones"
                )
            if isinstance(gradient, Slices):
                collect_slices(step, k, gradient, fresh)
            else:
                collect_dense(step, k, gradient, fresh, group)

    return collect


def collect_dense(step: Step, k: int, gradient: Number, fresh: bool, group: int) -> None:
    """Add a dense gradient to those that are held."""
    held = step.slots["accumulated_gradient"]
    total = held[k] + gradient if fresh else held[k]
    if step.updating:
        step.grads[k] = total / group
        total = step.xp.zeros_like(total)
    held[k] = total


@dataclass(frozen=True)
class Entry:
    """A row in a sparse accumulator, which may hold several entries of the same row."""

    row: int
    value: Number
    """The row's numbers in their places in an array like the parameter, and 0 elsewhere."""
    gradients: int
    """How many gradients are in the sum: what it is divided by."""


def collect_slices(step: Step, k: int, gradient: Slices, fresh: bool) -> None:
    """Merge the entries of a sparse gradient into those that are held."""
    name = f"entries.{k}"
    entries: list[Entry] = step.hidden.get(name, [])
    if fresh:
        entries = merged(step, entries, entries_of(gradient))
    sums = slices_of([(entry.row, entry.value) for entry in entries], gradient)
    step.slots["accumulated_gradient"][k] = sums.total()
    if step.updating:
        step.grads[k] = slices_of([(entry.row, mean(entry)) for entry in entries], gradient)
        step.slots["accumulated_gradient"][k] = step.xp.zeros_like(gradient.layers[0])
        entries = []
    step.hidden[name] = entries


def entries_of(gradient: Slices) -> list[Entry]:
    """Return the occurrences of a sparse gradient, in their order."""
    rows = gradient.places.rows
    layers = [rows[:place].count(row) for place, row in enumerate(rows)]
    return [
        Entry(row, gradient.places.only(row, gradient.layers[layer]), 1)
        for row, layer in zip(rows, layers, strict=True)
    ]


def merged(step: Step, held: list[Entry], new: list[Entry]) -> list[Entry]:
    """Return two lists as one, as if both were in the order of their rows.

    Two entries of the same row become one where they meet. In lists that are not in order, or have
    a row twice, some do not meet, and stay entries of their own.
    """
    entries = []
    i = j = 0
    for _ in range(len(held) + len(new)):
        if i == len(held) or j == len(new):
            break
        if held[i].row == new[j].row:
            total = step.xp.store(held[i].value + new[j].value, held[i].value)
            entries.append(Entry(new[j].row, total, held[i].gradients + 1))
            i, j = i + 1, j + 1
        elif held[i].row < new[j].row:
            entries.append(held[i])
            i += 1
        else:
            entries.append(new[j])
            j += 1
    return [*entries, *held[i:], *new[j:]]


def mean(entry: Entry) -> Number:
    """Return the sum of an entry, divided by how many gradients are in it."""
    return entry.value if entry.gradients == 1 else entry.value / entry.gradients


def pattern(last: int, group: int, tokens: int) -> list[tuple[bool, bool]]:
    """Say of each step up to ``last`` (from 0) whether its gradient counts, and ends a group.

    A worker's gradient bears the number of updates that its last token told. Such tokens wait in a
    queue: ``group`` of them, which say 0, at the start, and ``tokens`` more after each update. One
    that waited too long makes the next gradient stale.
    """
    told, updates, collected = 0, 0, 0
    queue = [0] * group
    steps = []
    for _ in range(last + 1):
        fresh = told >= updates
        collected += fresh
        ends = collected == group
        if ends:
            collected, updates = 0, updates + 1
            queue += [updates] * tokens
        told = queue.pop(0)
        steps.append((fresh, ends))
    return steps
