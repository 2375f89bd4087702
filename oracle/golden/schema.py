"""The closed JSON Schema of fixture files, applied."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

import jsonschema

from oracle.golden.read import Document
from oracle.resources import fixtures_dir

Schema: TypeAlias = Mapping[str, Any]
Fits: TypeAlias = Callable[[Any], bool]

_TENSOR_KEYWORDS = {"$ref", "anyOf", "type", "pattern", "minimum", "maxLength", "items"}
_TYPES = {"number": (int, float), "string": (str,), "array": (list,), "null": (type(None),)}


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
    compiled: dict[int, Fits | None] = {}

    def items(validator: Any, wanted: Schema, instance: Any, parent: Schema) -> Iterator[Any]:
        """Pass right tensors at once: number by number takes the library most of its time."""
        if id(wanted) not in compiled:
            compiled[id(wanted)] = _fits(wanted, schema["$defs"])
        fits = compiled[id(wanted)]
        if fits is None or not isinstance(instance, list) or not all(map(fits, instance)):
            yield from standard.VALIDATORS["items"](validator, wanted, instance, parent)

    return jsonschema.validators.extend(standard, {"items": items})(schema)


def _fits(wanted: Schema, definitions: Schema) -> Fits | None:
    """Return a test for the few keywords that describe tensors; None where there are others."""
    if not set(wanted) <= _TENSOR_KEYWORDS | {"description"}:
        return None
    if "$ref" in wanted:
        return _fits(definitions[wanted["$ref"].rsplit("/", 1)[1]], definitions)
    if "anyOf" in wanted:
        options = [_fits(option, definitions) for option in wanted["anyOf"]]
        known = [option for option in options if option is not None]
        return (lambda v: any(f(v) for f in known)) if len(known) == len(options) else None
    item = _fits(wanted["items"], definitions) if "items" in wanted else lambda value: True
    return None if item is None else _fits_alone(wanted, item)


def _fits_alone(wanted: Schema, item: Fits) -> Fits | None:
    names = [wanted["type"]] if isinstance(wanted["type"], str) else wanted["type"]
    if not set(names) <= set(_TYPES):
        return None
    types = tuple(kind for name in names for kind in _TYPES[name])
    pattern = re.compile(wanted.get("pattern", ""))
    longest = wanted.get("maxLength", float("inf"))
    least = wanted.get("minimum", -float("inf"))

    def fits(value: Any) -> bool:
        if type(value) not in types:
            return False
        if isinstance(value, str):
            return len(value) <= longest and pattern.search(value) is not None
        if isinstance(value, list):
            return all(map(item, value))
        return value is None or value >= least

    return fits
