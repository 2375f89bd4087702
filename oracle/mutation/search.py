"""Fixtures with teeth: drawn cases are added until nothing wrong survives that could be killed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from oracle.golden.cases import plans_for
from oracle.golden.cases.searched import searched_plan
from oracle.golden.compute import case_record, document_for
from oracle.golden.generate import Written, put
from oracle.golden.kills import searched_in, with_kills
from oracle.golden.model import GoldenError
from oracle.golden.parallel import spread
from oracle.golden.read import Document, golden_of, path_of
from oracle.mutation.kill import KILLED, Fate, Trials
from oracle.mutation.matrix import (
    Matrix,
    by_version,
    digest_of,
    path_of_matrix,
    read_matrix,
    remember,
    remember_search,
    remembered,
    remembered_search,
    write_matrix,
)

Outcome = tuple[str, "tuple[Document, Matrix] | GoldenError"]

_ROUNDS = 3
"""How often cases are added; the second round is for what the first could not see."""


def search(specs: Sequence[str], folder: Path, jobs: int = 1) -> Iterator[Written]:
    """Make the fixtures of these specs with their kill matrices; a failure leaves both alone."""
    for spec, made in spread(partial(_outcome, folder), specs, jobs):
        path = path_of(spec, folder)
        if isinstance(made, GoldenError):
            yield Written(spec, path, error=str(made))
        else:
            document, matrix = made
            written = put(spec, document, path)
            write_matrix(matrix, path_of_matrix(spec, folder))
            yield written


def _outcome(folder: Path, spec: str) -> Outcome:
    try:
        return spec, _on_record(spec, folder) or with_teeth(spec)
    except GoldenError as error:
        return spec, error


def _on_record(spec: str, folder: Path) -> tuple[Document, Matrix] | None:
    """Return a fixture and its matrix if what is on record is still what a search would find."""
    path = path_of_matrix(spec, folder)
    if not path.exists():
        return None
    matrix = read_matrix(path)
    try:
        document = document_for(spec, searched_in(path_of(spec, folder)))
    except GoldenError:
        return None  # a number stands for another drawn case once there is another planned one
    fresh = matrix.digest == digest_of(document) and not any(row.survives for row in matrix.rows)
    return (with_kills(document, matrix.kills), matrix.explained) if fresh else None


def with_teeth(spec: str) -> tuple[Document, Matrix]:
    """Return the fixture of a spec with the fewest drawn cases that it needs, and its matrix."""
    planned = document_for(spec)
    chosen = remembered_search(digest_of(planned))
    if chosen is None:
        chosen = _searched(spec, planned)
        remember_search(digest_of(planned), chosen)
    document = document_for(spec, chosen, planned["cases"])
    matrix = matrix_of(spec, document)
    return with_kills(document, matrix.kills), matrix


def _searched(spec: str, document: Document) -> list[int]:
    """Return the numbers of the drawn cases that kill what the planned cases leave alive."""
    chosen: list[int] = []
    settled: dict[str, list[Fate]] = {}
    for _ in range(_ROUNDS):
        more = _missing(document, settled)
        if not more:
            break
        chosen = sorted({*chosen, *more})
        document = document_for(spec, chosen, document["cases"])
    return chosen


def _missing(document: Document, settled: dict[str, list[Fate]]) -> list[int]:
    """Return the drawn cases that would kill what survives.

    What cannot change as cases are added is kept in ``settled``: a version that agreed so far may
    be seen in one of those.
    """
    trials = _trials(document)
    fates = by_version(trials.fates(settled=settled))
    matrix = Matrix.of(document, fates)
    remember(matrix)
    settled |= {id: found for id, found in fates.items() if {f.kind for f in found} == {KILLED}}
    survivors = {row.id: row.survives for row in matrix.rows if row.survives}
    return trials.cover(survivors, partial(_is_certain, document["spec"]))


def _is_certain(spec: str, number: int) -> bool:
    """Whether the exact numbers of a drawn case can be certified and seen."""
    try:
        case_record(spec, searched_plan(spec, number, plans_for(spec)))
    except GoldenError:
        return False
    return True


def _trials(document: Document) -> Trials:
    golden = golden_of(document, Path(document["spec"]))
    return Trials(document["spec"], golden.cases)


def matrix_of(spec: str, document: Document, folder: Path | None = None) -> Matrix:
    """Return the matrix of a fixture: the one on record if it is fresh, else computed."""
    digest = digest_of(document)
    path = path_of_matrix(spec, folder) if folder is not None else None
    recorded = read_matrix(path) if path is not None and path.exists() else None
    if recorded is not None and recorded.digest == digest:
        return recorded
    known = remembered(digest)
    if known is None:
        known = Matrix.of(document, by_version(_trials(document).fates()))
        remember(known)
    return known.explained
