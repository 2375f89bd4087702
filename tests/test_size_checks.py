"""Elements of large arrays that are forgotten are seen, and the size from which on they are."""

from __future__ import annotations

from pathlib import Path

import pytest

SIZES = Path(__file__).parent / "candidates" / "stops_at_sizes.py"
SUITE = "suites/test_sizes.py"
FROM = {"tail": 2**12 + 1, "past_16_bits": 2**16, "past_20_bits": 2**20}


def judged(pytester: pytest.Pytester, name: str) -> pytest.RunResult:
    return pytester.runpytest(f"--impl={SIZES}:{name}", SUITE)


@pytest.mark.parametrize("name", FROM)
def test_the_size_from_which_on_an_array_is_wrong_is_told(name: str, pytester: pytest.Pytester):
    result = judged(pytester, name)
    result.assert_outcomes(failed=1)
    line = f"  looks like: arrays of fewer than {FROM[name]} elements are right"
    result.stdout.fnmatch_lines(["keras3/SGD float32: step 1, param*", line])


def test_what_is_wrong_in_small_arrays_is_explained_as_that(pytester: pytest.Pytester):
    result = judged(pytester, "always")
    result.assert_outcomes(failed=1)
    assert "arrays of fewer" not in result.stdout.str()
    result.stdout.fnmatch_lines(["  looks like: *"])


def test_a_candidate_that_forgets_nothing_passes(pytester: pytest.Pytester):
    judged(pytester, "nothing").assert_outcomes(passed=1)
