"""Results added up: by spec, dtype and mode."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from oracle.dtypes import DTYPES
from oracle.report.result import OUTCOMES, Outcome, Result

Key = tuple[str, str, str]
"""Spec, dtype, mode."""


@dataclass
class Tally:
    """How many checks ended in what, and the largest error over bound among them."""

    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    ratio: float | None = None

    def add(self, outcome: Outcome, ratio: float | None = None, number: int = 1) -> None:
        """Count ``number`` checks that ended in the same."""
        self.counts[outcome] += number
        if ratio is not None:
            self.ratio = ratio if self.ratio is None else max(self.ratio, ratio)

    @property
    def judged(self) -> int:
        """How many checks could tell a right candidate from a wrong one."""
        return sum(self.counts[outcome] for outcome in ("passed", "failed", "known"))

    def serializable(self) -> dict[str, Any]:
        """Return the tally as JSON can hold it."""
        ratio = self.ratio
        shown = str(ratio) if ratio is not None and ratio == float("inf") else ratio
        return {"ratio": shown, **{str(o): n for o, n in self.counts.items()}}


def tallied(
    results: Iterable[Result], unclaimed: Mapping[tuple[str, str], int]
) -> dict[Key, Tally]:
    """Add results up, in the order of the specs and dtypes.

    ``unclaimed`` counts, by spec and dtype, checks for which there is not even a test.
    """
    tallies: dict[Key, Tally] = {}
    for result in results:
        key = (result.spec, result.dtype, result.mode)
        tallies.setdefault(key, Tally()).add(result.outcome, result.ratio)
    for (spec, dtype), number in unclaimed.items():
        tallies.setdefault((spec, dtype, ""), Tally()).add("not claimed", number=number)
    return dict(sorted(tallies.items(), key=lambda item: _order(item[0])))


def total(tallies: Iterable[Tally]) -> Tally:
    """Add tallies up."""
    whole = Tally()
    for tally in tallies:
        for outcome, number in tally.counts.items():
            whole.add(outcome, tally.ratio, number)
    return whole


def _order(key: Key) -> tuple[str, str, int]:
    spec, dtype, mode = key
    return spec, mode, DTYPES.index(dtype) if dtype in DTYPES else len(DTYPES)
