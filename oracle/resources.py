"""Where the suites, the fixtures and what can be made again lie: the one place that knows."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent


def suites_dir() -> Path:
    """Return the folder of the suites: inside an installed package, beside it in a checkout."""
    return _find("suites")


def fixtures_dir() -> Path:
    """Return the folder of the golden fixtures, found as the suites are."""
    return _find("fixtures")


def cache_dir() -> Path:
    """Return the folder for what can be made again, where the platform keeps a user's cache."""
    return platformdirs.user_cache_path("optimizer-oracle", appauthor=False)


def _find(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
