"""Which versions of packages are installed: beside us, or in the environment of another Python."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distributions, packages_distributions, version
from pathlib import Path


def versions_here(names: Iterable[str]) -> dict[str, str | None]:
    """Return the version of each package, by its name or by that of a module that it installs.

    TensorFlow's module comes from several packages, such as tensorflow-cpu. None stands for what is
    not installed.
    """
    return {name: _version(name) for name in names}


def versions_beside(interpreter: Path, names: Iterable[str]) -> dict[str, str | None]:
    """Return the same for a virtual environment, from its interpreter; nothing is started."""
    folders = (interpreter.parent.parent / "lib").glob("python3*/site-packages")
    paths = [str(folder) for folder in folders]
    found: dict[str, str | None] = {}
    for name in names:
        first = next(iter(distributions(name=name, path=paths)), None)
        found[name] = first.version if first else None
    return found


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        providers = packages_distributions().get(name)
        return version(providers[0]) if providers else None
