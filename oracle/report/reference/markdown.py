"""Markdown in pieces: text that is taken literally, code, tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\*<>\[\]|~$]|(?<![^\W_])_|_(?![^\W_]))")
_CODE = re.compile(r"(`[^`]*`)")


def literal(text: str) -> str:
    """Return a sentence as Markdown that shows every character of it; code stays code."""
    parts = _CODE.split(text)
    return "".join(p if _CODE.fullmatch(p) else _SPECIAL.sub(r"\\\1", p) for p in parts)


def code(text: str) -> str:
    """Return a name or value as code; a bar would end the cell of a table."""
    return f"`{text}`".replace("|", r"\|")


def math(text: str) -> str:
    """Return a formula within a line, in the form in which GitHub leaves underscores alone."""
    return f"$`{text}`$"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def fenced(language: str, text: str) -> str:
    """Return a block that Markdown leaves as it is."""
    return f"```{language}\n{text.rstrip()}\n```"


def bullets(items: Iterable[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {item}" for item in items)


def numbered(items: Iterable[str]) -> str:
    """Return a list with numbers."""
    return "\n".join(f"{place}. {item}" for place, item in enumerate(items, start=1))


def folded(title: str, text: str) -> str:
    """Return a part that opens with a click."""
    return f"<details><summary>{title}</summary>\n\n{text}\n\n</details>"
