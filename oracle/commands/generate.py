"""``oracle generate``."""

from __future__ import annotations

from pathlib import Path

import click

from oracle.commands.options import chosen, folder, jobs, only, own, place_of
from oracle.golden.generate import Written, generate
from oracle.golden.progress import with_progress
from oracle.mutation.search import search

INTERRUPTED = 130


@click.command("generate")
@only
@own
@jobs
@folder("--out", "Where the files go.")
@click.option(
    "--no-search", is_flag=True, help="Keep the drawn cases that there are, whatever survives."
)
@click.pass_context
def command(
    ctx: click.Context,
    only: str | None,
    own: list[str],
    jobs: int,
    folder: Path | None,
    no_search: bool,
) -> None:
    """Compute golden fixtures anew and put each file in place in one step.

    Every number is computed by mpmath and has to lie in an enclosure by ball arithmetic. The files
    are the same bytes on every machine. Interrupting loses nothing: a file is the old one or the
    new one.

    Where a rule, its cases or the ways of writing it wrongly have changed, wrong versions are tried
    on the cases again, and cases are drawn at random until they kill in every dtype whatever drawn
    runs could kill; that takes some minutes for each spec, and --no-search leaves it out. What
    became of each version goes to the folder kills.

    \b
    Examples:  oracle generate
               oracle generate --only keras3/Adam
               oracle generate --only 'keras2/*' --jobs 2 --out /tmp/fixtures
               oracle generate --specs mine.py --out tests/golden

    Exit codes: 0 all written, 1 some could not be certified, 2 wrong usage, 130 interrupted.
    """
    specs = chosen(only, own)
    folder = place_of(folder, specs)
    made = generate(specs, folder, jobs) if no_search else search(specs, folder, jobs)
    written: list[Written] = []
    try:
        for result in with_progress(made, len(specs), "fixtures"):
            written.append(result)
            click.echo(_line(result), err=bool(result.error))
    except KeyboardInterrupt:
        left = len(specs) - len(written)
        click.echo(f"interrupted: {len(written)} done, {left} as they were", err=True)
        ctx.exit(INTERRUPTED)
    if any(result.error for result in written):
        ctx.exit(1)


def _line(result: Written) -> str:
    if result.error:
        return f"{result.spec}: left as it was; {result.error}"
    state = "written" if result.changed else "unchanged"
    return f"{result.spec}: {state}, {result.cases} cases, {result.size / 1000:.0f} kB"
