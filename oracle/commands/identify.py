"""``oracle identify``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from copy import copy
from dataclasses import replace

import click

from oracle.adapters import find
from oracle.claim import Claim
from oracle.commands.options import candidate, claims, own
from oracle.conformance.bench import Bench
from oracle.conformance.guard import Guard
from oracle.conformance.identity import Identity, identities
from oracle.dtypes import DTYPES
from oracle.errors import ImplementationError
from oracle.implementation import Implementation

_SHOWN = 6
"""How many specs are listed of those that have some of the candidate's numbers."""


@click.command("identify")
@candidate
@own
@claims
@click.option(
    "--dtype",
    metavar="DTYPE",
    type=click.Choice(DTYPES),
    default=None,
    help="The dtype that it is run in; if left out, float32, or the widest of a claim without it.",
)
@click.option(
    "--timeout", metavar="SECONDS", default=60.0, show_default=True, help="Longest time for a case."
)
@click.pass_context
def command(
    ctx: click.Context,
    reference: str,
    own: list[str],
    specs: tuple[str, ...],
    dtype: str | None,
    timeout: float,
) -> None:
    """Say which library's optimizer a candidate is, whatever it claims to be.

    The golden cases of each claim are run, and the numbers compared with those of every spec that
    takes the same arguments. A spec is named if it is right in more than half of the cases that can
    tell, several of them of several steps, and wrong in none. Where none is, the slip is looked for
    that would explain the numbers.

    \b
    Examples:  oracle identify --impl=mylib.py
               oracle identify --impl=keras --spec 'keras3/RMS*' --dtype float64

    Exit codes: 0 everything is what it claims, 1 something is not, 2 wrong usage.
    """
    astray = 0
    with closing(Guard(timeout, reference)) as guard:
        bench = Bench(find(reference), reference, guard, specs=specs)
        bench.check_declarations()
        bench = replace(bench, implementation=_in_one_dtype(bench, dtype))
        for identity in identities(bench):
            astray += not identity.is_claimed or bool(identity.raised)
            for line in _lines(identity):
                click.echo(line)
    if astray:
        ctx.exit(1)


def _in_one_dtype(bench: Bench, dtype: str | None) -> Implementation:
    """Return the candidate with each of its chosen claims in one dtype only."""
    same = copy(bench.implementation)
    chosen = [(claim, _dtype_of(claim, dtype)) for claim in bench.claims()]
    same.claims = [replace(claim, dtypes=(name,)) for claim, name in chosen if name]
    if not same.claims:
        has = ", ".join(sorted({name for claim, _ in chosen for name in claim.dtypes}))
        wanted = f"in {dtype}; its dtypes are {has}" if dtype and has else "at all"
        raise ImplementationError(f"{same.name} claims nothing {wanted}")
    return same


def _dtype_of(claim: Claim, wanted: str | None) -> str | None:
    if wanted is not None:
        return wanted if wanted in claim.dtypes else None
    widest = [name for name in reversed(DTYPES) if name in claim.dtypes]
    return "float32" if "float32" in widest else next(iter(widest), None)


def _lines(identity: Identity) -> Iterator[str]:
    mode = f" ({identity.mode})" if identity.mode else ""
    yield f"{identity.claim} {identity.dtype}{mode}: {_verdict(identity)}"
    if identity.raised:
        yield f"  {len(identity.raised)} cases give no number; the first:"
        yield from (f"  {line}" for line in identity.raised[0].splitlines())
    for agreement in identity.agreements[:_SHOWN] if identity.agreements[0].asked else ():
        yield f"  {agreement.right:3} of {agreement.asked:3} cases  {agreement.spec}"
    for slip, count in identity.slips.most_common(3):
        yield f"  {count} of {identity.slips.total()} wrong cases searched: {slip}"


def _verdict(identity: Identity) -> str:
    if not identity.agreements[0].asked:
        return "no numbers to identify it by" if identity.raised else "no golden case can tell"
    if identity.is_claimed:
        raised = f", where it does not fail ({len(identity.raised)} cases)"
        return f"is what it claims to be{raised if identity.raised else ''}"
    if identity.computed:
        return f"computes {', '.join(identity.computed)}"
    if not identity.agreements[0].wrong:
        return f"is right in {identity.agreements[0].right} cases, too few to tell"
    near = f", but is near {identity.nearest}" if identity.nearest else ""
    return f"computes no spec there is{near}"
