"""What pytest's command line says about suites."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

import pytest

from oracle.resources import suites_dir

_CHECK = re.compile(r"suites/\w+\.py::\w+\[[^-\]]+/.+-b?float\d+.*\]")
"""The id of a check, where a project has a folder of this name, too."""

FOLDER = "suites"
"""How the bundled suites are called in ids and on the command line, wherever they lie."""


def choose_suites(config: pytest.Config) -> bool:
    """Run the bundled suites where no path is given, and find ``suites/...`` from any folder.

    Returns whether all of the bundled suites were asked for.
    """
    given = config.args_source is config.ArgsSource.ARGS
    if not given:
        config.args[:] = [str(path) for path in sorted(suites_dir().glob("test_*.py"))]
        config.args_source = config.ArgsSource.ARGS
        return True
    config.args[:] = resolved(config.args)
    return False


def resolved(arguments: Sequence[str]) -> list[str]:
    """Point ``suites/...`` at the bundled suites: a check of ours, or what is no path here."""
    return [_bundled(argument) or argument for argument in arguments]


def _bundled(argument: str) -> str | None:
    path, separator, rest = argument.partition("::")
    first, *others = path.replace(os.sep, "/").split("/")
    if first != FOLDER or (os.path.exists(path) and not _CHECK.fullmatch(argument)):
        return None
    return str(suites_dir().joinpath(*others)) + separator + rest
