"""Where specs are written: in this package, or in the files of whoever brings one of their own.

A function that says what an optimizer computes is named ``module:name`` everywhere, such as
``rules.adam:adam``; in a file of one's own it is ``mine.py:cautious_adamw``, wherever that lies.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oracle.errors import SpecError

PACKAGE = "oracle."

CANDIDATE = "_oracle_candidate_"
"""How the modules of files begin that are given on a command line."""

_ADOPTED: dict[str, str] = {}
"""The modules outside this package that make specs, with their files."""


def adopt(module: str) -> None:
    """Take a module, with what lies beside it, for one in which specs are written.

    Raises `SpecError` for a second file of one name: their functions could not be told apart.
    """
    file = _file(module)
    for other, known in _ADOPTED.items():
        if file_of(other) == file_of(module) and known != file:
            raise SpecError(
                f"two files called {file_of(module)} make specs, {known} and {file}: rename one"
            )
    _ADOPTED[module] = file


@contextmanager
def as_before() -> Iterator[None]:
    """Forget at the end what was adopted since."""
    known = dict(_ADOPTED)
    try:
        yield
    finally:
        _ADOPTED.clear()
        _ADOPTED.update(known)


def is_own(module: str) -> bool:
    """Whether a module is of somebody's own: of a package, or in a folder, that makes specs."""
    if module.startswith(PACKAGE) or not _ADOPTED:
        return False
    if module.partition(".")[0] in {home.partition(".")[0] for home in _ADOPTED}:
        return True
    folders = {str(Path(file).parent) for file in _ADOPTED.values() if file}
    return str(Path(_file(module)).parent) in folders


def says_something(module: str) -> bool:
    """Whether a module is one of this package, or of somebody's own."""
    return module.startswith(PACKAGE) or is_own(module)


def name_of(module: str) -> str:
    """Return how a module is called in the name of a function: without this package's own name."""
    return module.removeprefix(PACKAGE) if module.startswith(PACKAGE) else file_of(module)


def module_of(name: str) -> str | None:
    """Return the module that is called so; None where none of somebody's own is."""
    if not name.endswith(".py"):
        return PACKAGE + name
    modules = (*_ADOPTED, *(module for module in list(sys.modules) if is_own(module)))
    return next((module for module in modules if file_of(module) == name), None)


def file_of(module: str) -> str:
    """Return the file of a module as it is shown: ``oracle/rules/adam.py``, ``mine.py``."""
    if module.startswith(CANDIDATE) or module == "__main__":
        return Path(_file(module)).name
    return f"{module.replace('.', '/')}.py"


def _file(module: str) -> str:
    return str(getattr(sys.modules.get(module), "__file__", None) or "")
