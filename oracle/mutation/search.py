"""Fixtures with teeth: drawn cases are added until nothing wrong survives that could be killed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from oracle.golden.base import write_bases
from oracle.golden.cases import plans_for
from oracle.golden.compute import document_for
from oracle.golden.generate import Written, put
from oracle.golden.given import given_records, missing_records, record_or_none
from oracle.golden.model import GoldenError
from oracle.golden.parallel import spread
from oracle.golden.read import Document, golden_of, path_of, recorded_ids
from oracle.mutation.hunt import Fate
from oracle.mutation.kill import Trials
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
    write_bases(specs, folder)
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
    recorded = recorded_ids(path_of(spec, folder))
    try:
        return spec, _on_record(spec, folder, recorded) or with_teeth(spec, recorded)
    except GoldenError as error:
        return spec, error


def _on_record(spec: str, folder: Path, recorded: Sequence[str]) -> tuple[Document, Matrix] | None:
    """Return a fixture and its matrix if what is on record is still what a search would find."""
    path = path_of_matrix(spec, folder)
    if not path.exists() or missing_records(spec, recorded):
        return None
    try:
        document, matrix = document_for(spec, recorded), read_matrix(path)
    except GoldenError:
        return None  # a case that it names cannot be made any more, or somebody edited the matrix
    fresh = matrix.digest == digest_of(document) and not any(row.survives for row in matrix.rows)
    return (document, matrix.explained) if fresh else None


def with_teeth(spec: str, recorded: Sequence[str] = ()) -> tuple[Document, Matrix]:
    """Return the fixture of a spec with the fewest cases more that it needs, and its matrix.

    A case that is on record stays as long as it can be computed: its id is public.
    """
    given = given_records(spec, recorded)
    planned = document_for(spec, given, list(given.values()))
    settled: dict[str, list[Fate]] = {}
    chosen = remembered_search(digest_of(planned))
    if chosen is None:
        chosen = _searched(planned, settled)
        remember_search(digest_of(planned), chosen)
    document = document_for(spec, [*given, *chosen], planned["cases"])
    return document, matrix_of(spec, document, settled=settled)


def _searched(document: Document, settled: dict[str, list[Fate]]) -> list[str]:
    """Return the ids of the cases that kill what the others leave alive."""
    spec, given = document["spec"], [record["id"] for record in document["cases"]]
    chosen: list[str] = []
    for _ in range(_ROUNDS):
        more = _missing(document, settled)
        if not more:
            break
        chosen = sorted({*chosen, *more})
        document = document_for(spec, [*given, *chosen], document["cases"])
    return chosen


def _missing(document: Document, settled: dict[str, list[Fate]]) -> list[str]:
    """Return the ids of the cases that would kill what survives.

    Whatever has no survivor stays as it is, in ``settled``: the cases that are added are among the
    runs in which it was tried.
    """
    trials = _trials(document)
    fates = by_version(trials.fates(settled=settled))
    matrix = Matrix.of(document, fates)
    remember(matrix)
    survivors = {row.id: row.survives for row in matrix.rows if row.survives}
    settled |= {id: found for id, found in fates.items() if id not in survivors}
    return trials.cover(survivors, partial(_is_certain, document["spec"]))


def _is_certain(spec: str, case_id: str) -> bool:
    """Whether the exact numbers of a case can be certified and seen."""
    return record_or_none(spec, case_id, plans_for(spec)) is not None


def _trials(document: Document) -> Trials:
    golden = golden_of(document, Path(document["spec"]))
    return Trials(document["spec"], golden.cases)


def matrix_of(
    spec: str,
    document: Document,
    folder: Path | None = None,
    settled: Mapping[str, Sequence[Fate]] | None = None,
) -> Matrix:
    """Return the matrix of a fixture: the one on record if it is fresh, else computed."""
    digest = digest_of(document)
    path = path_of_matrix(spec, folder) if folder is not None else None
    recorded = read_matrix(path) if path is not None and path.exists() else None
    if recorded is not None and recorded.digest == digest:
        return recorded
    known = remembered(digest)
    if known is None:
        known = Matrix.of(document, by_version(_trials(document).fates(settled=settled)))
        remember(known)
    return known.explained
