"""What happens by chance is declared as that: it may fail and may pass, and both are shown."""

from __future__ import annotations

import pytest

ID = "suites/test_defaults.py::test_default_runs[keras3/SGD-float32]"
ENTRY = f"""
[[known]]
id = "{ID}"
reason = "it depends"
link = "https://example.org/1"
"""


def option(pytester: pytest.Pytester, more: str) -> str:
    (pytester.path / "known.toml").write_text(ENTRY + more)
    return "--impl-known-failures=known.toml"


def test_a_failure_by_chance_is_known_and_shown(judge, pytester):
    result = judge("does_nothing", ID, option(pytester, "sometimes = true"))
    result.assert_outcomes(xfailed=1)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "known to happen by chance, in 1 of 1 checks now: it depends (https://example.org/1)",
            "  test_default_runs[[]keras3/SGD-float32[]]: step 1, param *",
        ]
    )


def test_its_passing_is_no_error_and_shown_as_well(judge, pytester):
    result = judge("honest", ID, option(pytester, "sometimes = true"))
    result.assert_outcomes(passed=1)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "known to happen by chance, in 0 of 1 checks now: it depends (https://example.org/1)",
            "  test_default_runs[[]keras3/SGD-float32[]]: passed",
        ]
    )


def test_a_failure_that_says_something_else_is_a_failure(judge, pytester):
    more = 'says = "the step counter was read"\nsometimes = true'
    result = judge("does_nothing", ID, option(pytester, more))
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("known to happen by chance*")


def test_a_failure_that_says_so_is_known(judge, pytester):
    judge("does_nothing", ID, option(pytester, 'says = "float32: step 1"')).assert_outcomes(
        xfailed=1
    )


@pytest.mark.parametrize(
    ("candidate", "passes_first", "outcome"),
    [("does_nothing", False, "xfailed"), ("honest", True, "failed"), ("honest", False, "failed")],
)
def test_of_several_entries_the_one_with_the_right_words_stands(
    candidate, passes_first, outcome, judge, pytester
):
    """And what always fails is told when it passes, whatever else may happen by chance."""
    others = 'says = "is not finite"\nsometimes = true' + ENTRY + 'says = "float32: step 1"'
    if passes_first:
        others = 'says = "float32: step 1"' + ENTRY + 'says = "is not finite"\nsometimes = true'
    judge(candidate, ID, option(pytester, others)).assert_outcomes(**{outcome: 1})


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('sometimes = "yes"', "*entry 1 needs 'sometimes', true or false*"),
        ('says = ""', "*entry 1 needs 'says', a text that is not empty*"),
        ("often = true", "*has a field 'often'; an entry has id, reason, link, and may have *"),
    ],
)
def test_a_wrong_field_is_told(more, told, judge, pytester):
    result = judge("honest", ID, option(pytester, more))
    result.stderr.fnmatch_lines(told)
