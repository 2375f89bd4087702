"""The closed JSON Schema of fixture files, applied."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

import jsonschema_rs

from oracle.golden.read import Document
from oracle.resources import fixtures_dir


def violations(document: Document) -> Iterator[str]:
    """Yield what in a document breaks the schema, each with its place."""
    for error in map(_deepest, _validator().iter_errors(document)):
        place = "/".join(map(str, error.instance_path)) or "the top level"
        yield f"{place}: {error.message[:120]}"


def _deepest(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """Return what is wrong in the alternative that a value came nearest to."""
    inner = [each for several in getattr(error.kind, "context", ()) for each in several]
    nearest = max(inner, key=lambda each: len(each.instance_path), default=error)
    return nearest if len(nearest.instance_path) > len(error.instance_path) else error


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    schema = (fixtures_dir() / "schema.json").read_text(encoding="utf-8")
    return jsonschema_rs.Draft202012Validator(json.loads(schema))
