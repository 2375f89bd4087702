"""One wrong version pursued through runs: what becomes of it, in which dtype."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oracle.mutation.surroundings import Make
from oracle.mutation.trial import Trial
from oracle.mutation.wrong import Wrong

KILLED, EQUIVALENT, UNKILLABLE, SURVIVOR = "killed", "equivalent", "unkillable", "survivor"
UNSEEN = "unseen"

NEAR_MISS = 0.25
"""The share of the bounds from which on an effect is worth more runs."""


@dataclass(frozen=True)
class Fate:
    """What becomes of one wrong version in one dtype."""

    version: Wrong
    dtype: str
    kind: str
    run: str = ""
    """The golden case that kills it, or the drawn run that could."""
    effect: float = 0.0
    """The largest difference over the sum of both bounds that was seen."""


class Hunt:
    """One version pursued through runs, in all dtypes at once."""

    def __init__(self, version: Wrong, make: Make, dtypes: Sequence[str]) -> None:
        self.version = version
        self.make = make
        self.pending = list(dtypes)
        self.effects = dict.fromkeys(dtypes, 0.0)
        self.fates: list[Fate] = []
        self.differs = False
        """Whether float64 alone showed a difference already."""

    def runs_at_all(self, trials: Sequence[Trial]) -> bool:
        """Whether the version can be run; nobody ships one that cannot."""
        return any(trial.values(self.make) is not None for trial in trials)

    def go(self, trials: Sequence[Trial], kind: str) -> None:
        """Try the version on runs until every dtype has one that tells it apart."""
        for trial in trials:
            if not self.pending:
                return
            self._try(trial, kind)

    def give_up(self) -> None:
        """Go on only in the dtypes in which some run came near to telling the version apart."""
        near = [dtype for dtype in self.pending if self.effects[dtype] > NEAR_MISS]
        far = [dtype for dtype in self.pending if dtype not in near]
        self.fates += [Fate(self.version, d, UNKILLABLE, "", self.effects[d]) for d in far]
        self.pending = near

    def _try(self, trial: Trial, kind: str) -> None:
        wanted = [name for name in self.pending if trial.shows(name)]
        if not wanted:
            return
        values = trial.values(self.make)
        for dtype in wanted:
            found = float("inf") if values is None else trial.ceiling(values, dtype)
            if found > 1 and values is not None:
                found = trial.effect(self.make, dtype)
            if found > 1 and not trial.can_be_kept:
                continue
            self.effects[dtype] = max(self.effects[dtype], found)
            self.differs = self.differs or found > 1
            if found > 1:
                self.pending.remove(dtype)
                self.fates.append(Fate(self.version, dtype, kind, trial.id, found))

    def end(self, kind: str) -> list[Fate]:
        """Return all fates, those that are still open being of a kind."""
        rest = [Fate(self.version, d, kind, "", self.effects[d]) for d in self.pending]
        return [*self.fates, *rest]
