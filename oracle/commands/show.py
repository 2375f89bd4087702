"""``oracle show``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from oracle.commands.options import own
from oracle.specification.options import demanded
from oracle.specification.own import OwnSystem
from oracle.specification.spec import Spec
from oracle.systems import spec as find_spec
from oracle.systems.not_specified import NOT_SPECIFIED


@click.command("show")
@click.argument("spec", metavar="ID")
@own
@click.pass_context
def command(ctx: click.Context, spec: str, own: list[str]) -> None:
    """Show one spec: arguments with defaults, slots, formula, sources, quirks.

    \b
    Examples:  oracle show keras3/Adam
               oracle show keras2/rmsprop         the library's own alias
               oracle show mine/CautiousAdamW --specs mine.py

    Exit codes: 0 shown, 1 known but without a spec, for the reason told, 2 unknown.
    """
    if spec in NOT_SPECIFIED:
        click.echo(f"{spec} has no spec: {NOT_SPECIFIED[spec]}.")
        ctx.exit(1)
    for line in _lines(find_spec(spec)):
        click.echo(line)


def _slots(spec: Spec) -> tuple[str, ...]:
    """Return the slots of the rules, and those around them."""
    around = spec.program(demanded(spec)).slots if spec.wraps else ()
    return tuple(dict.fromkeys((*spec.slots, *around)))


def _links(spec: Spec) -> Iterator[str]:
    """Yield the links of a chain of somebody's own, in their order."""
    library = spec.system
    if isinstance(library, OwnSystem) and (library.before or library.after):
        yield from ("", "Step")
        for link in (*library.before, None, *library.after):
            told = f"{link.name}: {link.doc}" if link else "update: the formula"
            yield f"  {told.splitlines()[0]}"


def _lines(spec: Spec) -> Iterator[str]:
    yield f"{spec.id}: {spec.doc}"
    if spec.aliases:
        yield f"also: {', '.join(f'{spec.system.name}/{alias}' for alias in spec.aliases)}"
    yield from ("", "Arguments")
    wide = [len(f"{a.name}={a.default!r}") for a in spec.arguments.values()]
    for argument in spec.arguments.values():
        yield f"  {f'{argument.name}={argument.default!r}':{max(wide)}}  {argument.doc}"
    yield from ("", f"Slots: {', '.join(_slots(spec)) or 'none'}")
    if spec.wraps:
        yield "and those of the optimizer that is wrapped"
    yield from _links(spec)
    yield from ("", "Formula")
    formula = spec.formula or "That of the optimizer that is wrapped."
    yield from (f"  {line}".rstrip() for line in formula.splitlines())
    if spec.sparse is not None:
        yield from ("", "Sparse gradients", f"  {spec.sparse.doc}")
    yield from ("", "Sources", *(f"  {citation}" for citation in spec.citations))
    if spec.quirks:
        yield from ("", "Quirks", *(f"  {quirk}" for quirk in spec.quirks))
