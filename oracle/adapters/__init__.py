"""Finding the implementation under test: by entry point, by module, or by file."""

from __future__ import annotations

import difflib
import importlib
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from oracle.errors import ImplementationError
from oracle.implementation import Implementation
from oracle.loading import errors_as_sentence, execute, make_importable

GROUP = "oracle.implementations"
BUILT_IN = {
    "numpy": "oracle.adapters.numpy:numpy",
    "keras": "oracle.adapters.keras:keras",
    "keras-xla": "oracle.adapters.keras:keras_xla",
    "keras-jax": "oracle.adapters.keras:keras_jax",
    "keras-torch": "oracle.adapters.keras:keras_torch",
    "keras2": "oracle.adapters.tf1.implementations:keras2",
    "tf1": "oracle.adapters.tf1.implementations:tf1",
    "tf": "oracle.adapters.tf:tf",
    "optax": "oracle.adapters.optax:optax",
    "optax-eager": "oracle.adapters.optax:optax_eager",
    "optax-x64": "oracle.adapters.optax:optax_x64",
    "torch": "oracle.adapters.torch:torch",
    "torch-compiled": "oracle.adapters.torch.compiled:torch_compiled",
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
    make_importable(Path.cwd())
    with errors_as_sentence(f"--impl={shown}"):
        module = importlib.import_module(module_name)
    return _attribute(module, attribute, shown)


def _from_file(path: Path, name: str) -> Implementation:
    if not path.is_file():
        raise ImplementationError(f"--impl={path}: there is no such file (seen from {Path.cwd()})")
    make_importable(path.resolve().parent)
    with errors_as_sentence(f"--impl={path}"):
        module = execute(path.resolve())
    return _attribute(module, name, f"{path}:{name}") if name else _only_one(module, path)


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
