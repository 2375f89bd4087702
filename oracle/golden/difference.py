"""Where two fixture documents first part, in words: case, step, tensor, stored and computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oracle.golden.read import Document

_IGNORED = frozenset({"mpmath", "checksum", "cases"})
"""A version changes no number, the checksum follows from the rest, the cases come on their own."""


def first_difference(stored: Document, computed: Document) -> str:
    """Return where the numbers of two documents first differ; nothing when they do not.

    The cases are looked at before the header, because a number says more than a digest.
    """
    return _in_cases(stored, computed) or _in_header(stored, computed)


def _in_header(stored: Document, computed: Document) -> str:
    for key in [*computed, *(k for k in stored if k not in computed)]:
        if key not in _IGNORED and stored.get(key) != computed.get(key):
            return _walk(stored.get(key), computed.get(key), key)
    return ""


def _in_cases(stored: Document, computed: Document) -> str:
    old, new = _by_id(stored.get("cases")), _by_id(computed["cases"])
    for name, case in new.items():
        if name not in old:
            return f"case {name} is not in the file"
        found = _walk(old[name], case, "")
        if found:
            return f"case {name}{found}"
    surplus = [name for name in old if name not in new]
    if surplus:
        return f"case {surplus[0]} is in the file and in no table of cases"
    return "" if list(old) == list(new) else "its cases stand in another order"


def _by_id(cases: Any) -> dict[str, Any]:
    if not isinstance(cases, Sequence):
        return {}
    return {str(case.get("id")): case for case in cases if isinstance(case, Mapping)}


def _walk(stored: Any, computed: Any, place: str) -> str:
    if isinstance(stored, Mapping) and isinstance(computed, Mapping):
        return _walk_members(stored, computed, place)
    if isinstance(stored, list) and isinstance(computed, list) and len(stored) == len(computed):
        for index, (old, new) in enumerate(zip(stored, computed, strict=True)):
            found = _walk(old, new, place + _step_or_index(old, place, index))
            if found:
                return found
        return ""
    if type(stored) is type(computed) and stored == computed:
        return ""
    return _sentence(place, stored, computed)


def _walk_members(stored: Mapping[str, Any], computed: Mapping[str, Any], place: str) -> str:
    for key in [*computed, *(k for k in stored if k not in computed)]:
        part = "" if key == "checkpoints" else f" {key}"
        found = _walk(stored.get(key), computed.get(key), place + part)
        if found:
            return found
    return ""


def _step_or_index(item: Any, place: str, index: int) -> str:
    if isinstance(item, Mapping) and "step" in item:
        return f" step {item['step']}"
    return f"[{index}]"


def _sentence(place: str, stored: Any, computed: Any) -> str:
    return f"{place}: stored {_short(stored)}, computed {_short(computed)}"


def _short(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
