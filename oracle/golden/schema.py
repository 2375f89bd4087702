"""The closed JSON Schema of fixture files, applied."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import jsonschema

from oracle.golden.read import Document
from oracle.resources import fixtures_dir

_PLAIN_KEYWORDS = {"type", "pattern", "minimum", "maxLength"}


def violations(document: Document) -> Iterator[str]:
    """Yield what in a document breaks the schema, each with its place."""
    for error in _validator().iter_errors(document):
        best = jsonschema.exceptions.best_match([error])
        place = "/".join(str(part) for part in best.absolute_path) or "the top level"
        yield f"{place}: {best.message[:120]}"


@cache
def _validator() -> Any:
    schema = json.loads((fixtures_dir() / "schema.json").read_text(encoding="utf-8"))
    standard = jsonschema.Draft202012Validator
    fits = {id(array["items"]): _fits(array["items"]) for array in _arrays_of_numbers(schema)}

    def items(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[Any]:
        """Judge a tensor in one go: number by number takes the library most of its time."""
        quick = fits.get(id(wanted))
        if quick is None or not isinstance(instance, list) or not all(map(quick, instance)):
            yield from standard.VALIDATORS["items"](validator, wanted, instance, schema)

    return jsonschema.validators.extend(standard, {"items": items})(schema)


def _arrays_of_numbers(schema: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the array schemas whose items are plain numbers or strings."""
    for part in schema["$defs"].values():
        items = part.get("items")
        if isinstance(items, Mapping) and set(items) <= _PLAIN_KEYWORDS:
            yield part


def _fits(wanted: Mapping[str, Any]) -> Callable[[Any], bool]:
    pattern = re.compile(wanted.get("pattern", ""))
    longest = wanted.get("maxLength", float("inf"))
    least = wanted.get("minimum", -float("inf"))
    numbers, strings = ("number" in wanted["type"], "string" in wanted["type"])

    def fits(item: Any) -> bool:
        if isinstance(item, str):
            return strings and len(item) <= longest and pattern.search(item) is not None
        return numbers and type(item) in (int, float) and item >= least

    return fits
