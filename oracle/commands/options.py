"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from oracle.resources import fixtures_dir

Command = TypeVar("Command", bound=Callable[..., Any])


def only(command: Command) -> Command:
    """Choose specs by id, alias or glob."""
    return click.option(
        "--only",
        metavar="GLOB",
        help="Only these specs: an id, an alias, or a pattern such as 'keras3/Ada*'.",
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


def folder(name: str, doc: str) -> Callable[[Command], Command]:
    """Choose the folder of the fixtures."""
    return click.option(
        name,
        "folder",
        metavar="DIR",
        type=click.Path(file_okay=False, path_type=Path),
        default=fixtures_dir,
        show_default="the fixtures of this installation",
        help=doc,
    )
