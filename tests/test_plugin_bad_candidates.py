"""Whatever a candidate does wrong is a failed test with one clear sentence, never a crash."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CANDIDATES = Path(__file__).parent / "candidates"

WITH_A_NUMBER = "suites/test_golden.py::test_golden[keras3/SGD-defaults-float32]"
ONE = "suites/test_defaults.py::test_default_runs[keras3/SGD-float32]"

SENTENCES = {
    "raises_at_step_two": "step 2: the candidate raises ZeroDivisionError: no second step",
    "raises_what_cannot_be_read": "UnreadableError: (its message cannot be read: RuntimeError)",
    "raises_when_built": "building the optimizer: the candidate raises RuntimeError: no optimizer",
    "calls_exit": "step 1: the candidate raises SystemExit: 3",
    "returns_none": "step 1: step returns None where a list of 3 numpy arrays is needed",
    "returns_no_step": "the factory returns a list where a function step(grads)",
    "returns_too_few": "step 1: step returns 1 array for 3 parameters",
    "returns_none_inside": "step 1: param 0 comes back as None",
    "returns_words": "step 1: param 0 comes back as a list, of which numpy makes no array",
    "returns_wrong_shape": "step 1: param 0 comes back with shape (13,); it has shape (12,)",
    "returns_wrong_dtype": "step 1: param 0 comes back as float64; it is float32",
    "mutates_its_gradients": "step 1: the candidate changes the gradients that it is given",
    "turns_to_nan": "got nan, want",
    "slow_by_one_percent": "x the bound",
    "does_nothing": "x the bound",
    "misnames_a_slot": "the candidate shows the slots 'speed'; the spec has v",
}


@pytest.mark.parametrize("candidate", SENTENCES)
def test_a_fault_is_a_failed_test_with_one_sentence(candidate: str, judge):
    result = judge(candidate, ONE)
    result.assert_outcomes(failed=1)
    output = result.stdout.str()
    assert SENTENCES[candidate] in output
    assert "INTERNALERROR" not in output
    assert "oracle/conformance" not in output


def test_an_axis_that_numpy_adds_is_told_as_that(judge):
    output = judge("gives_numbers_an_axis", WITH_A_NUMBER).stdout.str()
    assert "it has shape (); numpy.ascontiguousarray, for one, gives a number an axis" in output


def test_what_fails_in_the_simplest_example_as_well_has_a_verdict(judge):
    """hypothesis gives up where an example is left out one time and fails another."""
    output = judge("refuses_plain_nesterov", "suites/test_properties.py").stdout.str()
    assert "raises ValueError: Nesterov's momentum needs a momentum" in output
    assert "FlakyFailure" not in output


def test_a_number_of_python_is_told_as_one(judge):
    output = judge("returns_python_numbers", WITH_A_NUMBER).stdout.str()
    assert "comes back as a float, to numpy float64; it is float32" in output


@pytest.mark.parametrize("candidate", ["honest", "works_in_its_parameters"])
def test_an_honest_candidate_passes(candidate: str, judge):
    judge(candidate, ONE).assert_outcomes(passed=1)


def test_what_a_candidate_raises_is_told_with_the_place(judge):
    output = judge("raises_at_step_two", ONE).stdout.str()
    assert "raises_at_step_two.py:16 in step" in output


@pytest.mark.parametrize("candidate", ["hangs", "hangs_and_catches"])
def test_a_hanging_candidate_is_stopped(candidate: str, judge):
    result = judge(candidate, ONE, "--impl-timeout=0.2")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines("*takes longer than 0.2 seconds (--impl-timeout)*")


def run_in_a_process(candidate: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", f"--impl={CANDIDATES / candidate}.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.long
def test_a_candidate_stuck_in_native_code_ends_with_a_sentence():
    done = run_in_a_process("hangs_in_native_code", ONE, "--impl-timeout=0.2")
    assert done.returncode != 0
    assert (
        "hangs_in_native_code is still in keras3/SGD float32 after 2.2 seconds (--impl-timeout); "
        "it is stuck in native code, so the process is ended." in done.stderr
    )
    assert "Fatal" not in done.stderr


def test_a_candidate_that_ends_the_process_is_named():
    done = run_in_a_process("ends_the_process", ONE)
    assert done.returncode == 3
    assert (
        "the process ended in keras3/SGD float32: ends_the_process ended it, or something"
        in done.stderr
    )


@pytest.mark.long
def test_under_xdist_the_other_checks_go_on_when_a_worker_dies():
    done = run_in_a_process("ends_the_process", "suites/test_defaults.py", "-n1")
    assert "crashed while running" in done.stdout
    assert done.returncode == 1
    assert "keras3/SGD  float32        .       1" in done.stdout


def test_a_candidate_that_answers_differently_fails(judge):
    result = judge("answers_differently", "suites/test_properties.py")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*x the bound*", "*repro: pytest*"])


def test_random_runs_tell_what_a_misbehaving_candidate_was_asked(judge):
    result = judge("raises_at_step_two", "suites/test_properties.py")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*raises ZeroDivisionError*", "*with learning_rate=*2 steps*"])


@pytest.mark.parametrize(
    ("candidate", "sentence"),
    [
        ("claims_a_stranger", "unknown spec 'keras3/Adamm': did you mean keras3/Adam"),
        ("requires_a_stranger", "requires 'enthusiasm', which the library does not have"),
        ("fails_to_import", "No module named 'package_that_nobody_has'"),
        ("holds_none", "the file holds no oracle.Implementation"),
        ("nobody", "there is no such file"),
    ],
)
def test_a_candidate_that_cannot_be_judged_ends_the_run_in_a_sentence(
    candidate: str, sentence: str, judge
):
    result = judge(candidate)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert sentence in result.stderr.str()
    assert "Traceback" not in result.stderr.str()
