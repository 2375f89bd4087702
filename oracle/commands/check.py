"""``oracle check``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from oracle.commands.options import chosen, folder, jobs, only, own, place_of
from oracle.golden.check import Defect, check, check_bases, check_fast, extra, remedy
from oracle.golden.progress import with_progress
from oracle.golden.stamp import is_due, stamp
from oracle.mutation.matrix import KILLS
from oracle.mutation.review import review


@click.command("check")
@only
@own
@jobs
@folder("--fixtures", "Where the files are.")
@click.option(
    "--fast",
    is_flag=True,
    help="Look at schema, checksum, inputs and digests; compute nothing. Digests are of the "
    "functions that the runs of a fixture passed through, and of the arithmetic by which all were "
    "last computed anew: where that is another one, the whole check is due.",
)
@click.pass_context
def command(
    ctx: click.Context,
    only: str | None,
    own: list[str],
    jobs: int,
    folder: Path | None,
    fast: bool,
) -> None:
    """Recompute the fixtures and name each that is stale, missing, extra, corrupt or edited.

    The first number that differs is shown: case, step, tensor, what is stored, what is computed.
    Another version of mpmath makes no file stale as long as the numbers are the same. The kill
    matrices are held to their digests, and nothing in them may be open.

    \b
    Examples:  oracle check
               oracle check --fast                 which rules and cases does my edit touch?
               oracle check --only keras3/Adam
               oracle check --specs mine.py --fixtures tests/golden

    Exit codes: 0 all is right, 1 something was found, 2 wrong usage.
    """
    specs = chosen(only, own)
    folder = place_of(folder, specs)
    found = check_fast(specs, folder) if fast else check(specs, folder, jobs)
    findings: list[Defect] = []
    for several in with_progress(found, len(specs), "fixtures"):
        findings += _shown(several)
    findings += _shown(check_bases(specs, folder))
    for several in review(specs, folder) if (folder / KILLS).is_dir() else ():
        findings += _shown(several)
    if only is None:
        findings += _shown(extra(folder))
        findings += _shown(_another_arithmetic(folder) if fast else ())
    if findings:
        files = len({finding.spec for finding in findings})
        click.echo(
            "; ".join(filter(None, (f"{files} files are not right", remedy(findings, folder))))
        )
        ctx.exit(1)
    if only is None and not own and not fast:
        stamp(folder)
    click.echo(f"{len(specs)} fixtures are {'consistent' if fast else 'up to date'}")


def _another_arithmetic(folder: Path) -> Iterator[Defect]:
    if is_due(folder):
        said = "the arithmetic has changed since they were computed anew: run oracle check"
        yield Defect("*", "unchecked", said)


def _shown(findings: Iterable[Defect]) -> list[Defect]:
    shown = list(findings)
    for finding in shown:
        click.echo(f"{finding.kind}: {finding.spec}: {finding.message}")
    return shown
