"""``oracle show``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from oracle.systems import spec as find_spec
from oracle.systems.base import Spec


@click.command("show")
@click.argument("spec", metavar="ID")
def command(spec: str) -> None:
    r"""Show one spec: arguments with defaults, slots, formula, sources, quirks.

    \b
    Examples:  oracle show keras3/Adam
               oracle show keras2/rmsprop         the library's own alias
    """
    for line in _lines(find_spec(spec)):
        click.echo(line)


def _lines(spec: Spec) -> Iterator[str]:
    yield f"{spec.id}: {spec.doc}"
    if spec.aliases:
        yield f"also: {', '.join(f'{spec.system}/{alias}' for alias in spec.aliases)}"
    yield from ("", "Arguments")
    wide = [len(f"{a.name}={a.default!r}") for a in spec.arguments.values()]
    for argument in spec.arguments.values():
        yield f"  {f'{argument.name}={argument.default!r}':{max(wide)}}  {argument.doc}"
    yield from ("", f"Slots: {', '.join(spec.slots) or 'none'}")
    yield from ("", "Formula")
    yield from (f"  {line}".rstrip() for line in spec.formula.splitlines())
    yield from ("", "Sources", *(f"  {citation}" for citation in spec.citations))
    if spec.quirks:
        yield from ("", "Quirks", *(f"  {quirk}" for quirk in spec.quirks))
