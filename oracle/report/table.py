"""The table at the end of a run: one line for each spec, dtype and mode."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

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
    rows = [(_name(key), key[1], tally) for key, tally in shown.items()]
    width = max((len(name) for name, _, _ in rows), default=0)
    width = max(width, len("total"))
    if rows:
        header = "  ".join(f"{outcome:>{len(outcome)}}" for outcome in OUTCOMES)
        yield Line(f"{'spec':{width}}  {'dtype':8}  {header}  {_LAST}")
    for name, dtype, tally in rows:
        yield _line(f"{name:{width}}  {dtype:8}", tally)
    if rows:
        yield _line(f"{'total':{width}}  {'':8}", total(shown.values()))
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


def _line(start: str, tally: Tally) -> Line:
    cells = "  ".join(f"{tally.counts[o] or '.':>{len(o)}}" for o in OUTCOMES)
    return Line(
        f"{start}  {cells}  {_ratio(tally.ratio):>{len(_LAST)}}", bool(tally.counts["failed"])
    )


def _name(key: Key) -> str:
    spec, _, mode = key
    return f"{spec} ({mode})" if mode else spec


def _ratio(ratio: float | None) -> str:
    if ratio is None:
        return ""
    return "infinite" if math.isinf(ratio) else f"{ratio:.3g}"
