"""Fixtures made anew: computed, certified, and put in place one whole file at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from oracle.golden.base import slim, write_bases
from oracle.golden.model import GoldenError
from oracle.golden.parallel import documents
from oracle.golden.read import Document, checksum, path_of, read_fixture
from oracle.golden.write import render, write_atomically


@dataclass(frozen=True)
class Written:
    """What became of one spec's fixture."""

    spec: str
    path: Path
    size: int = 0
    cases: int = 0
    changed: bool = False
    error: str = ""
    """Why the file was left as it was; empty when it is right now."""


def generate(specs: Sequence[str], folder: Path, jobs: int = 1) -> Iterator[Written]:
    """Make the fixtures of these specs; whatever fails leaves its file as it was."""
    write_bases(specs, folder)
    for spec, made in documents(specs, folder, jobs):
        path = path_of(spec, folder)
        if isinstance(made, GoldenError):
            yield Written(spec, path, error=str(made))
        else:
            yield put(spec, made, path)


def put(spec: str, document: Document, path: Path) -> Written:
    """Write a fixture in one step, unless it is there already."""
    text = render(slim(_with_version_of(path, document), path.parent.parent))
    changed = not path.exists() or path.read_bytes() != text.encode()
    if changed:
        write_atomically(path, text)
    return Written(spec, path, len(text), len(document["cases"]), changed)


def _with_version_of(path: Path, document: Document) -> Document:
    """Keep the mpmath version of a file whose numbers are the same: another one changes nothing."""
    try:
        old = read_fixture(path)
    except GoldenError:
        return document
    aged = {**document, "mpmath": old.get("mpmath")}
    aged["checksum"] = checksum(aged)
    return aged if aged == old else document
