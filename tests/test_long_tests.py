"""Which of the project's own tests a plain `pytest` leaves out, and that it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = """
import pytest

def test_short():
    pass

@pytest.mark.long
def test_long():
    pass
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project of two tests, one of them long, with the conftest of this one."""
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text())
    pytester.makeini("[pytest]\nmarkers = long: takes long\n")
    pytester.makepyfile(test_both=TESTS)
    return pytester


@pytest.mark.parametrize("processes", [(), ("-n", "1")], ids=["alone", "xdist"])
def test_long_ones_are_left_out_and_counted(project: pytest.Pytester, processes: tuple[str, ...]):
    result = project.runpytest_subprocess(*processes)
    assert result.parseoutcomes()["passed"] == 1
    result.stdout.fnmatch_lines("left out: 1 long tests*`pytest --long`*")


@pytest.mark.parametrize("asked", [("--long",), ("--long", "-n", "1"), ("test_both.py",)], ids=str)
def test_they_run_where_they_are_asked_for(project: pytest.Pytester, asked: tuple[str, ...]):
    result = project.runpytest_subprocess(*asked)
    assert result.parseoutcomes()["passed"] == 2
    assert "left out" not in result.stdout.str()
