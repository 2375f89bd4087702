"""The results of a run: as values, as JSON lines and as the table at the end."""

from __future__ import annotations

from oracle.report.result import OUTCOMES, Outcome, Result
from oracle.report.tally import Tally, tallied

__all__ = ["OUTCOMES", "Outcome", "Result", "Tally", "tallied"]
