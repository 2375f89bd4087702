"""What CONTRIBUTING.md says of the house is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text()
NAMED = sorted(set(re.findall(r"`([\w./]+(?:\.py|\.json|/))(?::[\w.]+)?`", TEXT)))


def test_it_names_files_and_rooms():
    assert len(NAMED) > 30


@pytest.mark.parametrize("name", NAMED)
def test_every_file_and_room_that_it_names_is_there(name: str):
    """By its path from the top, or from the package."""
    assert (ROOT / name).exists() or (ROOT / "oracle" / name).exists()


@pytest.mark.parametrize("function", sorted(set(re.findall(r"`[\w./]+\.py:([\w.]+)`", TEXT))))
def test_a_function_that_it_names_is_there(function: str):
    sources = "\n".join(path.read_text() for path in (ROOT / "oracle").rglob("*.py"))
    assert f"def {function.rpartition('.')[2]}(" in sources
