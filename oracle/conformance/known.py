"""Known failures, declared in a TOML file: which check fails, why, and where that is followed up.

    [[known]]
    id = "suites/test_golden.py::test_golden[keras3/Ftrl-*-float16]"
    reason = "the accumulator overflows"
    link = "https://github.com/keras-team/keras/issues/1"

``id`` is the id that pytest prints, or what follows its ``::``; only ``*`` and ``?`` are wildcards.
``sometimes = true`` is for what happens by chance: the check may pass, too, and the summary shows
both outcomes. ``says = "..."`` narrows an entry to failures whose message has these words; of
several entries for a check the first that has the right words stands.
``versions = "keras>=3.7,<3.12"`` binds it to versions of a package that the candidate names as
judged; outside of them it says nothing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from oracle.errors import OracleError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_FIELDS = ("id", "reason", "link")
_OPTIONAL: dict[str, type] = {"says": str, "sometimes": bool, "versions": str}


class KnownFailuresError(OracleError):
    """A file of known failures cannot be read, or an entry lacks what it needs."""


@dataclass(frozen=True)
class Known:
    """One declared failure."""

    id: str
    reason: str
    link: str
    file: str
    says: str = ""
    """What the message of the failure has in it; empty for any failure."""
    sometimes: bool = False
    """Whether it happens by chance, so that the check may pass as well."""
    versions: str = ""
    """The versions of a package for which it holds; empty for all."""

    def matches(self, test: str) -> bool:
        """Whether the entry speaks of the test with this id."""
        return any(self._pattern.fullmatch(name) for name in (test, test.partition("::")[2]))

    def __str__(self) -> str:
        return f"{self.id!r} in {self.file}"

    @property
    def told(self) -> str:
        """The reason and the link, on one line."""
        return f"{self.reason} ({self.link})"

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = re.split(r"([*?])", self.id)
        wild = {"*": ".*", "?": "."}
        return re.compile("".join(wild.get(part, re.escape(part)) for part in parts))


@dataclass(frozen=True)
class KnownFailures:
    """All declared failures of one candidate."""

    entries: tuple[Known, ...] = ()

    @classmethod
    def from_files(cls, files: Iterable[Path], judged: Mapping[str, str | None]) -> KnownFailures:
        """Read the files, or say in one sentence what is wrong with one of them.

        ``judged`` has the version of each package that is judged: what is declared for others of
        them is left out.
        """
        entries = (entry for file in files for entry in _read(file))
        return cls(tuple(entry for entry in entries if _holds(entry, judged)))

    def of(self, test: str) -> list[Known]:
        """Return the entries that speak of the test: each may be for another message."""
        return [entry for entry in self.entries if entry.matches(test)]

    def unmatched(self, tests: Iterable[str]) -> list[Known]:
        """Return the entries that speak of none of the tests."""
        known = list(tests)
        return [e for e in self.entries if not any(e.matches(test) for test in known)]


def _holds(entry: Known, judged: Mapping[str, str | None]) -> bool:
    """Whether an entry speaks of the versions that are judged; of one not known it does."""
    if not entry.versions:
        return True
    try:
        required = Requirement(entry.versions)
    except InvalidRequirement as error:
        raise KnownFailuresError(
            f"known failure {entry}: versions = {entry.versions!r} is none; "
            "write one such as 'keras>=3.7,<3.12'"
        ) from error
    if required.name not in judged:
        raise KnownFailuresError(
            f"known failure {entry}: versions = {entry.versions!r}, but the candidate judges "
            f"{', '.join(judged) or 'nothing that has a version'}; it names what it judges by "
            "`packages` of oracle.Implementation"
        )
    version = judged[required.name]
    return version is None or required.specifier.contains(version, prereleases=True)


def _read(file: Path) -> list[Known]:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise KnownFailuresError(
            f"known failures {file} cannot be read ({error.strerror})"
        ) from error
    except ValueError as error:
        raise KnownFailuresError(f"known failures {file} is not valid TOML: {error}") from error
    extra = sorted(set(document) - {"known"})
    records = document.get("known", [])
    if extra or not isinstance(records, list):
        what = f"has {extra[0]!r} at its top" if extra else "has 'known' as something else"
        raise KnownFailuresError(
            f"known failures {file} {what}; only [[known]] entries belong there"
        )
    return [_entry(record, place, file) for place, record in enumerate(records, start=1)]


def _entry(record: Any, place: int, file: Path) -> Known:
    if not isinstance(record, Mapping):
        raise KnownFailuresError(f"known failures {file}: entry {place} is not a [[known]] table")
    for name in (*record, *_FIELDS):
        if name not in (*_FIELDS, *_OPTIONAL):
            raise KnownFailuresError(
                f"known failures {file}: entry {place} has a field {name!r}; "
                f"an entry has {', '.join(_FIELDS)}, and may have {', '.join(_OPTIONAL)}"
            )
        value = record.get(name)
        switch = _OPTIONAL.get(name) is bool
        fits = isinstance(value, bool) if switch else isinstance(value, str) and value.strip()
        if not fits:
            what = "true or false" if switch else "a text that is not empty"
            raise KnownFailuresError(f"known failures {file}: entry {place} needs {name!r}, {what}")
    return Known(file=str(file), **record)
