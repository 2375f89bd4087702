"""The pages on disk: written where they changed, or compared with what they have to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from oracle import resources
from oracle.golden.write import write_atomically
from oracle.report.reference.honest import honest
from oracle.report.reference.page import index, page
from oracle.systems import bundled
from oracle.systems import spec as find_spec

INDEX, HONEST = "README.md", "honest.md"
_PROJECT = 'name = "optimizer-oracle"'


@dataclass(frozen=True)
class Drift:
    """One file that is not as it has to be."""

    kind: str
    """stale, missing or left over"""
    name: str
    """The path below the folder of the reference."""


def checkout_reference() -> Path | None:
    """Return docs/reference of the checkout, or None where there is no checkout.

    It is the checkout that the package lies in, or else the one that the user stands in.
    """
    here = Path.cwd()
    tops = (Path(resources.__file__).resolve().parent.parent, here, *here.parents)
    found = (top for top in tops if _is_checkout(top))
    return next((top / "docs" / "reference" for top in found), None)


def rendered(specs: Sequence[str], fixtures: Path) -> Iterator[tuple[str, str]]:
    """Yield name and text of the page of each of these specs, and of the two for all of them."""
    for id in specs:
        yield f"{id}.md", page(find_spec(id), fixtures)
    yield INDEX, index(list(bundled()))
    yield HONEST, honest()


def write(pages: Iterable[tuple[str, str]], folder: Path) -> Iterator[tuple[str, bool]]:
    """Put each page in place in one step; yield its name, and whether it changed."""
    for name, text in pages:
        changed = _stored(folder / name) != text.encode()
        if changed:
            write_atomically(folder / name, text)
        yield name, changed


def drift(pages: Iterable[tuple[str, str]], folder: Path) -> Iterator[Drift]:
    """Name the pages that are missing or differ."""
    for name, text in pages:
        stored = _stored(folder / name)
        if stored is None:
            yield Drift("missing", name)
        elif stored != text.encode():
            yield Drift("stale", name)


def left_over(folder: Path) -> Iterator[Drift]:
    """Name the pages that no spec has a claim to."""
    wanted = {INDEX, HONEST, *(f"{id}.md" for id in bundled())}
    pages = (*folder.glob("*.md"), *folder.glob("*/*.md"))
    for name in sorted({path.relative_to(folder).as_posix() for path in pages} - wanted):
        yield Drift("left over", name)


def _stored(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _is_checkout(top: Path) -> bool:
    project = top / "pyproject.toml"
    return project.is_file() and _PROJECT in project.read_text(encoding="utf-8").splitlines()
