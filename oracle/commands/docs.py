"""``oracle docs``."""

from __future__ import annotations

from pathlib import Path

import click

from oracle.commands.options import chosen, only
from oracle.report.reference.files import (
    Drift,
    checkout_reference,
    drift,
    left_over,
    rendered,
    write,
)
from oracle.resources import fixtures_dir


@click.command("docs")
@only
@click.option("--check", is_flag=True, help="Write nothing; name the pages that are not right.")
@click.option(
    "--to",
    "folder",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the pages are.  [default: docs/reference of the checkout]",
)
@click.pass_context
def command(ctx: click.Context, only: str | None, check: bool, folder: Path | None) -> None:
    """Write the reference of every spec as Markdown: formula, arguments, slots, order, sources.

    The formula is translated from the source of the rule. A page is written only if it changed.

    \b
    Examples:  oracle docs
               oracle docs --only 'keras3/*' --to /tmp/reference
               oracle docs --check                 does a page lag behind its spec?

    Exit codes: 0 all is right, 1 a page is stale, missing or left over, 2 wrong usage.
    """
    pages = rendered(chosen(only, ()), fixtures_dir())
    place = _place(folder)
    over = [] if only else list(left_over(place))
    if check:
        found = [*drift(pages, place), *over]
        _say(found, place)
        click.echo(_verdict(found))
        ctx.exit(1 if found else 0)
    written = dict(write(pages, place))
    for name, changed in written.items():
        if changed:
            click.echo(f"written: {place / name}")
    _say(over, place)
    click.echo(f"{sum(written.values())} of {len(written)} pages written, the others are as before")


def _place(folder: Path | None) -> Path:
    place = folder or checkout_reference()
    if place is None:
        raise click.UsageError(
            "there is no checkout of optimizer-oracle here: run `oracle docs` inside one, or name "
            "the folder of the pages with `--to FOLDER`"
        )
    return place


def _say(found: list[Drift], place: Path) -> None:
    for item in found:
        click.echo(f"{item.kind}: {place / item.name}")


def _verdict(found: list[Drift]) -> str:
    """Return the last line, with what mends the rest."""
    if not found:
        return "the reference is up to date"
    kinds = {item.kind for item in found}
    write_anew = "run `oracle docs`" if kinds - {"left over"} else ""
    remove = "remove what is left over" if "left over" in kinds else ""
    return "; ".join(filter(None, (f"{len(found)} pages are not right", write_anew, remove)))
