"""Suites and fixtures are found in a checkout and in an installed package."""

from __future__ import annotations

from pathlib import Path

import pytest

from oracle import resources


def test_a_checkout_has_them_beside_the_package(monkeypatch: pytest.MonkeyPatch):
    """The folders at the top of the repository."""
    top = Path(__file__).resolve().parent.parent
    monkeypatch.setattr(resources, "_PACKAGE", top / "oracle")
    assert resources.fixtures_dir() == top / "fixtures"
    assert resources.suites_dir() == top / "suites"


def test_an_installed_package_has_them_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The folders that travel in the wheel come first."""
    for name in ("suites", "fixtures"):
        (tmp_path / "oracle" / name).mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "oracle")
    assert resources.fixtures_dir() == tmp_path / "oracle" / "fixtures"
    assert resources.suites_dir() == tmp_path / "oracle" / "suites"
