"""Failures by their cause: one slip makes many checks fail, and is told once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from oracle.report.result import Result

SHOWN = 3
"""How many of the checks that fail of one cause are named."""


def causes(results: Sequence[Result]) -> Iterator[str]:
    """Yield for each cause of failures, the one of the most first, its checks; last, the others.

    Failures without any known cause are listed only beside those that have one.
    """
    found: dict[str, list[Result]] = {}
    for result in results:
        if result.outcome == "failed":
            found.setdefault(result.cause, []).append(result)
    if set(found) <= {""}:
        return
    yield "causes of the failures:"
    for cause in sorted(found, key=lambda cause: (not cause, -len(found[cause]))):
        alike = found[cause]
        yield f"  {len(alike)} of {cause or 'a cause that is not found out'}"
        yield f"    {_listed([result.name for result in alike])}"


def _listed(names: Sequence[str]) -> str:
    left = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {left} more" if left > 0 else "")
