"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from oracle.golden.select import selected
from oracle.resources import fixtures_dir
from oracle.systems import bundled
from oracle.systems.own import load
from oracle.systems.registered import registered

Command = TypeVar("Command", bound=Callable[..., Any])


def only(command: Command) -> Command:
    """Choose specs by id, alias or glob."""
    return click.option(
        "--only",
        metavar="GLOB",
        help="Only these specs: an id, an alias, or a pattern such as 'keras3/Ada*'.",
    )(command)


def candidate(command: Command) -> Command:
    """Name the candidate."""
    return click.option(
        "--impl",
        "reference",
        metavar="NAME",
        required=True,
        help="The candidate, as for pytest: a name, module:name, path/to/file.py, cmd:PROGRAM.",
    )(command)


def claims(command: Command) -> Command:
    """Choose among the claims of the candidate."""
    return click.option(
        "--spec", "specs", metavar="GLOB", multiple=True, help="Only these of its claims."
    )(command)


def jobs(command: Command) -> Command:
    """Choose how many processes compute."""
    return click.option(
        "--jobs",
        metavar="N",
        type=click.IntRange(min=1),
        default=os.cpu_count() or 1,
        show_default="one a processor",
        help="How many processes compute; the result does not depend on it.",
    )(command)


def own(command: Command) -> Command:
    """Bring specs that are no library's here."""
    return click.option(
        "--specs",
        "own",
        metavar="FILE",
        multiple=True,
        is_eager=True,
        callback=_loaded,
        help="Specs of your own: path/to/mine.py, or a module; may be repeated. Without --only, "
        "they alone are meant.",
    )(command)


def _loaded(ctx: click.Context, option: click.Parameter, given: Sequence[str]) -> list[str]:
    """Return the ids of the specs that some files define."""
    return list(dict.fromkeys(id for reference in given for id in load(reference)))


def chosen(only: str | None, own: Sequence[str], *, may_be_none: bool = False) -> list[str]:
    """Return the ids that are meant: those of one's own where there are any, else the bundled."""
    if only is None:
        return list(own) or list(bundled())
    matching = selected(only, may_be_none=may_be_none)
    return [id for id in matching if id in own] or matching


def place_of(folder: Path | None, specs: Sequence[str]) -> Path:
    """Return the folder of the fixtures of some specs: the one given, or the one they declare."""
    mine = [registered()[id] for id in specs if id in registered()]
    if folder is not None or not mine:
        return folder or fixtures_dir()
    [declared, *others] = dict.fromkeys(each.fixtures for each in mine)
    if declared is None or others or len(mine) < len(specs):
        raise click.UsageError(
            f"where are the fixtures of {mine[0].spec.id}? name their folder, such as "
            "tests/golden, or declare it: oracle.define(..., fixtures='tests/golden')"
        )
    return declared


def folder(name: str, doc: str) -> Callable[[Command], Command]:
    """Choose the folder of the fixtures."""
    return click.option(
        name,
        "folder",
        metavar="DIR",
        type=click.Path(file_okay=False, path_type=Path),
        show_default="what oracle.define says, or the fixtures of this installation",
        help=doc,
    )
