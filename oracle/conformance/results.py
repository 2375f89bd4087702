"""The result of a check, on its way from the process that ran it to the one that sums up."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from oracle.conformance.check import Check
from oracle.conformance.outcomes import Vacuous
from oracle.report import Outcome, Result

_NOTED = "oracle_result"
"""The attribute of a report that has it, which pytest-xdist hands over as any other."""


def note(report: pytest.TestReport, check: Check, by_chance: str = "") -> None:
    """Put the result on the report of a check's call, or of a set-up that came to an end."""
    ended = report.when == "call" or report.failed
    if ended or (report.when == "setup" and report.skipped):
        setattr(report, _NOTED, asdict(result_of(report, check, by_chance)))


def noted(report: pytest.TestReport) -> Result | None:
    """Return the result that is on a report, if one is."""
    found = getattr(report, _NOTED, None)
    return None if found is None else Result(**found)


def result_of(report: pytest.TestReport, check: Check, by_chance: str = "") -> Result:
    """Return what became of a check, by the report of its test."""
    return Result(
        test=check.test,
        suite=check.suite,
        spec=check.claim.spec,
        case=check.case,
        dtype=check.dtype,
        mode=check.claim.mode,
        outcome=_outcome(report, check),
        ratio=check.largest,
        seconds=round(report.duration, 6),
        message=_message(report, check),
        cause=check.cause,
        title=check.title,
        counted=check.counted,
        declined=sorted(check.declined),
        needed=sorted(check.needed),
        by_chance=by_chance,
    )


def _outcome(report: pytest.TestReport, check: Check) -> Outcome:
    if report.passed:
        return "passed"
    if report.failed:
        return "failed"
    if hasattr(report, "wasxfail"):
        return "known"
    return "vacuous" if isinstance(check.said, Vacuous) else "not claimed"


def _message(report: pytest.TestReport, check: Check) -> str:
    if report.passed:
        return ""
    if isinstance(report.longrepr, tuple):
        return str(check.said or report.longrepr[2])
    return report.longreprtext
