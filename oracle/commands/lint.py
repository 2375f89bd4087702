"""``oracle lint``."""

from __future__ import annotations

from pathlib import Path

import click

from oracle.commands.options import chosen, folder, only, own, place_of
from oracle.golden.lint import RULES, lint
from oracle.golden.progress import with_progress


@click.command("lint")
@only
@own
@folder("--fixtures", "Where the files are.")
@click.pass_context
def command(ctx: click.Context, only: str | None, own: list[str], folder: Path | None) -> None:
    """Judge the fixtures by rule: schema, ids, wording, coverage, and that no case is vacuous.

    \b
    Examples:  oracle lint
               oracle lint --only 'keras2/*'
               oracle lint --specs mine.py --fixtures tests/golden

    Exit codes: 0 all is right, 1 something was found, 2 wrong usage.
    """
    specs = chosen(only, own)
    folder = place_of(folder, specs)
    faults = 0
    for spec in with_progress(specs, len(specs), "fixtures"):
        for fault in lint(spec, folder):
            faults += 1
            click.echo(f"{spec}: {fault}")
    click.echo(f"{len(specs)} fixtures, {len(RULES) + 1} rules, {faults} objections")
    if faults:
        ctx.exit(1)
