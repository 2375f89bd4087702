"""``oracle list``."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

import click

from oracle.commands.options import own
from oracle.golden.select import selected
from oracle.systems import spec as find_spec
from oracle.systems.not_specified import NOT_SPECIFIED


@click.command("list")
@click.argument("pattern", metavar="[GLOB]", required=False)
@own
def command(pattern: str | None, own: list[str]) -> None:
    """List the specs, one a line: id, aliases, what it is; then what is known without a spec.

    \b
    Examples:  oracle list
               oracle list 'keras3/*'
               oracle list '*/Ada*'
               oracle list --specs mine.py         your own besides
    """
    without = [id for id in NOT_SPECIFIED if fnmatchcase(id, pattern or "*")]
    lines = dict(_described(pattern, bool(without)))
    lines |= {id: f"has no spec: {NOT_SPECIFIED[id]}" for id in without}
    widest = max(map(len, lines))
    for id, text in lines.items():
        click.echo(f"{id:{widest}}  {text}")


def _described(pattern: str | None, may_be_none: bool) -> Iterator[tuple[str, str]]:
    """Yield each spec that a pattern means; one that means nothing at all is refused."""
    names = selected(pattern, may_be_none=may_be_none)
    for spec in map(find_spec, names):
        aliases = ", ".join(spec.aliases)
        yield spec.id, f"{spec.doc}" + (f"  ({aliases})" if aliases else "")
