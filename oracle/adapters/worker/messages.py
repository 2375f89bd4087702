"""The messages as their schema has them: `oracle smoke` holds every answer to it, runs the form."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from oracle.errors import CandidateError

PROTOCOL = 1


@cache
def schema() -> dict[str, Any]:
    """Return the schema of all messages; each is a definition in it."""
    content: dict[str, Any] = json.loads(Path(__file__).with_name("schema.json").read_text())
    return content


@cache
def _validator(kind: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({**schema(), "$ref": f"#/$defs/{kind}"})


def conforms(message: dict[str, Any], kind: str) -> None:
    """Hold a message to its schema; raises `CandidateError`, which names the place."""
    error = next(iter(_validator(kind).iter_errors(message)), None)
    if error is not None:
        place = ".".join(map(str, error.instance_path))
        where = f" at {place}" if place else ""
        raise CandidateError(f"the worker's answer is no {kind!r} message{where}: {error.message}")
