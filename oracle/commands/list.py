"""``oracle list``."""

from __future__ import annotations

import click

from oracle.golden.select import selected
from oracle.systems import spec as find_spec


@click.command("list")
@click.argument("pattern", metavar="[GLOB]", required=False)
def command(pattern: str | None) -> None:
    r"""List the specs, one a line: id, aliases, what it is.

    \b
    Examples:  oracle list
               oracle list 'keras3/*'
               oracle list '*/Ada*'
    """
    specs = [find_spec(name) for name in selected(pattern)]
    widest = max(len(spec.id) for spec in specs)
    for spec in specs:
        aliases = ", ".join(spec.aliases)
        click.echo(f"{spec.id:{widest}}  {spec.doc}" + (f"  ({aliases})" if aliases else ""))
