"""How sharp the fixtures are: a kill matrix, counted and told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from oracle.dtypes import DTYPES
from oracle.golden.parallel import spread
from oracle.golden.read import path_of, read_fixture
from oracle.mutation.matrix import Matrix, Row
from oracle.mutation.search import matrix_of


@dataclass(frozen=True)
class Teeth:
    """What the fixtures of a spec catch, in some dtypes."""

    matrix: Matrix
    dtypes: Sequence[str]

    @property
    def survivors(self) -> list[Row]:
        """The versions that fixtures could tell from the right one, and do not."""
        return [row for row in self.matrix.rows if self._of(row.survives)]

    @property
    def unseen(self) -> list[Row]:
        """The versions on which no run depends, for no reason that anybody knows."""
        return [row for row in self.matrix.rows if row.unseen]

    def count(self, dtype: str) -> dict[str, int]:
        """Return how many versions came to each end in a dtype."""
        rows = self.matrix.rows
        return {
            "killed": sum(dtype in row.killed for row in rows),
            "equivalent": sum(bool(row.equivalent) for row in rows),
            "unkillable": sum(dtype in row.unkillable for row in rows),
            "unseen": sum(row.unseen for row in rows),
            "survive": sum(dtype in row.survives for row in rows),
        }

    def lines(self) -> Iterator[str]:
        """Yield the counts by dtype, and each version by name that is not killed."""
        yield f"{self.matrix.spec}: {len(self.matrix.rows)} wrong versions"
        for dtype in self.dtypes:
            counts = [f"{number:4} {kind}" for kind, number in self.count(dtype).items()]
            yield f"  {dtype:8}  {'  '.join(counts)}"
        for row in self.matrix.rows:
            ends = list(self._ends(row))
            if ends:
                yield f"  {row.id}: {'; '.join(ends)}"
                yield f"    {row.after}"
                yield f"    instead of {row.before}"

    def _ends(self, row: Row) -> Iterator[str]:
        survives, hidden = self._of(row.survives), self._of(row.unkillable)
        if survives:
            yield f"SURVIVES in {', '.join(survives)}; no golden case tells it apart"
        if row.unseen:
            yield "UNSEEN: it agrees on every run, and no reason is known"
        if hidden:
            largest = max(row.unkillable[dtype] for dtype in hidden)
            yield f"unkillable in {', '.join(hidden)}: at most {largest:.2g} of the bounds is seen"
        if row.equivalent:
            yield f"equivalent: {row.equivalent}"

    def _of(self, by_dtype: Mapping[str, object]) -> list[str]:
        return [dtype for dtype in self.dtypes if dtype in by_dtype]


def teeth(spec: str, folder: Path, dtypes: Sequence[str] = DTYPES) -> Teeth:
    """Return what becomes of every wrong version of a spec under the fixture in a folder."""
    return Teeth(matrix_of(spec, read_fixture(path_of(spec, folder)), folder), dtypes)


def all_teeth(
    specs: Sequence[str], folder: Path, dtypes: Sequence[str], jobs: int
) -> Iterator[Teeth]:
    """Yield the teeth of each spec as they are ready, from several processes."""
    yield from spread(partial(teeth, folder=folder, dtypes=dtypes), specs, jobs)
