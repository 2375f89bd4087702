"""What is wrong with a kill matrix on record: stale, missing, or with something still alive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from oracle.golden.check import Defect
from oracle.golden.kills import kills_of
from oracle.golden.model import GoldenError
from oracle.golden.read import Document, path_of, read_document
from oracle.mutation.matrix import Matrix, digest_of, path_of_matrix, read_matrix


def review(specs: Sequence[str], folder: Path) -> Iterator[list[Defect]]:
    """Yield what is wrong with the matrix of each spec; the digest tells whether it is stale."""
    for spec in specs:
        yield list(_against(spec, folder))


def _against(spec: str, folder: Path) -> Iterator[Defect]:
    path = path_of_matrix(spec, folder)
    if not path.exists():
        yield Defect(spec, "missing", f"{path} does not exist")
        return
    try:
        document, matrix = read_document(path_of(spec, folder)), read_matrix(path)
    except GoldenError as error:
        yield Defect(spec, "corrupt", str(error))
        return
    if matrix.digest != digest_of(document):
        yield Defect(spec, "stale", "the kill matrix is not of these cases and wrong versions")
    else:
        yield from _contents(spec, document, matrix)


def _contents(spec: str, document: Document, matrix: Matrix) -> Iterator[Defect]:
    named = {case: list(ids) for case, ids in kills_of(document).items() if ids}
    if named != matrix.kills:
        yield Defect(spec, "edited", "the cases name other kills than the kill matrix")
    for row in matrix.rows:
        if row.is_open:
            what = "survives" if row.survives else "is seen by no run, for no known reason"
            yield Defect(spec, "open", f"the wrong version {row.id} {what}: `{row.after}`")
