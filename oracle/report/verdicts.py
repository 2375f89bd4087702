"""The verdict table of several runs, in Markdown: a line for each spec, implementation and mode."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from oracle.dtypes import DTYPES
from oracle.report.lines import FORMAT, ReportError

Row = Mapping[str, Any]

_HEAD = (
    f"| spec | implementation | {' | '.join(DTYPES)} |",
    "| --- | --- |" + " --- |" * len(DTYPES),
)


def read(path: Path) -> tuple[str, list[Row]]:
    """Return the implementation's name and the rows of a report; raises `ReportError`."""
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
    return lines[0]["implementation"], lines[-1]["rows"]


def verdicts(reports: Sequence[tuple[str, Sequence[Row]]]) -> Iterator[str]:
    """Yield the lines of the table, by spec; what is not claimed at all has none."""
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for name, rows in reports:
        for row in rows:
            if _is_judged(row):
                mode = f" ({row['mode']})" if row["mode"] else ""
                cells.setdefault((row["spec"], name + mode), {})[row["dtype"]] = _cell(row)
    yield from _HEAD
    for (spec, name), by_dtype in sorted(cells.items()):
        shown = " | ".join(by_dtype.get(dtype, "") for dtype in DTYPES)
        yield f"| {spec} | {name} | {shown} |"


def _is_judged(row: Row) -> bool:
    return any(row[outcome] for outcome in ("passed", "failed", "known", "vacuous"))


def _cell(row: Row) -> str:
    """Say the worst first, and how near the bound the largest error is."""
    parts = [f"**{row['failed']} failed**"] if row["failed"] else []
    parts += [f"{row[o]} {o}" for o in ("passed", "known", "vacuous") if row[o]]
    ratio = row["ratio"]
    if isinstance(ratio, float | int):
        parts.append(f"{ratio:.3g}")
    return ", ".join(parts)
