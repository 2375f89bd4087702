"""``oracle teeth``."""

from __future__ import annotations

from pathlib import Path

import click

from oracle.commands.options import chosen, folder, jobs, own, place_of
from oracle.dtypes import DTYPES
from oracle.golden.progress import with_progress
from oracle.golden.read import available
from oracle.mutation.declared import all_blunted
from oracle.mutation.teeth import Teeth, all_teeth
from oracle.platforms import stated_by
from oracle.systems.registered import generating

NARROW = ("float16", "bfloat16", "float32")
"""In which dtypes declared operations are tried: platforms have float32."""


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
@click.option(
    "--operations",
    metavar="NAME|FILE",
    help="What is still caught on a device: a platform, or a file of `oracle measure`.",
)
@own
@jobs
@folder("--fixtures", "Where the files are.")
@click.pass_context
def command(
    ctx: click.Context,
    pattern: str | None,
    dtypes: tuple[str, ...],
    operations: str | None,
    own: list[str],
    jobs: int,
    folder: Path | None,
) -> None:
    """Say which wrong optimizers the fixtures let pass.

    Everything is written wrongly in each way that people do it: the rule (a term dropped, epsilon
    moved, a step count off by one), clipping, schedules, the stages of a step and their order,
    defaults, the start of slots. Every wrong version is run on the golden cases of its spec:

    \b
    killed       some case tells it from the right one by more than both bounds
    equivalent   it is not wrong: it agrees to 1e-30 on every golden and drawn run
    unkillable   rounding in that dtype hides it on every run that was tried
    unseen       it agrees on every run, but nobody knows why: a case or a reason is missing
    survive      a drawn run tells it apart, the golden cases do not: a case is missing

    The matrix on record is shown where it is fresh; else it is computed, and kept in the user's
    cache, so that an interruption loses little. `oracle generate` adds what is missing.

    With --operations, each version that is killed where operations are exact is tried again with
    the bounds of a device that loses more. What it hides is named, with the loss that hides it.

    \b
    Examples:  oracle teeth keras3/Adam
               oracle teeth 'tf.train/*' --dtype float32 --jobs 2
               oracle teeth --specs mine.py --fixtures tests/golden
               oracle teeth torch/AdamW --dtype float32 --operations cuda_fast_math

    Exit codes: 0 nothing survives or is unseen, 1 something does, 2 wrong usage. What a device
    hides is nobody's mistake, and no reason to fail.
    """
    meant = chosen(pattern, own)
    folder = place_of(folder, meant)
    specs = [spec for spec in meant if spec in available(folder)]
    if not specs:
        anew = generating(meant[0], folder)
        raise click.UsageError(f"no fixture for {meant[0]} under {folder}: run `{anew}` first")
    if operations is not None:
        _on_device(specs, folder, dtypes or NARROW, operations, jobs)
        return
    shown: list[Teeth] = []
    found = all_teeth(specs, folder, dtypes or DTYPES, jobs)
    for teeth in with_progress(found, len(specs), "specs"):
        shown.append(teeth)
        for line in teeth.lines():
            click.echo(line)
    if len(shown) > 1:
        for line in _totals(shown, dtypes or DTYPES):
            click.echo(line)
    survivors = sum(len(teeth.survivors) for teeth in shown)
    unseen = sum(len(teeth.unseen) for teeth in shown)
    if survivors or unseen:
        click.echo(f"{survivors} wrong versions survive, {unseen} are unseen: cases are missing")
        ctx.exit(1)


def _on_device(
    specs: list[str], folder: Path, dtypes: tuple[str, ...], operations: str, jobs: int
) -> None:
    """Show what is still caught of a candidate on a declared device."""
    held = stated_by(operations, dtypes[0], "")
    assert held is not None
    click.echo(held.told)
    found, shown = all_blunted(specs, folder, dtypes, held, jobs), []
    for blunted in with_progress(found, len(specs), "specs"):
        shown.append(blunted)
        for line in blunted.lines():
            click.echo(line)
    for dtype in dtypes if len(shown) > 1 else ():
        killed = sum(one.killed[dtype] for one in shown)
        lost = sum(hidden.dtype == dtype for one in shown for hidden in one.hidden)
        click.echo(f"{dtype}: {killed} killed, {killed - lost} still killed, {lost} hidden")


def _totals(shown: list[Teeth], dtypes: tuple[str, ...]) -> list[str]:
    lines = [f"{sum(len(t.matrix.rows) for t in shown)} wrong versions of {len(shown)} specs"]
    for dtype in dtypes:
        counts = [teeth.count(dtype) for teeth in shown]
        totals = {kind: sum(count[kind] for count in counts) for kind in counts[0]}
        told = "  ".join(f"{number:5} {kind}" for kind, number in totals.items())
        lines.append(f"  {dtype:8}  {told}")
    return lines
