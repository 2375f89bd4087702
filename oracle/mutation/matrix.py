"""The kill matrix of a spec as data: what became of each wrong version, in every dtype.

It is committed beside the fixtures, under ``kills/``, with a digest of all that it depends on. What
was computed once is kept in the user's cache as well, so that an interruption loses little.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from oracle.dtypes import DTYPES
from oracle.golden.model import GoldenError
from oracle.golden.read import Document, checksum, read_document
from oracle.golden.write import render, write_atomically
from oracle.mutation.hunt import EQUIVALENT, KILLED, SURVIVOR, UNSEEN, Fate
from oracle.mutation.kill import versions_tried
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
    before: str = ""
    after: str = ""
    """Both are empty in a row that was read of a version that is killed in every dtype."""
    killed: Mapping[str, str] = field(default_factory=dict)
    """The case that kills it, by dtype."""
    unkillable: Mapping[str, float] = field(default_factory=dict)
    """By dtype where rounding hides it, its largest effect over the bounds: at most 1."""
    survives: Mapping[str, str] = field(default_factory=dict)
    """By dtype, a drawn run that tells it apart although no case does."""
    equivalent: str = ""
    """Why it is not wrong at all; empty where it is."""
    unseen: bool = False
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
    def written(self) -> Any:
        """What a file has of it: of a version that one case kills in every dtype, that case.

        The formulas of a version that is killed follow from its id; of any other one they are told.
        """
        if tuple(sorted(self.killed)) == tuple(sorted(DTYPES)):
            by_case = _by_case(self.killed)
            return by_case if len(by_case) > 1 else next(iter(by_case))
        said = {**asdict(self), "killed": _by_case(self.killed)}
        del said["id"]
        return {key: value for key, value in said.items() if value}

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
    def text(self) -> str:
        """The matrix as JSON."""
        rows = {row.id: row.written for row in self.rows}
        document = {"spec": self.spec, "digest": self.digest, "checksum": "", "versions": rows}
        return render({**document, "checksum": checksum(document)})


def by_version(fates: Iterable[Fate]) -> dict[str, list[Fate]]:
    """Collect fates by the ids of the versions."""
    found: dict[str, list[Fate]] = {}
    for fate in fates:
        found.setdefault(fate.version.id, []).append(fate)
    return found


def digest_of(document: Document) -> str:
    """Return the digest of all that the matrix of a fixture depends on: cases, wrong versions."""
    versions = [(wrong.id, wrong.after) for wrong in versions_tried(document)]
    said = json.dumps([document["spec"], versions, document["cases"]], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def path_of_matrix(spec: str, folder: Path) -> Path:
    """Return where the matrix of a spec lies in a folder of fixtures."""
    return folder / KILLS / f"{spec}.json"


def read_matrix(path: Path) -> Matrix:
    """Read a matrix; raises `GoldenError` for a file that is none."""
    document = read_document(path)
    try:
        rows = tuple(_row(id, record) for id, record in document["versions"].items())
        matrix = Matrix(document["spec"], document["digest"], rows)
    except (AttributeError, KeyError, TypeError) as error:
        raise GoldenError(f"{path}: it lacks or garbles {error}; run `oracle generate`") from error
    if document.get("checksum") != checksum(document):
        raise GoldenError(f"{path}: it was edited by hand; run `oracle generate`")
    return matrix


def _row(id: str, written: Any) -> Row:
    if isinstance(written, str):
        return Row(id, killed=dict.fromkeys(DTYPES, written))
    record = {"killed": written} if written.keys().isdisjoint(_FIELDS) else dict(written)
    killed = {dtype: case for case, dtypes in record.pop("killed", {}).items() for dtype in dtypes}
    return Row(id, killed=killed, **record)


_FIELDS = ("killed", "unkillable", "survives", "equivalent", "unseen")
"""What a file says of a version that is not killed in every dtype; no case is called so."""


def _by_case(killed: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the dtypes in which each case is the one that kills."""
    found: dict[str, list[str]] = {}
    for dtype in sorted(killed, key=DTYPES.index):
        found.setdefault(killed[dtype], []).append(dtype)
    return found


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


def remembered_search(digest: str) -> list[str] | None:
    """Return the cases that a search chose beside given ones, if it was made before."""
    path = _cache() / f"{digest}.search.json"
    return [str(case) for case in json.loads(path.read_text())] if path.exists() else None


def remember_search(digest: str, chosen: list[str]) -> None:
    """Keep what a search found in the user's cache."""
    write_atomically(_cache() / f"{digest}.search.json", json.dumps(chosen))


def _cache() -> Path:
    return cache_dir() / "kills"
