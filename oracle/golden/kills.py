"""Which wrong versions a case was kept for, and which cases were drawn, as a file has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from oracle.golden.cases.searched import PREFIX
from oracle.golden.model import GoldenError
from oracle.golden.read import Document, checksum, read_document

Kills = Mapping[str, Sequence[str]]
"""The ids of wrong versions, by the id of the case that tells them from the right one."""


def kills_of(document: Document) -> Kills:
    """Return what the cases of a document say that they kill."""
    cases = document.get("cases")
    records = [r for r in cases if isinstance(r, Mapping)] if isinstance(cases, list) else []
    return {str(record.get("id")): record.get("kills") or [] for record in records}


def kills_in(path: Path) -> Kills:
    """Return what the cases of a file kill; nothing where it cannot be read."""
    try:
        return kills_of(read_document(path))
    except GoldenError:
        return {}


def searched_in(path: Path) -> list[int]:
    """Return the numbers of the drawn cases that a file has; none where it cannot be read."""
    numbers = [case.removeprefix(PREFIX) for case in kills_in(path) if case.startswith(PREFIX)]
    return [int(number) for number in numbers if number.isdecimal()]


def with_kills(document: Document, kills: Kills) -> Document:
    """Return a document in which each case names what it kills."""
    cases = [{**record, "kills": list(kills.get(record["id"], []))} for record in document["cases"]]
    named = {**document, "cases": cases}
    named["checksum"] = checksum(named)
    return named
