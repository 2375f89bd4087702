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


XDIST = pytest.param(("-n", "1"), id="xdist", marks=pytest.mark.long)


@pytest.mark.parametrize("processes", [pytest.param((), id="alone"), XDIST])
def test_long_ones_are_left_out_and_counted(project: pytest.Pytester, processes: tuple[str, ...]):
    result = project.runpytest(*processes)
    assert result.parseoutcomes()["passed"] == 1
    result.stdout.fnmatch_lines("left out: 1 long tests*`pytest --long`*")


TO_XDIST = pytest.param(("--long", "-n", "1"), id="--long, xdist", marks=pytest.mark.long)
NAMED = pytest.param(("test_both.py",), id="named")


@pytest.mark.parametrize("asked", [pytest.param(("--long",), id="--long"), TO_XDIST, NAMED])
def test_they_run_where_they_are_asked_for(project: pytest.Pytester, asked: tuple[str, ...]):
    result = project.runpytest(*asked)
    assert result.parseoutcomes()["passed"] == 2
    assert "left out" not in result.stdout.str()
