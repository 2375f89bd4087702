"""The kill matrix of a spec as data: what became of each wrong version, in every dtype.

It is committed beside the fixtures, under ``kills/``, with a digest of all that it depends on. What
was computed once is kept in the user's cache as well, so that an interruption loses little.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from oracle.golden.model import GoldenError
from oracle.golden.read import Document, read_document
from oracle.golden.write import render, write_atomically
from oracle.mutation.kill import EQUIVALENT, KILLED, SURVIVOR, UNSEEN, Fate, versions_tried
from oracle.mutation.reasons import reason_for
from oracle.resources import cache_dir

KILLS = "kills"
"""The folder of the matrices, among the fixtures."""

PROVED = "agrees to 1e-30 on every run"
"""Why a formula is the same as the right one."""


@dataclass(frozen=True)
class Row:
    """One wrong version, and what became of it."""

    id: str
    before: str
    after: str
    killed: Mapping[str, str]
    """The case that kills it, by dtype."""
    unkillable: Mapping[str, float]
    """By dtype where rounding hides it, its largest effect over the bounds: at most 1."""
    survives: Mapping[str, str]
    """By dtype, a drawn run that tells it apart although no case does."""
    equivalent: str
    """Why it is not wrong at all; empty where it is."""
    unseen: bool
    """Whether it agrees on every run, and nobody knows why it must."""

    @classmethod
    def of(cls, fates: list[Fate]) -> Row:
        """Collect what became of one version in all dtypes."""
        first = fates[0]
        kinds: dict[str, dict[str, Fate]] = {}
        for fate in fates:
            kinds.setdefault(fate.kind, {})[fate.dtype] = fate
        return cls(
            first.version.id,
            first.version.before,
            first.version.after,
            {dtype: fate.run for dtype, fate in kinds.get(KILLED, {}).items()},
            {d: round(fate.effect, 3) for d, fate in kinds.get("unkillable", {}).items()},
            {dtype: fate.run for dtype, fate in kinds.get(SURVIVOR, {}).items()},
            PROVED if EQUIVALENT in kinds else "",
            UNSEEN in kinds,
        )

    def explained(self, spec: str) -> Row:
        """Return the same with the reason why an unseen version is the same as the right one."""
        reason = reason_for(self.id, spec) if self.unseen else ""
        return replace(self, equivalent=reason, unseen=False) if reason else self

    @property
    def is_open(self) -> bool:
        """Whether somebody has to add a case, or a reason."""
        return bool(self.survives) or self.unseen


@dataclass(frozen=True)
class Matrix:
    """The fates of all wrong versions of one spec."""

    spec: str
    digest: str
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, document: Document, fates: Mapping[str, list[Fate]]) -> Matrix:
        """Return the matrix of a fixture from the fates of each version."""
        rows = tuple(Row.of(several) for several in fates.values())
        return cls(document["spec"], digest_of(document), rows)

    @property
    def explained(self) -> Matrix:
        """The same, with the reasons that are known."""
        return replace(self, rows=tuple(row.explained(self.spec) for row in self.rows))

    @property
    def kills(self) -> dict[str, list[str]]:
        """The versions that each case is the first to kill in some dtype."""
        found: dict[str, list[str]] = {}
        for row in self.rows:
            for case in dict.fromkeys(row.killed.values()):
                found.setdefault(case, []).append(row.id)
        return found

    @property
    def text(self) -> str:
        """The matrix as JSON."""
        rows = [{k: v for k, v in asdict(row).items() if v} for row in self.rows]
        return render({"spec": self.spec, "digest": self.digest, "versions": rows})


def by_version(fates: Iterable[Fate]) -> dict[str, list[Fate]]:
    """Collect fates by the ids of the versions."""
    found: dict[str, list[Fate]] = {}
    for fate in fates:
        found.setdefault(fate.version.id, []).append(fate)
    return found


def digest_of(document: Document) -> str:
    """Return the digest of all that the matrix of a fixture depends on: cases, wrong versions."""
    cases = [{k: v for k, v in record.items() if k != "kills"} for record in document["cases"]]
    versions = [(wrong.id, wrong.after) for wrong in versions_tried(document)]
    said = json.dumps([document["spec"], versions, cases], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def path_of_matrix(spec: str, folder: Path) -> Path:
    """Return where the matrix of a spec lies in a folder of fixtures."""
    return folder / KILLS / f"{spec}.json"


def read_matrix(path: Path) -> Matrix:
    """Read a matrix; raises `GoldenError` for a file that is none."""
    document = read_document(path)
    try:
        rows = tuple(_row(record) for record in document["versions"])
        return Matrix(document["spec"], document["digest"], rows)
    except (KeyError, TypeError) as error:
        raise GoldenError(f"{path}: it lacks or garbles {error}; run `oracle generate`") from error


def _row(record: Mapping[str, Any]) -> Row:
    empty: dict[str, Any] = {
        "killed": {},
        "unkillable": {},
        "survives": {},
        "equivalent": "",
        "unseen": False,
    }
    return Row(**{**empty, **record})


def write_matrix(matrix: Matrix, path: Path) -> None:
    """Write a matrix in one step."""
    write_atomically(path, matrix.text)


def remembered(digest: str) -> Matrix | None:
    """Return the matrix of a digest if it was computed on this machine before."""
    path = _cache() / f"{digest}.json"
    try:
        return read_matrix(path) if path.exists() else None
    except GoldenError:
        return None


def remember(matrix: Matrix) -> None:
    """Keep a matrix in the user's cache."""
    write_matrix(matrix, _cache() / f"{matrix.digest}.json")


def remembered_search(digest: str) -> list[int] | None:
    """Return the drawn cases that a search found for the planned ones, if it was made before."""
    path = _cache() / f"{digest}.search.json"
    return [int(number) for number in json.loads(path.read_text())] if path.exists() else None


def remember_search(digest: str, numbers: list[int]) -> None:
    """Keep what a search found in the user's cache."""
    write_atomically(_cache() / f"{digest}.search.json", json.dumps(numbers))


def _cache() -> Path:
    return cache_dir() / "kills"
