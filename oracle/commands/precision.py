"""``oracle precision``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import click

from oracle.adapters import find
from oracle.commands.options import candidate, claims, own
from oracle.conformance.bench import Bench
from oracle.conformance.guard import Guard
from oracle.conformance.loss import CASE, Loss, Losses
from oracle.dtypes import DTYPES
from oracle.golden import load

_SHOWN = 0.05
"""Units in the last place below which a loss is none to speak of."""


@click.command("precision")
@candidate
@own
@claims
@click.option(
    "--dtype",
    "dtypes",
    metavar="DTYPE",
    multiple=True,
    type=click.Choice(DTYPES),
    help="Only these dtypes.",
)
def command(
    reference: str, own: list[str], specs: tuple[str, ...], dtypes: tuple[str, ...]
) -> None:
    """Say what a candidate may lose by how it says that it holds its hyperparameters.

    A rate of 0.1 that is held in float32 is another rate, whatever is computed with it. For each
    claim, mode and dtype, the exact numbers with the hyperparameters as they are given are compared
    with those of what is held, after the steps of the golden case `defaults`, in units in the last
    place (ulp) of the dtype. The candidate is not run: its declarations are taken at their word,
    which is what its error bound does, too; `pytest --impl` finds those that are wrong.

    \b
    Examples:  oracle precision --impl=keras --dtype float64
               oracle precision --impl=torch --spec 'torch/*Adam*'

    Exit codes: 0 it was told, 2 wrong usage.
    """
    with closing(Guard(60.0, reference)) as guard:
        bench = Bench(find(reference), reference, guard, specs=specs)
        bench.check_declarations()
        losses = list(_losses(bench, dtypes or DTYPES))
    for line in _table(losses):
        click.echo(line)
    rest = sum(loss.ulps < _SHOWN for loss in losses)
    click.echo(f"less than {_SHOWN:g} ulp in {rest} of {len(losses)} claims, by mode and dtype")


def _losses(bench: Bench, dtypes: tuple[str, ...]) -> Iterator[Loss]:
    known: dict[str, Losses] = {}
    for claim in bench.claims():
        if claim.spec not in known:
            case = next((c for c in load(claim.spec).cases if c.id == CASE), None)
            if case is None:
                continue
            known[claim.spec] = Losses(claim.spec, case)
        for dtype in (dtype for dtype in claim.dtypes if dtype in dtypes):
            yield known[claim.spec].of(claim, dtype)


def _table(losses: list[Loss]) -> Iterator[str]:
    """Yield a row for each loss; modes that lose alike share it, and are named if not all do."""
    every, alike = defaultdict[Any, list[str]](list), defaultdict[Any, list[str]](list)
    for one in losses:
        every[one.claim.spec, one.dtype].append(one.claim.mode)
        if one.ulps >= _SHOWN:
            key = (one.claim.spec, one.dtype, one.ulps, tuple(one.held.items()))
            alike[key].append(one.claim.mode)
    rows = [
        (spec + _modes(modes, every[spec, dtype]), dtype, ulps, held)
        for (spec, dtype, ulps, held), modes in alike.items()
    ]
    wide = max((len(name) for name, *_ in rows), default=0)
    for name, dtype, ulps, held in rows:
        yield f"{name:<{wide}}  {dtype:<8}  {ulps:>8.3g} ulp  {_types(dict(held))}"


def _modes(some: list[str], every: list[str]) -> str:
    return "" if len(some) == len(every) else f" ({', '.join(mode or 'plain' for mode in some)})"


def _types(held: Mapping[str, str]) -> str:
    """Name the types, and what each of them holds."""
    by_type = defaultdict[str, list[str]](list)
    for argument, kind in held.items():
        by_type[kind].append(argument)
    return "; ".join(f"{kind} holds {', '.join(names)}" for kind, names in by_type.items())
