"""``oracle measure``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from oracle.commands.options import jobs
from oracle.dtypes import DTYPES
from oracle.golden.parallel import spread
from oracle.golden.progress import with_progress
from oracle.golden.write import write_atomically
from oracle.measuring.backends import BACKENDS, TARGETS, Library, Target, opened
from oracle.measuring.declare import Measured
from oracle.measuring.telling import source, table
from oracle.measuring.work import SAMPLES, Chunk, Result, done, plan
from oracle.operations import NAMES

INTERRUPTED = 130


@click.command("measure")
@click.option(
    "--backend", metavar="NAME", help=f"The library that computes: {', '.join(BACKENDS)}."
)
@click.option(
    "--impl",
    metavar="NAME",
    help="Instead: a candidate of this package; the library by which it computes is measured.",
)
@click.option(
    "--device", metavar="NAME", default="cpu", show_default=True, help="cpu, cuda, cuda:1, gpu..."
)
@click.option("--compiled", is_flag=True, help="Through torch.compile, or jax.jit.")
@click.option(
    "--dtype",
    "dtypes",
    metavar="DTYPE",
    multiple=True,
    type=click.Choice(DTYPES),
    default=("float32",),
    show_default=True,
    help="The type of the numbers; may be repeated.",
)
@click.option(
    "--only",
    metavar="OPERATION",
    multiple=True,
    type=click.Choice(NAMES),
    help=f"Only these operations: {', '.join(NAMES)}.",
)
@click.option(
    "--samples",
    metavar="N",
    type=click.IntRange(min=1),
    help=f"How many samples, where not every input is tried; {SAMPLES} if left out.",
)
@click.option("--quick", is_flag=True, help="Samples only: seconds, and no proof.")
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the declaration here; of several dtypes, each to a file with its name in it.",
)
@jobs
@click.pass_context
def command(
    ctx: click.Context,
    backend: str | None,
    impl: str | None,
    device: str,
    compiled: bool,
    dtypes: tuple[str, ...],
    only: tuple[str, ...],
    samples: int | None,
    quick: bool,
    output: Path | None,
    jobs: int,
) -> None:
    """Measure what the operations of a device really lose, and write it down as a declaration.

    Square root, reciprocal, reciprocal root, exp, log and cos of float32 are tried on all 2^32
    inputs, in half types on all 2^16; the rest, and float64, on samples where rounding is hardest.
    float32 and half types are held to float64, float64 to Arb. An error is told in units in the
    last place (ulp) of the exact result: 0.5 is correctly rounded. It is told, too, which
    expressions are fused or simplified, in which type sums and matrix products accumulate, whether
    subnormal numbers are flushed to 0, and which special values are not those of IEEE 754.

    The file is what Implementation(..., operations=Path("FILE")) reads; the bound follows from it.
    It says nothing of operations that were not measured (--only): they count as exact ones.

    \b
    Examples:  oracle measure --backend numpy --quick
               oracle measure --backend torch --compiled --output inductor.json
               oracle measure --backend jax --device cuda --dtype float32 --dtype bfloat16
               oracle measure --impl torch --only sqrt --only divide

    Exit codes: 0 it was measured, 2 wrong usage, 130 interrupted; what is done is told and written.
    """
    target = _target(backend, impl, device, compiled)
    opens = opened(target)
    files = _files(output, dtypes)
    parts = [part for d in dtypes for part in plan(target, d, only, samples, quick)]
    measured = {d: Measured.of(d, [p for p in parts if p.dtype == d]) for d in dtypes}
    click.echo(f"{opens.title} on {opens.machine}")
    finished = _added(measured, with_progress(spread(done, parts, jobs), len(parts), "parts"))
    for dtype, one in measured.items():
        _tell(one, opens, files.get(dtype))
    if not finished:
        click.echo("interrupted: this is what was done", err=True)
        ctx.exit(INTERRUPTED)


def _added(measured: dict[str, Measured], results: Iterator[tuple[Chunk, Result]]) -> bool:
    """Add each result as it comes; False if somebody has had enough of it."""
    try:
        for part, result in results:
            measured[part.dtype].add(part, result)
    except KeyboardInterrupt:
        return False
    return True


def _tell(measured: Measured, backend: Library, file: Path | None) -> None:
    click.echo(f"{measured.dtype}:")
    for line in table(measured):
        click.echo(line)
    if file is None or not (measured.seen or measured.other):
        return
    text = source(measured, backend.title, backend.machine)
    name = backend.title.partition(",")[0].replace(" ", "-")
    declared = measured.operations(f"measured-{name}-{measured.dtype}", text)
    try:
        write_atomically(file, declared.text)
    except OSError as error:
        raise click.UsageError(f"--output: {file} cannot be written: {error.strerror}") from error
    click.echo(f"  written to {file}: {', '.join(declared.parts) or 'all of it exact'}")


def _files(output: Path | None, dtypes: tuple[str, ...]) -> dict[str, Path]:
    """Return the file of each dtype; a place that cannot be written is refused before the work."""
    if output is None:
        return {}
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.UsageError(f"--output: {output} cannot be written: {error.strerror}") from error
    if not os.access(output.parent, os.W_OK):
        raise click.UsageError(f"--output: {output} cannot be written: {output.parent} is closed")
    if len(dtypes) == 1:
        return {dtypes[0]: output}
    return {dtype: output.with_suffix(f".{dtype}{output.suffix}") for dtype in dtypes}


def _target(backend: str | None, impl: str | None, device: str, compiled: bool) -> Target:
    if (backend is None) == (impl is None):
        raise click.UsageError(f"name one: --backend {'|'.join(BACKENDS)}, or --impl NAME")
    if backend is not None:
        return Target(backend, device, compiled)
    if impl not in TARGETS:
        raise click.UsageError(
            f"--impl={impl}: by which library it computes is not known here; "
            f"use --backend {'|'.join(BACKENDS)}"
        )
    return Target(TARGETS[impl].backend, device, compiled or TARGETS[impl].compiled)
