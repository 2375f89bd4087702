"""The table at the end of a run: one line for each spec, dtype and mode."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from rich.console import Console
from rich.table import Table

from oracle.report.result import OUTCOMES
from oracle.report.tally import Key, Tally, total

_LAST = "largest error/bound"

_FEW = 4
"""How many specs that are not claimed are told by their names."""


@dataclass(frozen=True)
class Line:
    """One line, and whether something in it failed."""

    text: str
    failed: bool = False


def table(tallies: Mapping[Key, Tally], claimed: Collection[str]) -> Iterator[Line]:
    """Yield the lines of the table, the totals and what is not claimed at all.

    Only the specs in ``claimed`` get lines of their own; a candidate that implements one optimizer
    would drown in the others.
    """
    shown = {key: tally for key, tally in tallies.items() if key[0] in claimed}
    if shown:
        rows = [((_name(key), key[1]), tally) for key, tally in shown.items()]
        yield from _aligned([*rows, (("total", ""), total(shown.values()))])
    left_out = {key: tally for key, tally in tallies.items() if key[0] not in claimed}
    if left_out:
        number = total(left_out.values()).counts["not claimed"]
        told = _by_library({spec for spec, _, _ in left_out})
        yield Line(f"not claimed at all: {told} ({number} golden checks); see `oracle list`")


def _by_library(specs: Collection[str]) -> str:
    """Count specs by library; a few are named."""
    if len(specs) <= _FEW:
        return ", ".join(sorted(specs))
    counts = Counter(spec.partition("/")[0] for spec in specs)
    return ", ".join(f"{number} of {library}" for library, number in sorted(counts.items()))


def _aligned(rows: Sequence[tuple[tuple[str, str], Tally]]) -> Iterator[Line]:
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    grid.add_column("spec", no_wrap=True)
    grid.add_column("dtype", no_wrap=True, min_width=8)
    for name in (*OUTCOMES, _LAST):
        grid.add_column(name, justify="right", no_wrap=True)
    for start, tally in rows:
        counts = (str(tally.counts[outcome] or ".") for outcome in OUTCOMES)
        grid.add_row(*start, *counts, _ratio(tally.ratio))
    failed = (False, *(bool(tally.counts["failed"]) for _, tally in rows))
    for text, wrong in zip(_rendered(grid), failed, strict=True):
        yield Line(text, wrong)


def _rendered(grid: Table) -> list[str]:
    """Return the lines of a table, however wide: pytest writes them, in its own colors."""
    console = Console(
        file=StringIO(), width=10_000, color_system=None, markup=False, emoji=False, highlight=False
    )
    with console.capture() as captured:
        console.print(grid)
    return captured.get().splitlines()


def _name(key: Key) -> str:
    spec, _, mode = key
    return f"{spec} ({mode})" if mode else spec


def _ratio(ratio: float | None) -> str:
    if ratio is None:
        return ""
    return "infinite" if math.isinf(ratio) else f"{ratio:.3g}"
