"""What is wrong with a kill matrix on record: stale, missing, or with something still alive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from oracle.golden.check import Defect
from oracle.golden.model import GoldenError
from oracle.golden.read import path_of, read_fixture
from oracle.mutation.matrix import Matrix, digest_of, path_of_matrix, read_matrix
from oracle.mutation.reasons import is_of
from oracle.systems.registered import registered


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
        document, matrix = read_fixture(path_of(spec, folder)), read_matrix(path)
    except GoldenError as error:
        yield Defect(spec, "corrupt", str(error))
        return
    if matrix.digest != digest_of(document):
        yield Defect(spec, "stale", "the kill matrix is not of these cases and wrong versions")
    else:
        yield from _open(spec, matrix)


def _open(spec: str, matrix: Matrix) -> Iterator[Defect]:
    for row in matrix.rows:
        if row.is_open:
            what = "survives" if row.survives else "is seen by no run, for no known reason"
            told = f"the wrong version {row.id} {what}: `{row.after}`"
            yield Defect(spec, "open", told + ("" if row.survives else _remedy(spec, row.id)))
    yield from _unused(spec, matrix)


def _remedy(spec: str, version: str) -> str:
    """Return how somebody may say why a version of their own spec is none."""
    if spec not in registered():
        return ""
    return f"; if it must agree, say why: oracle.define(..., reasons={{{version!r}: 'because'}})"


def _unused(spec: str, matrix: Matrix) -> Iterator[Defect]:
    """Yield the reasons that somebody gives for no version of their own spec."""
    own = registered().get(spec)
    for pattern, why in (own.reasons or {}).items() if own else ():
        if not any(row.equivalent == why and is_of(pattern, row.id) for row in matrix.rows):
            told = "is of no wrong version: run `oracle generate`, or leave it out"
            yield Defect(spec, "open", f"the reason for {pattern!r} {told}")
