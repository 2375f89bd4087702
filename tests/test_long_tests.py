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

@pytest.mark.long
@pytest.mark.nightly
def test_at_night():
    pass
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project of three tests with the conftest of this one: two are long, one for the nights."""
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text())
    pytester.makeini("[pytest]\nmarkers =\n  long: long\n  nightly: longer\n")
    pytester.makepyfile(test_both=TESTS)
    return pytester


XDIST = pytest.param(("-n", "1"), id="xdist", marks=pytest.mark.long)


@pytest.mark.parametrize("processes", [pytest.param((), id="alone"), XDIST])
def test_long_ones_are_left_out_and_counted(project: pytest.Pytester, processes: tuple[str, ...]):
    result = project.runpytest(*processes)
    assert result.parseoutcomes()["passed"] == 1
    result.stdout.fnmatch_lines("left out: 2 long tests*`pytest --long`*")


@pytest.mark.parametrize("processes", [pytest.param((), id="alone"), XDIST])
def test_those_for_the_nights_are_left_out_where_long_ones_run(
    project: pytest.Pytester, processes: tuple[str, ...]
):
    result = project.runpytest("--long", *processes)
    assert result.parseoutcomes()["passed"] == 2
    result.stdout.fnmatch_lines("left out: 1 tests for the nights*benchmarks/nightly.py*")


NAMED_TO_XDIST = pytest.param(("test_both.py", "-n", "1"), id="xdist", marks=pytest.mark.long)
NAMED = pytest.param(("test_both.py",), id="alone")


@pytest.mark.parametrize("asked", [NAMED, NAMED_TO_XDIST])
def test_all_run_where_they_are_named(project: pytest.Pytester, asked: tuple[str, ...]):
    result = project.runpytest(*asked)
    assert result.parseoutcomes()["passed"] == 3
    assert "left out" not in result.stdout.str()
