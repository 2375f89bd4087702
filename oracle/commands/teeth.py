"""``oracle teeth``."""

from __future__ import annotations

import click

from oracle.commands.options import jobs
from oracle.dtypes import DTYPES
from oracle.golden import available
from oracle.golden.progress import with_bar
from oracle.golden.select import selected
from oracle.mutation.teeth import all_teeth


@click.command("teeth")
@click.argument("pattern", metavar="[GLOB]", required=False)
@click.option(
    "--dtype",
    "dtypes",
    metavar="DTYPE",
    type=click.Choice(DTYPES),
    multiple=True,
    help="Only in this dtype; may be repeated.",
)
@jobs
@click.pass_context
def command(ctx: click.Context, pattern: str | None, dtypes: tuple[str, ...], jobs: int) -> None:
    r"""Say which wrong optimizers the fixtures let pass.

    Every rule is written wrongly in each way that people do it (a term dropped, epsilon moved, a
    step count off by one), every argument gets another default, and every wrong version is run on
    the golden cases of its spec:

    \b
    killed       some case tells it from the right one by more than both bounds
    equivalent   it is not wrong: it agrees to 1e-30 on every golden and random run
    unseen       a default on which no run depends: a case may be missing
    unkillable   rounding in that dtype hides it on every run that was tried
    survivor     a random run tells it apart, the golden cases do not: a case is missing

    \b
    Examples:  oracle teeth keras3/Adam
               oracle teeth 'tf.train/*' --dtype float32 --jobs 2

    Exit codes: 0 nothing survives, 1 something does, 2 wrong usage.
    """
    specs = [spec for spec in selected(pattern) if spec in available()]
    survivors = 0
    found = all_teeth(specs, dtypes or DTYPES, jobs)
    for teeth in with_bar(found, len(specs), "specs"):
        survivors += len({bite.id for bite in teeth.survivors})
        for line in teeth.lines():
            click.echo(line)
    if survivors:
        click.echo(f"{survivors} wrong versions survive; each wants a golden case that kills it")
        ctx.exit(1)
