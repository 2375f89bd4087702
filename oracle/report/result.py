"""The result of one check."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

Outcome: TypeAlias = Literal["passed", "failed", "known", "vacuous", "not claimed"]

OUTCOMES: tuple[Outcome, ...] = ("passed", "failed", "known", "vacuous", "not claimed")

_UNWRITTEN = ("title", "counted", "declined", "needed", "by_chance")
"""What is told at the end of a run, and not of each check in a report."""


@dataclass(frozen=True)
class Result:
    """What became of one check of the candidate."""

    test: str
    """The id that pytest prints."""
    suite: str
    spec: str
    case: str
    dtype: str
    mode: str
    outcome: Outcome
    ratio: float | None
    """The largest error over bound; None where nothing was compared."""
    seconds: float
    message: str
    """Why it is not passed; empty if it is."""
    cause: str = ""
    """The name of what is wrong, the same for all that fail of it; empty where it is not known."""
    title: str = ""
    """The check as it is named at the beginning of its messages."""
    counted: int | None = None
    """Up to which step a counter that stops would have been seen, if that was looked for."""
    declined: Sequence[str] = ()
    """What the candidate does not take of the check's parameters, by its option."""
    needed: Sequence[str] = ()
    """What of the declared operations the check would fail without, seen for the first time."""
    by_chance: str = ""
    """What the check is known to fail of by chance, whether it did or not."""

    @property
    def name(self) -> str:
        """The test without its file."""
        parts = (self.spec, self.case, self.dtype, self.mode)
        return f"test_{self.suite}[{'-'.join(filter(None, parts))}]"

    @property
    def told(self) -> str:
        """Why it is not passed, in a report."""
        is_said = self.outcome in ("vacuous", "not claimed")
        return f"{self.outcome}: {self.message}" if is_said else self.message

    @property
    def headline(self) -> str:
        """What it came to, on one line."""
        first = self.message.partition("\n")[0].removeprefix(f"{self.title}: ")
        return first or self.outcome

    def serializable(self) -> dict[str, Any]:
        """Return the result as JSON can hold it: an infinite ratio is the text ``inf``."""
        infinite = self.ratio is not None and not math.isfinite(self.ratio)
        written = {name: value for name, value in asdict(self).items() if name not in _UNWRITTEN}
        ratio = str(self.ratio) if infinite else self.ratio
        return {**written, "ratio": ratio, "message": self.told}
