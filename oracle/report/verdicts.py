"""The verdict table of several runs, in Markdown: a line for each spec, implementation and mode."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oracle.dtypes import DTYPES
from oracle.report.lines import FORMAT, ReportError
from oracle.report.result import OUTCOMES

Row = Mapping[str, Any]

_OTHERS = ("passed", "known", "vacuous")

INTERRUPTED = 2
"""The exit status of a run that Ctrl-C or SIGTERM ended."""

_HEAD = (
    f"| spec | implementation | {' | '.join(DTYPES)} |",
    "| --- | --- |" + " --- |" * len(DTYPES),
)


@dataclass(frozen=True)
class Report:
    """What the table needs of one report."""

    path: Path
    implementation: str
    judged: Mapping[str, str | None]
    """The version of each package that was judged."""
    rows: Sequence[Row]

    def called(self, others: Sequence[Report]) -> str:
        """Return the name of the implementation, with what tells it from those of others.

        That is the versions that differ, or else the name of the file.
        """
        alike = [other for other in others if other.implementation == self.implementation]
        if len(alike) == 1:
            return self.implementation
        differing = [
            f"{package} {version}"
            for package, version in self.judged.items()
            if any(other.judged.get(package) != version for other in alike)
        ]
        twins = [other for other in alike if other.judged == self.judged]
        marks = [*differing, *([self.path.stem] if len(twins) > 1 else [])]
        return f"{self.implementation}, {', '.join(marks)}"


def read(path: Path) -> Report:
    """Return a report; raises `ReportError` where the file is none, or is cut off."""
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        kinds = [line["kind"] for line in lines]
    except OSError as error:
        raise ReportError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise ReportError(f"{path} is no report: write one with --impl-report") from error
    if not lines or kinds[0] != "header" or lines[0].get("format") != FORMAT:
        raise ReportError(f"{path} is no report of format {FORMAT}")
    if kinds[-1] != "footer":
        raise ReportError(f"{path} has no footer: the run was cut off; repeat it")
    header, footer = lines[0], lines[-1]
    if footer.get("exit_status", 0) == INTERRUPTED:
        raise ReportError(f"{path} is of a run that was ended before it was through; repeat it")
    return Report(path, header["implementation"], header.get("judged", {}), footer["rows"])


def verdicts(reports: Sequence[Report]) -> Iterator[str]:
    """Yield the lines of the table, by spec; what is not claimed at all has none."""
    cells: dict[tuple[str, int, str], dict[str, str]] = {}
    for place, report in enumerate(reports):
        name = report.called(reports)
        for row in report.rows:
            if _is_judged(row):
                mode = f" ({row['mode']})" if row["mode"] else ""
                line = cells.setdefault((row["spec"], place, name + mode), {})
                line[row["dtype"]] = _cell(row)
    yield from _HEAD
    for (spec, _, name), by_dtype in sorted(cells.items()):
        shown = " | ".join(by_dtype.get(dtype, "") for dtype in DTYPES)
        yield f"| {spec} | {name} | {shown} |"


def by_version(reports: Sequence[Report]) -> Iterator[str]:
    """Yield a table with a line for each spec and mode, and a column for each report."""
    cells: dict[str, dict[int, Counter[str]]] = {}
    for place, report in enumerate(reports):
        for row in filter(_is_judged, report.rows):
            name = f"{row['spec']} ({row['mode']})" if row["mode"] else row["spec"]
            cell = cells.setdefault(name, {}).setdefault(place, Counter())
            cell.update({outcome: row[outcome] for outcome in OUTCOMES})
    yield f"| spec | {' | '.join(report.called(reports) for report in reports)} |"
    yield "| --- |" + " --- |" * len(reports)
    for name, by_place in sorted(cells.items()):
        shown = (_counts(by_place.get(place, Counter())) for place in range(len(reports)))
        yield f"| {name} | {' | '.join(shown)} |"


def _counts(row: Mapping[str, Any]) -> str:
    """Say how many checks ended in what, failures first."""
    parts = [f"**{row['failed']} failed**"] if row["failed"] else []
    return ", ".join([*parts, *(f"{row[o]} {o}" for o in _OTHERS if row[o])])


def _is_judged(row: Row) -> bool:
    return any(row[outcome] for outcome in ("passed", "failed", "known", "vacuous"))


def _cell(row: Row) -> str:
    """Say the worst first, and how near the bound the largest error is."""
    counts, ratio = _counts(row), row["ratio"]
    return f"{counts}, {ratio:.3g}" if isinstance(ratio, float | int) else counts
