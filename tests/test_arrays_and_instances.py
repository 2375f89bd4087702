"""What is right in arrays of its own and alone may be wrong in others', or in company."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ARRAYS = "suites/test_arrays.py"
INSTANCES = "suites/test_instances.py"
LINES = {
    "reads_memory": (
        ARRAYS,
        "  looks like: right in arrays in C order, wrong in Fortran-ordered gradients",
    ),
    "keeps_the_gradients": (
        ARRAYS,
        "  looks like: right with new arrays of gradients, wrong where they are * "
        "each step: the candidate keeps a reference to an array of gradients",
    ),
    "shares_its_velocity": (
        INSTANCES,
        "  looks like: right alone, wrong beside a second optimizer with the same "
        "hyperparameters: they share something",
    ),
}


@pytest.mark.parametrize("candidate", LINES)
def test_a_candidate_that_is_right_otherwise_fails_and_is_told_why(candidate: str, judge):
    suite, line = LINES[candidate]
    result = judge(candidate, suite)
    assert result.ret == 1
    result.stdout.fnmatch_lines([line, "  repro: pytest *"])


@pytest.mark.parametrize("candidate", LINES)
def test_random_runs_do_not_see_it(candidate: str, judge):
    judge(candidate, "suites/test_properties.py").assert_outcomes(passed=1)


def test_a_candidate_that_refuses_a_layout_is_told_which(judge):
    result = judge("refuses_views", ARRAYS)
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(
        [
            "*the candidate raises ValueError: ndarray is not C-contiguous*",
            "*wrong in Fortran-ordered gradients and strided gradients and broadcast gradients",
        ]
    )


@pytest.mark.parametrize("candidate", ["honest", "works_in_its_parameters"])
def test_honest_candidates_pass(candidate: str, judge):
    result = judge(candidate, ARRAYS, INSTANCES)
    assert result.ret == 0


def test_what_is_wrong_anyway_is_explained_as_such(judge):
    result = judge("slow_by_one_percent", ARRAYS)
    assert "wrong in Fortran" not in result.stdout.str()
    result.stdout.fnmatch_lines(["  looks like: *"])


def test_a_candidate_in_another_process_is_not_asked_and_that_is_told(pytester: pytest.Pytester):
    worker = Path(__file__).parent / "workers" / "sgd.py"
    suites = (ARRAYS, INSTANCES, "suites/test_sizes.py")
    result = pytester.runpytest(f"--impl=cmd:{sys.executable} {worker}", *suites)
    result.stdout.fnmatch_lines(["not applicable: * checks of arrays in memory and of *"])
    assert result.parseoutcomes().keys() == {"passed", "deselected"}
