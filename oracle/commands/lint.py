"""``oracle lint``."""

from __future__ import annotations

from pathlib import Path

import click

from oracle.commands.options import folder, only
from oracle.golden.lint import RULES, lint
from oracle.golden.progress import with_progress
from oracle.golden.select import selected


@click.command("lint")
@only
@folder("--fixtures", "Where the files are.")
@click.pass_context
def command(ctx: click.Context, only: str | None, folder: Path) -> None:
    """Judge the fixtures by rule: schema, ids, wording, coverage, and that no case is vacuous.

    \b
    Examples:  oracle lint
               oracle lint --only 'keras2/*'

    Exit codes: 0 all is right, 1 something was found, 2 wrong usage.
    """
    specs = selected(only)
    faults = 0
    for spec in with_progress(specs, len(specs), "fixtures"):
        for fault in lint(spec, folder):
            faults += 1
            click.echo(f"{spec}: {fault}")
    click.echo(f"{len(specs)} fixtures, {len(RULES) + 1} rules, {faults} objections")
    if faults:
        ctx.exit(1)
