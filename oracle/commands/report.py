"""``oracle report``."""

from __future__ import annotations

from pathlib import Path

import click

from oracle.report.verdicts import by_version as table_by_version
from oracle.report.verdicts import read, verdicts


@click.command("report")
@click.option("--by-version", is_flag=True, help="A column for each report, its dtypes added up.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def command(files: tuple[Path, ...], by_version: bool) -> None:
    """Put the reports of several runs into one table, in Markdown.

    A cell has the number of checks by outcome and the largest error over bound. Several reports of
    one implementation are told apart by the versions that they judged, or by their file names.

    \b
    Examples:  pytest --impl=keras --impl-report=keras.jsonl
               pytest --impl=keras2 --impl-report=keras2.jsonl
               oracle report keras.jsonl keras2.jsonl > verdicts.md

    Exit codes: 0 the table is written, 2 a file is no report.
    """
    reports = [read(path) for path in files]
    for line in table_by_version(reports) if by_version else verdicts(reports):
        click.echo(line)
