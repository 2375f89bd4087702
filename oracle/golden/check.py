"""Fixtures against the mathematics: which file is stale, missing, extra, damaged or edited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from oracle.golden.base import base_of, is_written, libraries
from oracle.golden.difference import first_difference
from oracle.golden.model import GoldenError
from oracle.golden.parallel import documents
from oracle.golden.provenance import changed
from oracle.golden.question import planned, question, questions_of
from oracle.golden.read import (
    Document,
    available,
    base_path,
    checksum,
    path_of,
    read_fixture,
    recorded_ids,
)
from oracle.golden.schema import violations
from oracle.systems import specs as known_specs
from oracle.systems.registered import generating, registered


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong with one file."""

    spec: str
    kind: str
    """missing, extra, corrupt, edited, stale or unchecked"""
    message: str


def check(specs: Sequence[str], folder: Path, jobs: int = 1) -> Iterator[list[Defect]]:
    """Recompute these fixtures; yield what is wrong with each, nothing where all is right."""
    for spec, made in documents(specs, folder, jobs):
        if isinstance(made, GoldenError):
            yield [Defect(spec, "stale", f"it cannot be recomputed: {made}")]
        else:
            yield list(_against(spec, path_of(spec, folder), made))


def check_fast(specs: Sequence[str], folder: Path) -> Iterator[list[Defect]]:
    """Look only at what needs no mathematics: presence, schema, checksum, digest, questions."""
    for spec in specs:
        yield list(_without_mathematics(spec, path_of(spec, folder)))


def check_bases(specs: Sequence[str], folder: Path) -> Iterator[Defect]:
    """Name the base files that are not what the specs of their libraries share."""
    for library in libraries(specs):
        if not is_written(base_of(library), base_path(library, folder)):
            yield Defect(f"{library}/*", "stale", "the base file is not what its specs share")


def extra(folder: Path) -> Iterator[Defect]:
    """Name the files that belong to no spec."""
    for spec in sorted(set(available(folder)) - set(known_specs())):
        yield Defect(spec, "extra", "no spec has this id; remove the file")


def remedy(findings: Iterable[Defect], folder: Path) -> str:
    """Return the command that mends most of it."""
    specs = sorted({f.spec for f in findings if f.kind not in ("extra", "unchecked")})
    if not specs:
        return ""
    if specs[0] in registered():
        return generating(specs[0], folder)
    return f"oracle generate --only {specs[0]}" if len(specs) == 1 else "oracle generate"


def _without_mathematics(spec: str, path: Path) -> Iterator[Defect]:
    stored = _stored(spec, path)
    if isinstance(stored, Defect):
        yield stored
        return
    objection = next(violations(stored), None)
    if objection:
        yield Defect(spec, "corrupt", objection)
    elif stored["checksum"] != checksum(stored):
        yield Defect(spec, "edited", "the checksum does not fit, so it was edited by hand")
    elif edited := list(changed(stored["made_by"])):
        yield Defect(spec, "stale", f"changed since it was made: {', '.join(edited)}")
    elif difference := difference_in_questions(spec, path, stored):
        yield Defect(spec, "stale", difference)


def difference_in_questions(spec: str, path: Path, stored: Document) -> str:
    """Return where a file does not ask what its plans ask; nothing where it does."""
    try:
        plans = planned(spec, recorded_ids(path))
    except GoldenError as error:
        return str(error)
    asked = {"cases": [question(spec, plan) for plan in plans]}
    return first_difference({"cases": [*questions_of(stored)]}, asked)


def _stored(spec: str, path: Path) -> Document | Defect:
    if not path.exists():
        return Defect(spec, "missing", f"{path} does not exist")
    try:
        return read_fixture(path)
    except GoldenError as error:
        return Defect(spec, "corrupt", str(error).split("; run", maxsplit=1)[0])


def _against(spec: str, path: Path, made: Document) -> Iterator[Defect]:
    stored = _stored(spec, path)
    if isinstance(stored, Defect):
        yield stored
        return
    difference = first_difference(stored, made)
    edited = stored.get("checksum") != checksum(stored)
    if edited:
        where = difference or "nothing but the checksum and what it covers differs"
        yield Defect(spec, "edited", f"the checksum does not fit; {where}")
    elif difference:
        yield Defect(spec, "stale", difference)
