"""What the fixtures still catch of a candidate whose operations are declared to lose more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from oracle.golden.parallel import spread
from oracle.golden.read import load, path_of, read_fixture
from oracle.mutation.kill import Trials
from oracle.mutation.matrix import Row
from oracle.mutation.search import matrix_of
from oracle.mutation.surroundings import Make
from oracle.mutation.trial import Trial
from oracle.operations import Operations


@dataclass(frozen=True)
class Hidden:
    """A wrong version that exact operations give away, and declared ones hide."""

    row: Row
    dtype: str
    effect: float
    """The largest effect over the bounds that any golden case has: at most 1."""
    by: Sequence[str]
    """The parts of the declaration without which the case that kills it still would."""

    def lines(self) -> Iterator[str]:
        """Yield the version, and why it is not seen."""
        by = f"; hidden by {' and by '.join(self.by)}" if self.by else "; by several together"
        yield f"  {self.row.id}: hidden in {self.dtype}, {self.effect:.2g} of the bounds{by}"
        if self.row.after:
            yield f"    {self.row.after}"
            yield f"    instead of {self.row.before}"


@dataclass(frozen=True)
class Blunted:
    """How sharp the fixtures of a spec are under a declaration."""

    spec: str
    killed: Mapping[str, int]
    """By dtype, how many versions are killed where operations are exact."""
    hidden: Sequence[Hidden]

    def lines(self) -> Iterator[str]:
        """Yield the counts by dtype, and each version that the declaration hides."""
        yield self.spec
        for dtype, killed in self.killed.items():
            lost = sum(hidden.dtype == dtype for hidden in self.hidden)
            yield f"  {dtype:8}  {killed:4} killed  {killed - lost:4} still killed  {lost:4} hidden"
        for hidden in self.hidden:
            yield from hidden.lines()


def all_blunted(
    specs: Sequence[str],
    folder: Path,
    dtypes: Sequence[str],
    operations: Operations,
    jobs: int,
) -> Iterator[Blunted]:
    """Yield what becomes of the versions of each spec, as they are ready."""
    made = partial(blunted, folder=folder, dtypes=dtypes, operations=operations)
    yield from spread(made, specs, jobs)


def blunted(spec: str, folder: Path, dtypes: Sequence[str], operations: Operations) -> Blunted:
    """Try each version that is killed in a dtype again, with the bounds of a declaration."""
    rows = matrix_of(spec, read_fixture(path_of(spec, folder)), folder).rows
    trials = Trials(spec, load(spec, folder).cases)
    makes = {wrong.id: make for g in trials.groups for wrong, make in g.versions.items()}
    runs = {run.id: replace(run, operations=operations) for run in trials.golden}
    hidden = [
        found
        for row in rows
        for dtype in dtypes
        if dtype in row.killed and row.id in makes
        for found in _hidden(row, dtype, makes[row.id], runs, operations)
    ]
    killed = {dtype: sum(dtype in row.killed for row in rows) for dtype in dtypes}
    return Blunted(spec, killed, hidden)


def _hidden(
    row: Row, dtype: str, make: Make, runs: Mapping[str, Trial], operations: Operations
) -> Iterator[Hidden]:
    """Yield the version, if no golden case tells it apart any more."""
    killer = runs[row.killed[dtype]]
    largest = 0.0
    for run in (killer, *runs.values()):
        if run.shows(dtype):
            largest = max(largest, run.effect(make, dtype))
        if largest > 1.0:
            return
    parts = [part for part in operations.parts if _kills(killer, make, dtype, operations, part)]
    yield Hidden(row, dtype, largest, parts)


def _kills(run: Trial, make: Make, dtype: str, operations: Operations, part: str) -> bool:
    return replace(run, operations=operations.without(part)).effect(make, dtype) > 1.0
