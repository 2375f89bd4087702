"""Fixtures that several files of tests use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

# Loaded here once: what a nested run of pytester imports first is forgotten after it.
import oracle.conformance.session
import oracle.mutation.diagnosis

oracle.specs()

pytest_plugins = ["pytester"]

CANDIDATES = Path(__file__).parent / "candidates"

Judge = Callable[..., pytest.RunResult]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes a minute by itself, so that nobody waits for it at the end."""
    items.sort(key=lambda item: "test_wheel" not in item.nodeid)


@pytest.fixture
def judge(pytester: pytest.Pytester) -> Judge:
    """Run pytest with ``--impl`` on a candidate of ``tests/candidates`` in an empty folder."""

    def run(candidate: str, *arguments: str) -> pytest.RunResult:
        return pytester.runpytest(f"--impl={CANDIDATES / candidate}.py", *arguments)

    return run
