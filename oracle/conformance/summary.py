"""The end of a run: the table, the report file, and the refusal of a run that checked nothing."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from oracle.conformance import looseness
from oracle.conformance.bench import Bench
from oracle.conformance.collection import every_check
from oracle.conformance.golden import unclaimed
from oracle.conformance.results import noted, result_of
from oracle.errors import OracleError
from oracle.report import Result, Tally, tallied
from oracle.report.causes import causes
from oracle.report.lines import ReportFile, footer, header, result_line
from oracle.report.ratchet import Ratchet
from oracle.report.table import table
from oracle.report.tally import Key, total

RATIO = "error_over_bound"
"""The property of a test's report, also in JUnit XML, that holds its largest error over bound."""

CAUSE = "cause"
"""The property that names what is wrong, the same for all checks that fail of it."""

TOLD_OF_DECLINED = {
    "scalars": "parameters without axes, given as arrays of one element",
    "empties": "parameters without elements, left out",
}


@dataclass
class Notes:
    """What only a process that collects tests knows."""

    unmatched: list[str] = field(default_factory=list)
    """The known failures that speak of no test."""
    left: int = 0
    """How many checks of a slow candidate are left to the thorough profile."""
    elsewhere: int = 0
    """How many checks do not apply to a candidate in another process."""


NOTES = pytest.StashKey[Notes]()


class Summary:
    """The hooks of the process that the user sees; it gathers what workers report."""

    def __init__(self, config: pytest.Config, bench: Bench, everything: bool) -> None:
        self._bench = bench
        self._everything = everything
        self._results: list[Result] = []
        self._notes = Notes()
        self._tallies: dict[Key, Tally] = {}
        self._nothing = False
        self._begin = time.monotonic()
        ratchet = config.getoption("impl_ratchet")
        self._ratchet = Ratchet.read(Path(ratchet)) if ratchet else None
        path = config.getoption("impl_report")
        self._file = ReportFile(Path(path)) if path else None
        if self._file is not None:
            said = (bench.reference, bench.profile, bench.models)
            self._file.write(header(bench.implementation, bench.placed, *said))

    def pytest_report_header(self) -> list[str]:
        """Say what is judged, in which versions, and by whose specs."""
        bench = self._bench
        number = len(bench.claims())
        device = f" on {bench.device}" if bench.device else ""
        versions = [
            f"{name} {version or '(not installed)'}"
            for name, version in bench.implementation.versions.items()
        ]
        models = [f"by the specs of {', '.join(bench.models)}"] if bench.models else []
        told = (
            [f"optimizer-oracle: {', '.join([*versions, *models])}"] if versions or models else []
        )
        return [
            f"optimizer-oracle: judging {bench.implementation.name}{device} ({number} claims), "
            f"profile {bench.profile}, timeout {bench.guard.seconds:g} s",
            *told,
        ]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the outcome of a check."""
        result = noted(report) or self._crashed(report)
        if result is None:
            return
        self._results.append(result)
        if self._file is not None:
            self._file.write(result_line(result))

    def _crashed(self, report: pytest.TestReport) -> Result | None:
        """Return the result of a check whose process has ended before it could tell any."""
        if report.when in ("setup", "call", "teardown"):
            return None
        known = (check for check in every_check(self._bench) if check.test == report.nodeid)
        return next((result_of(report, check) for check in known), None)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take over what a worker of pytest-xdist noted."""
        output = getattr(node, "workeroutput", None) or {}
        if Notes.__name__ in output:
            self._notes = Notes(**output[Notes.__name__])

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Add everything up; a run of the suites that checked nothing is not a success."""
        config = session.config
        if not config.getoption("numprocesses", None):
            self._notes = config.stash[NOTES]
        self._tallies = tallied(self._results, self._unclaimed())
        judged = total(self._tallies.values()).judged
        whole = session.exitstatus != pytest.ExitCode.INTERRUPTED
        self._nothing = whole and not judged and not config.getoption("collectonly")
        if self._nothing and session.exitstatus in (0, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if self._file is not None:
            seconds = time.monotonic() - self._begin
            self._file.write(footer(self._tallies, seconds, int(session.exitstatus)))
            self._file.close()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Write the table."""
        config = terminalreporter.config
        if config.getoption("collectonly"):
            return
        write = terminalreporter.write_line
        terminalreporter.section(f"optimizer-oracle: {self._bench.implementation.name}")
        if not self._everything and not self._results:
            write(_none_of_ours(config.args), red=True, bold=True)
            return
        for line in table(self._tallies, {result.spec for result in self._results}):
            write(line.text, red=line.failed)
        for refusal in self._claimed_and_declined():
            write(refusal, yellow=True)
        for cause in causes(self._results):
            write(cause)
        if self._notes.left:
            one = self._bench.implementation
            why = f" ({one.name} is declared slow)" if one.slow else ""
            left = f"{self._notes.left} checks in further dtypes and modes{why}"
            write(f"left to --impl-profile=thorough: {left}")
        if self._notes.elsewhere:
            write(
                f"not applicable: {self._notes.elsewhere} checks of arrays in memory and of "
                "optimizers side by side, as steps are taken in another process"
            )
        declined = Counter(option for result in self._results for option in result.declined)
        for option, number in sorted(declined.items()):
            write(f"not claimed: {TOLD_OF_DECLINED[option]}, in {number} checks")
        counted = Counter(r.counted for r in self._results if r.counted is not None)
        if counted:
            write(f"step counters: one that stops shows up to step {_reach(counted)}")
        for told in self._turned():
            write(told, yellow=told.startswith("worse"))
        for told in looseness.told(self._bench.operations, self._results):
            write(told)
        for told in _by_chance(self._results):
            write(told)
        for entry in self._notes.unmatched:
            write(f"known failure that matches no test: {entry}; remove it", yellow=True)
        if self._nothing:
            write(_nothing(total(self._tallies.values())), red=True, bold=True)

    def _turned(self) -> Iterator[str]:
        """Yield what the ratchet says; its section is named by what was judged, and where."""
        if self._ratchet is None or not self._results:
            return
        bench = self._bench
        versions = [f"{name} {v}" for name, v in bench.implementation.versions.items() if v]
        device = [f"on {bench.device}"] if bench.device else []
        title = ", ".join([bench.implementation.name, *versions, *device, bench.profile])
        yield from self._ratchet.turned(title, self._tallies)

    def _claimed_and_declined(self) -> Iterator[str]:
        """Tell of each claim that no check could hold to anything, and why."""
        for spec in dict.fromkeys(result.spec for result in self._results):
            results = [result for result in self._results if result.spec == spec]
            if all(result.outcome == "not claimed" for result in results):
                [(reason, _)] = Counter(result.message for result in results).most_common(1)
                yield f"{spec} is claimed, and was declined in all {len(results)} checks: {reason}"

    def _unclaimed(self) -> dict[tuple[str, str], int]:
        try:
            return unclaimed(self._bench) if self._everything else {}
        except OracleError:
            return {}  # an unreadable fixture has already failed the collection


def _by_chance(results: Sequence[Result]) -> Iterator[str]:
    """Show what became, this time, of the checks that are known to fail by chance."""
    for reason in dict.fromkeys(result.by_chance for result in results if result.by_chance):
        alike = [result for result in results if result.by_chance == reason]
        failed = sum(result.outcome == "known" for result in alike)
        yield f"known to happen by chance, in {failed} of {len(alike)} checks now: {reason}"
        for result in alike:
            yield f"  {result.name}: {result.headline}"


def _reach(counted: Mapping[int, int]) -> str:
    """Tell how far counters were followed, and in how many checks."""
    found = (f"{step} ({number} checks)" for step, number in sorted(counted.items()))
    return ", ".join(found)


def _none_of_ours(arguments: Sequence[str]) -> str:
    where = ", ".join(arguments)
    return (
        f"Nothing was checked, so this run fails: no check of optimizer-oracle was run in {where}. "
        "Leave the path out to run all of them, or name suites/test_golden.py"
    )


def _nothing(whole: Tally) -> str:
    counts = ", ".join(f"{number} {outcome}" for outcome, number in whole.counts.items() if number)
    return f"Nothing was checked ({counts or 'no test ran'}), so this run fails."
