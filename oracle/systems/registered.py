"""The specs that are no library's here: those of installed packages, and of files at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from oracle import homes
from oracle.errors import OracleError, SpecError
from oracle.rules.straight import shown_path
from oracle.specification.spec import Spec

GROUP = "oracle.specs"
"""The entry points of packages that bring specs; each names a module that defines them."""


@dataclass(frozen=True)
class Registered:
    """A spec of somebody's own, and where it is defined."""

    spec: Spec
    file: str
    line: int
    namespace: int
    """The identity of the globals in which it was defined: one execution of its file."""
    fixtures: Path | None = None
    """Where its golden fixtures lie."""
    reasons: Mapping[str, str] | None = None
    """Why some wrong versions are none, by a pattern of their ids."""

    @property
    def place(self) -> str:
        """The file and the line of its definition."""
        return f"{self.file}:{self.line}"


_AT_HAND: dict[str, Registered] = {}
_INSTALLED: dict[str, Registered] = {}
_LOADED: list[str] = []
_FOLDERS: list[Path] = []


@dataclass
class _State:
    version: int = 0
    installed: str = "not looked for"


_STATE = _State()


def register(new: Registered) -> None:
    """Take a spec in; raises `SpecError` for an id that another one has."""
    id = new.spec.id
    known = {**_INSTALLED, **_AT_HAND}
    for other in known.values():
        same = other.file == new.file and other.namespace != new.namespace
        if other.spec.id.lower() == id.lower() and not same:
            raise SpecError(
                f"{id} is defined twice, at {other.place} and at {new.place}: rename one of them"
            )
    (_INSTALLED if _STATE.installed == "being loaded" else _AT_HAND)[id] = new
    _changed()


def registered() -> dict[str, Registered]:
    """Return them all by id, those of installed packages first."""
    _load_installed()
    return {**_INSTALLED, **_AT_HAND}


def version() -> int:
    """Return a number that is another one whenever specs came or went."""
    _load_installed()
    return _STATE.version


def _changed() -> None:
    _STATE.version += 1


def _load_installed() -> None:
    if _STATE.installed != "not looked for":
        return
    _STATE.installed = "being loaded"
    try:
        for entry in entry_points(group=GROUP):
            try:
                entry.load()
            except Exception as error:
                package = entry.dist.name if entry.dist else "an installed package"
                raise SpecError(
                    f"{package} brings specs as {entry.value!r} (entry point {GROUP}), which fails "
                    f"with {_told(error)}: mend it or uninstall it"
                ) from error
    except BaseException:
        _STATE.installed = "not looked for"
        raise
    _STATE.installed = "loaded"


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, OracleError) else f"{type(error).__name__}: {error}"


@contextmanager
def as_before() -> Iterator[None]:
    """Forget at the end what files brought since, and where their fixtures were looked for."""
    _load_installed()
    kept = (dict(_AT_HAND), list(_LOADED), list(_FOLDERS))
    with homes.as_before():
        try:
            yield
        finally:
            _AT_HAND.clear()
            _AT_HAND.update(kept[0])
            _LOADED[:], _FOLDERS[:] = kept[1:]
            _changed()


def note_loaded(reference: str) -> None:
    """Remember that a command line asked for a file or a module; another process may need it."""
    if reference not in _LOADED:
        _LOADED.append(reference)


def loaded() -> tuple[str, ...]:
    """Return what was asked for on the command line, in its order."""
    return tuple(_LOADED)


def generating(spec: str, folder: Path | None) -> str:
    """Return the command that makes the fixture of a spec anew, in a folder."""
    own = registered().get(spec)
    if own is None:
        return f"oracle generate --only {spec}"
    of = f"--only {spec}" if spec in _INSTALLED else f"--specs {own.file}"
    return f"oracle generate {of} --out {shown_path(str(folder or 'tests/golden'))}"


def look_in(folder: Path) -> None:
    """Take a folder for that of everybody's own fixtures, whatever the specs say."""
    _FOLDERS[:] = [folder]


def told_folder() -> Path | None:
    """Return the folder that `look_in` was given."""
    return _FOLDERS[0] if _FOLDERS else None
