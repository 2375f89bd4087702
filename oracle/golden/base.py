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
from oracle.golden.model import FORMAT, GoldenError
from oracle.golden.question import question
from oracle.golden.read import Document, base_path, checksum, read_document, read_fixture
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
    """Write the base files of the libraries of some specs, each in one step.

    A fixture says the same before and after, whenever somebody interrupts: what the old base and
    the new one have otherwise is written into it first.
    """
    for library in libraries(specs):
        document, path = base_of(library), base_path(library, folder)
        if not is_written(document, path):
            _detach(library, folder, document["cases"])
            write_atomically(path, render(document))


def _detach(library: str, folder: Path, coming: Mapping[str, Any]) -> None:
    """Let the fixtures of a library leave to its base only what stays as it is."""
    before = _cases_in(base_path(library, folder))
    staying = {
        case_id: {k: v for k, v in inputs.items() if coming.get(case_id, {}).get(k) == v}
        for case_id, inputs in before.items()
    }
    for path in sorted((folder / library).glob("*.json")):
        try:
            text = render(_slim(read_fixture(path), staying))
        except GoldenError:
            continue  # it is damaged, and made anew
        if text != path.read_text(encoding="utf-8"):
            write_atomically(path, text)


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
    return _slim(document, _cases_in(base_path(document["spec"].partition("/")[0], folder)))


def _cases_in(path: Path) -> Mapping[str, Any]:
    cases: Mapping[str, Any] = read_document(path)["cases"] if path.exists() else {}
    return cases


def _slim(document: Document, base: Mapping[str, Any]) -> Document:
    cases = [_without(record, base.get(record["id"], {})) for record in document["cases"]]
    return {**document, "cases": cases}


def _without(record: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in record.items() if k not in base or base[k] != v}
