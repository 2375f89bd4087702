"""``oracle identify``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from oracle.adapters import find
from oracle.conformance.bench import Bench
from oracle.conformance.guard import Guard
from oracle.conformance.identity import Identity, identities
from oracle.dtypes import DTYPES

_SHOWN = 6
"""How many specs are listed of those that have some of the candidate's numbers."""


@click.command("identify")
@click.option(
    "--impl",
    "reference",
    metavar="NAME",
    required=True,
    help="The candidate, as for pytest: a name, module:name, path/to/file.py, cmd:PROGRAM.",
)
@click.option("--spec", "specs", metavar="GLOB", multiple=True, help="Only these of its claims.")
@click.option(
    "--dtype",
    metavar="DTYPE",
    type=click.Choice(DTYPES),
    default="float32",
    show_default=True,
    help="The dtype that it is run in.",
)
@click.option(
    "--timeout", metavar="SECONDS", default=60.0, show_default=True, help="Longest time for a case."
)
@click.pass_context
def command(
    ctx: click.Context, reference: str, specs: tuple[str, ...], dtype: str, timeout: float
) -> None:
    r"""Say which library's optimizer a candidate is, whatever it claims to be.

    The golden cases of each claim are run, and the numbers compared with those of every spec that
    takes the same arguments. Where none fits, the slip is looked for that would explain them.

    \b
    Examples:  oracle identify --impl=mylib.py
               oracle identify --impl=keras --spec 'keras3/RMS*' --dtype float64

    Exit codes: 0 everything is what it claims, 1 something is not, 2 wrong usage.
    """
    guard = Guard(timeout, reference)
    bench = Bench(find(reference), reference, guard, specs=specs, dtypes=(dtype,))
    bench.check_declarations()
    astray = 0
    try:
        for identity in identities(bench):
            astray += not identity.is_claimed
            for line in _lines(identity):
                click.echo(line)
    finally:
        guard.close()
    if astray:
        ctx.exit(1)


def _lines(identity: Identity) -> Iterator[str]:
    mode = f" ({identity.mode})" if identity.mode else ""
    yield f"{identity.claim} {identity.dtype}{mode}: {_verdict(identity)}"
    if identity.raised:
        yield from (f"  {line}" for line in identity.raised.splitlines())
    for tally in identity.tallies[:_SHOWN]:
        yield f"  {tally.right:3} of {tally.asked:3} cases  {tally.spec}"
    for slip, count in identity.slips.most_common(3):
        yield f"  {count} of {identity.slips.total()} wrong cases searched: {slip}"


def _verdict(identity: Identity) -> str:
    if identity.raised:
        return "no numbers to identify it by"
    if identity.is_claimed:
        return "is what it claims to be"
    if identity.computed:
        return f"computes {', '.join(identity.computed)}"
    if not identity.tallies[0].asked:
        return "no golden case can tell"
    near = f", but is near {identity.nearest}" if identity.nearest else ""
    return f"computes no spec there is{near}"
