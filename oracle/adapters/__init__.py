"""Finding the implementation under test: by entry point, by module, or by file."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from oracle.errors import ImplementationError
from oracle.implementation import Implementation

GROUP = "oracle.implementations"
BUILT_IN = {
    "numpy": "oracle.adapters.numpy:numpy",
    "keras": "oracle.adapters.keras:keras",
    "keras-xla": "oracle.adapters.keras:keras_xla",
    "keras2": "oracle.adapters.tf1.implementations:keras2",
    "tf1": "oracle.adapters.tf1.implementations:tf1",
    "tf": "oracle.adapters.tf:tf",
}
"""Also registered as entry points; a checkout without metadata finds them here."""


def find(reference: str) -> Implementation:
    """Return the implementation that ``--impl`` names; what cannot be found is said in a sentence.

    A reference is a registered name, ``package.module:name``, ``path/to/file.py[:name]`` (in a
    file the name may be left out when it holds exactly one implementation), or
    ``cmd:PROGRAM ARGS`` for a worker in another process.
    """
    if reference.startswith("cmd:"):
        from oracle.adapters.worker.candidate import from_command

        return from_command(reference)
    path, name = _file_and_name(reference)
    if path is not None:
        return _from_file(path, name)
    if ":" in reference:
        return _from_module(reference)
    return _registered(reference)


def known() -> dict[str, str]:
    """Return the registered implementations: name to ``module:attribute``."""
    found = {entry.name: entry.value for entry in entry_points(group=GROUP)}
    return dict(sorted({**BUILT_IN, **found}.items()))


def _registered(reference: str) -> Implementation:
    registered = known()
    if reference not in registered:
        near = difflib.get_close_matches(reference, registered, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise ImplementationError(
            f"--impl={reference}: no implementation is registered under that name; {hint}"
            f"known are {', '.join(registered)}; or give package.module:name, path/to/file.py or "
            "cmd:PROGRAM ARGS"
        )
    return _from_module(registered[reference], reference)


def _file_and_name(reference: str) -> tuple[Path | None, str]:
    """Split ``path/to/file.py:name``; the path is None where the reference is not a file."""
    if reference.endswith(".py"):
        return Path(reference), ""
    stem, separator, name = reference.rpartition(".py:")
    return (Path(f"{stem}.py"), name) if separator else (None, "")


def _from_module(target: str, reference: str = "") -> Implementation:
    module_name, _, attribute = target.partition(":")
    shown = reference or target
    _make_importable(Path.cwd())
    with _import_errors_as_sentence(shown):
        module = importlib.import_module(module_name)
    return _attribute(module, attribute, shown)


def _from_file(path: Path, name: str) -> Implementation:
    if not path.is_file():
        raise ImplementationError(f"--impl={path}: there is no such file (seen from {Path.cwd()})")
    _make_importable(path.resolve().parent)
    with _import_errors_as_sentence(str(path)):
        module = _execute(path.resolve())
    return _attribute(module, name, f"{path}:{name}") if name else _only_one(module, path)


def _execute(path: Path) -> ModuleType:
    """Import a file under a name of its own, so that it never stands in for another module."""
    module_name = f"_oracle_candidate_{path.stem}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    spec.loader.exec_module(module)
    return module


def _only_one(module: ModuleType, path: Path) -> Implementation:
    names = _implementations_in(module)
    if len(names) == 1:
        return _attribute(module, names[0], str(path))
    if not names:
        raise ImplementationError(
            f"--impl={path}: the file holds no oracle.Implementation; "
            "make one, such as mylib = Implementation('mylib')"
        )
    raise ImplementationError(
        f"--impl={path}: the file holds several implementations; "
        f"say which, as in {path}:{names[0]} (it has {', '.join(names)})"
    )


def _implementations_in(module: ModuleType) -> list[str]:
    """Name each implementation of a module once, whatever other names it has there."""
    by_identity: dict[int, str] = {}
    for name, value in vars(module).items():
        if isinstance(value, Implementation):
            by_identity.setdefault(id(value), name)
    return list(by_identity.values())


def _attribute(module: ModuleType, name: str, shown: str) -> Implementation:
    value: Any = module
    for part in name.split("."):
        value = getattr(value, part, None)
    if isinstance(value, Implementation):
        return value
    what = "nothing" if value is None else f"a {type(value).__name__}"
    names = _implementations_in(module)
    there = f"; it has {', '.join(names)}" if names else ""
    raise ImplementationError(
        f"--impl={shown}: {module.__name__} has {what} called {name!r} "
        f"where an oracle.Implementation is needed{there}"
    )


def _make_importable(folder: Path) -> None:
    """Let a candidate import its neighbours, as ``python file.py`` and ``python -m`` would."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


@contextmanager
def _import_errors_as_sentence(shown: str) -> Iterator[None]:
    try:
        yield
    except ImplementationError:
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        where = _last_line_of(error)
        raise ImplementationError(
            f"--impl={shown}: importing it failed{where} with {type(error).__name__}: {error}"
        ) from error


def _last_line_of(error: BaseException) -> str:
    """Say where an import failed, in the last file that is neither ours nor Python's own."""
    trace = error.__traceback__
    place = ""
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith("<") and "importlib" not in file and file != __file__:
            place = f" at {os.path.relpath(file)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
