"""What the outcomes mean: known failures, vacuous checks, what is not claimed, nothing checked."""

from __future__ import annotations

from pathlib import Path

import pytest

DEFAULTS = "suites/test_defaults.py"
ID = "suites/test_defaults.py::test_default_runs[keras3/SGD-float32]"

ENTRY = """
[[known]]
id = "{id}"
reason = "it does nothing yet"
link = "https://example.org/1"
"""


def known_failures(pytester: pytest.Pytester, text: str) -> str:
    (pytester.path / "known.toml").write_text(text)
    return "--impl-known-failures=known.toml"


def test_a_known_failure_is_not_a_failure(judge, pytester: pytest.Pytester):
    option = known_failures(pytester, ENTRY.format(id=ID))
    result = judge("does_nothing", DEFAULTS, option)
    result.assert_outcomes(xfailed=1)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["keras3/SGD  float32 * .       .      1        .            . *"])


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        ("", "xfailed"),
        ('says = "x the bound"', "xfailed"),
        ('says = "is not finite"', "failed"),
    ],
    ids=["any", "narrowed", "another"],
)
def test_what_is_known_by_what_it_says_is_not_searched_for_an_explanation(
    says: str, outcome: str, judge, pytester: pytest.Pytester
):
    option = known_failures(pytester, ENTRY.format(id=ID) + says)
    judge("slow_by_one_percent", DEFAULTS, option, "--impl-report=r.jsonl").assert_outcomes(
        **{outcome: 1}
    )
    told = (pytester.path / "r.jsonl").read_text()
    assert ("not looked for, as this failure is known" in told) == (outcome == "xfailed")


@pytest.mark.parametrize("pattern", ["*SGD*", "test_default_runs[[]keras3/S?D-float32]", ID[25:]])
def test_only_stars_and_question_marks_are_wildcards(
    pattern: str, judge, pytester: pytest.Pytester
):
    option = known_failures(pytester, ENTRY.format(id=pattern.replace("[[]", "[")))
    judge("does_nothing", DEFAULTS, option).assert_outcomes(xfailed=1)


def test_a_known_failure_that_passes_again_is_an_error(judge, pytester: pytest.Pytester):
    option = known_failures(pytester, ENTRY.format(id=ID))
    result = judge("honest", ID, option)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        "*passes, but known.toml declares it a known failure (it does nothing yet "
        "(https://example.org/1)): remove or narrow the entry*"
    )


def test_a_known_failure_that_matches_no_test_is_told(judge, pytester: pytest.Pytester):
    option = known_failures(pytester, ENTRY.format(id="suites/test_golden.py::gone"))
    result = judge("slow_by_one_percent", "-k", "nothing_of_this_name", option)
    result.stdout.fnmatch_lines("known failure that matches no test: *gone' in known.toml*")


def test_it_is_not_told_where_the_run_is_narrowed(judge, pytester: pytest.Pytester):
    option = known_failures(pytester, ENTRY.format(id="suites/test_golden.py::gone"))
    assert "matches no test" not in judge("honest", ID, option).stdout.str()


def test_an_implementation_brings_its_own_known_failures(pytester: pytest.Pytester):
    (pytester.path / "own.toml").write_text(ENTRY.format(id="*"))
    pytester.makepyfile(
        mine="""
        from pathlib import Path
        from oracle import Implementation

        own = Path(__file__).with_name("own.toml")
        mine = Implementation("mine", dtypes=("float32",), known_failures=own)

        @mine.implements("keras3/SGD")
        def sgd(params, *, learning_rate=0.01):
            return lambda grads: [p.copy() for p in params]
        """
    )
    pytester.runpytest("--impl=mine.py", DEFAULTS).assert_outcomes(xfailed=1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[known]", "is not valid TOML"),
        ("[[known]]\nid = '*'\nreason = 'x'", "entry 1 needs 'link'"),
        ("[[known]]\nid = ''\nreason = 'x'\nlink = 'y'", "entry 1 needs 'id'"),
        ("[[known]]\nid = '*'\nreasons = 'x'", "entry 1 has a field 'reasons'"),
        ("[unknown]\nid = '*'", "has 'unknown' at its top"),
        ("known = 3", "has 'known' as something else"),
        ("known = [3]", "entry 1 is not a [[known]] table"),
    ],
)
def test_a_malformed_file_is_refused_in_a_sentence(
    text: str, sentence: str, judge, pytester: pytest.Pytester
):
    result = judge("honest", known_failures(pytester, text))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert sentence in result.stderr.str()
    assert "Traceback" not in result.stderr.str()


def test_a_missing_file_is_refused_in_a_sentence(judge):
    result = judge("honest", "--impl-known-failures=nowhere.toml")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "nowhere.toml cannot be read" in result.stderr.str()


def test_a_vacuous_check_is_skipped_and_counted(judge):
    result = judge("narrow", DEFAULTS, "-rs")
    result.assert_outcomes(skipped=1)
    output = result.stdout.str()
    assert "vacuous: in bfloat16 the bound is larger than every update" in output
    assert "Nothing was checked (1 vacuous), so this run fails." in output
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_case_with_an_argument_that_is_not_taken_is_not_claimed(judge):
    test = "suites/test_golden.py::test_golden[keras3/SGD-only-momentum-float32]"
    result = judge("honest", test, "-rs")
    result.assert_outcomes(skipped=1)
    assert "not claimed: keras3/SGD is claimed without the argument momentum" in result.stdout.str()


def test_a_factory_without_defaults_claims_no_defaults(judge):
    result = judge("forgets_its_velocity", DEFAULTS, "-rs")
    result.assert_outcomes(skipped=1)
    assert "the factory requires learning_rate, momentum" in result.stdout.str()


def test_a_candidate_that_claims_nothing_fails(judge):
    result = judge("claims_nothing")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["not claimed at all: * of keras3, *", "Nothing was checked (*"])


def test_a_claim_that_declines_everything_is_told(judge):
    result = judge("declines_one_claim", DEFAULTS, "suites/test_golden.py")
    result.stdout.fnmatch_lines(
        [
            "keras3/Adam  float32        .       .      .        .  *",
            "keras3/Adam is claimed, and was declined in all * checks: it has no table of powers",
        ]
    )
    assert "keras3/SGD is claimed" not in result.stdout.str()


def test_a_dtype_that_is_not_claimed_checks_nothing(judge):
    result = judge("does_nothing", "--impl-dtype=float16")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines("Nothing was checked (*")


def test_collecting_only_is_not_a_run_that_checked_nothing(judge):
    result = judge("honest", DEFAULTS, "--collect-only", "-q")
    assert result.ret == 0
    assert "Nothing was checked" not in result.stdout.str()


def test_the_summary_has_a_line_for_each_dtype_and_a_total(judge):
    result = judge("honest", DEFAULTS)
    result.stdout.fnmatch_lines(
        [
            "*= optimizer-oracle: honest =*",
            "spec        dtype     passed  failed  known  vacuous  not claimed  *error/bound",
            "keras3/SGD  float32        2       .      .        .            .  *0.*",
            "keras3/SGD  float64        2       .      .        .            .  *0.*",
            "total                      4       .      .        .            .  *0.*",
        ]
    )


def test_an_implementation_with_modes_has_a_line_for_each(pytester: pytest.Pytester):
    source = (Path(__file__).parent / "candidates" / "honest.py").read_text()
    source += '\n\ncandidate.implements("keras3/SGD", mode="again")(sgd)\n'
    pytester.makepyfile(mine=source)
    result = pytester.runpytest("--impl=mine.py", DEFAULTS, "-v", "--impl-dtype=float32")
    result.stdout.fnmatch_lines(
        ["*::test_default_runs[[]keras3/SGD-float32-again] PASSED*", "keras3/SGD (again)  float32*"]
    )
