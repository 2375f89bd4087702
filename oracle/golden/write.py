"""Fixture files, written: the same bytes on every machine, and never half a file."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

WIDTH = 160
"""A value that fits into a line of this length stands on one line; a longer one on several, but for
the elements of a tensor, which stay on one line."""

PARTIAL = ".partial"
"""Suffix of a file that is being written."""

_ABANDONED_SECONDS = 60.0


def render(document: Mapping[str, Any]) -> str:
    """Return the text of a document: one short array a line, so that a diff can be read."""
    return _render(document, "", 0) + "\n"


def write_atomically(path: Path, text: str) -> None:
    """Replace a file by ``text`` in one step; whoever is killed half-way leaves the old file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent)
    handle, temporary = tempfile.mkstemp(PARTIAL, f".{path.name}.", path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def sweep(folder: Path) -> None:
    """Remove what a killed process left half-written; a younger file may still be in work."""
    for partial in folder.glob(f".*{PARTIAL}"):
        if time.time() - partial.stat().st_mtime > _ABANDONED_SECONDS:
            partial.unlink(missing_ok=True)


def _render(value: Any, indent: str, used: int) -> str:
    line = json.dumps(value)
    fits = len(indent) + used + len(line) < WIDTH
    if fits or not value or isinstance(value, str) or _is_flat(value):
        return line
    if isinstance(value, Mapping):
        keys = [f"{json.dumps(key)}: " for key in value]
        items = [
            key + _render(item, indent + " ", len(key))
            for key, item in zip(keys, value.values(), strict=True)
        ]
        return _block("{", items, "}", indent)
    if isinstance(value, Sequence):
        return _block("[", [_render(item, indent + " ", 0) for item in value], "]", indent)
    return line


def _is_flat(value: Any) -> bool:
    """Whether a value is the elements of a tensor."""
    return isinstance(value, list) and not any(isinstance(item, (list, Mapping)) for item in value)


def _block(opening: str, items: Sequence[str], closing: str, indent: str) -> str:
    inner = ",\n".join(f"{indent} {item}" for item in items)
    return f"{opening}\n{inner}\n{indent}{closing}"
