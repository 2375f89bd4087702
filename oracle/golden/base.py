"""The base file of a library: the inputs of the cases that several of its optimizers share.

A fixture leaves out what its base has. Together they say the same as a file that has it all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from oracle.golden.cases import plans_for
from oracle.golden.cases.plan import OWN
from oracle.golden.model import FORMAT
from oracle.golden.question import question
from oracle.golden.read import Document, base_path, checksum, read_document
from oracle.golden.write import render, write_atomically
from oracle.systems import specs

SHARED = ("why", "shapes", "params", "grads")
"""What a case may leave to the base file."""


def base_of(library: str) -> Document:
    """Return the base of a library: of each shared case the inputs, as its first spec has them."""
    found: dict[str, dict[str, Any]] = {}
    count = Counter[str]()
    for spec in specs(library):
        for plan in plans_for(spec):
            if plan.role != OWN:
                count[plan.id] += 1
                if plan.id not in found:
                    asked = question(spec, plan)
                    found[plan.id] = {key: asked[key] for key in SHARED}
    cases = {name: inputs for name, inputs in found.items() if count[name] > 1}
    document: Document = {"format": FORMAT, "library": library, "checksum": "", "cases": cases}
    document["checksum"] = checksum(document)
    return document


def write_bases(specs: Sequence[str], folder: Path) -> None:
    """Write the base files of the libraries of some specs, each in one step."""
    for library in libraries(specs):
        document, path = base_of(library), base_path(library, folder)
        if not is_written(document, path):
            write_atomically(path, render(document))


def libraries(specs: Sequence[str]) -> list[str]:
    """Return the libraries of some specs."""
    return list(dict.fromkeys(spec.partition("/")[0] for spec in specs))


def is_written(document: Document, path: Path) -> bool:
    """Whether a base file is as it has to be; one without cases need not be there."""
    if not path.exists():
        return not document["cases"]
    return path.read_text(encoding="utf-8") == render(document)


def slim(document: Document, folder: Path) -> Document:
    """Return a fixture without what the base file in a folder has of its cases."""
    path = base_path(document["spec"].partition("/")[0], folder)
    base = read_document(path)["cases"] if path.exists() else {}
    cases = [_without(record, base.get(record["id"], {})) for record in document["cases"]]
    return {**document, "cases": cases}


def _without(record: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in record.items() if k not in base or base[k] != v}
