"""Where the suites and the fixtures lie: the one place that knows."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def suites_dir() -> Path:
    """Return the folder of the suites: inside an installed package, beside it in a checkout."""
    return _find("suites")


def fixtures_dir() -> Path:
    """Return the folder of the golden fixtures, found as the suites are."""
    return _find("fixtures")


def _find(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
