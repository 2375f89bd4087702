"""`--impl=cmd:...`: a candidate in another process, sound and unsound in every way."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from oracle.adapters import find
from oracle.adapters.worker.messages import conforms, schema
from oracle.adapters.worker.process import Process
from oracle.adapters.worker.tensors import arguments_encoded, decoded, encoded
from oracle.cli import main
from oracle.dtypes import DTYPES, float_type
from oracle.errors import CandidateError, ImplementationError

WORKER = Path(__file__).parent / "workers" / "sgd.py"
ONE = "suites/test_golden.py::test_golden[keras3/SGD-only-learning-rate-float32]"


def command(fault: str = "", mark: str = "") -> str:
    return "cmd:" + shlex.join([sys.executable, str(WORKER), fault, mark])


def test_a_sound_worker_is_judged(pytester):
    result = pytester.runpytest(f"--impl={command()}", "--impl-dtype=float32")
    counts = result.parseoutcomes()
    assert counts["passed"] >= 5
    assert "failed" not in counts
    result.stdout.fnmatch_lines("*optimizer-oracle: sgd.py*")


ONCE = {
    "garbage": "*prints a line that is not JSON: 'loading weights ...'*",
    "killed": "*the worker is killed by SIGKILL*",
    "exits": "*ends with exit code 3 instead of answering*",
    "refuses": "*the worker says: I would rather not*",
    "hangs": "*takes longer than 1 seconds (--impl-timeout)*",
}


@pytest.mark.parametrize("fault", ONCE)
def test_a_fault_is_one_finding_and_the_run_goes_on(fault, pytester, tmp_path):
    judged = command(fault, str(tmp_path / "mark"))
    result = pytester.runpytest(
        f"--impl={judged}", "--impl-dtype=float32", "-k", "golden", "--impl-timeout=1"
    )
    counts = result.parseoutcomes()
    assert counts["failed"] == 1
    assert counts["passed"] >= 3
    result.stdout.fnmatch_lines(ONCE[fault])


def test_a_worker_may_decline_a_run(pytester, tmp_path):
    judged = command("declines", str(tmp_path / "mark"))
    result = pytester.runpytest(f"--impl={judged}", "--impl-dtype=float32", "-k", "golden", "-rs")
    counts = result.parseoutcomes()
    assert "failed" not in counts
    assert counts["passed"] >= 3
    result.stdout.fnmatch_lines("SKIPPED*not claimed: the worker says: no kernel for that yet")


def test_what_a_dying_worker_wrote_to_stderr_is_shown(pytester, tmp_path):
    result = pytester.runpytest(f"--impl={command('exits', str(tmp_path / 'mark'))}", ONE)
    result.stdout.fnmatch_lines("*out of paper*")


ALWAYS = {
    "wrong id": "*the worker answers run 2 instead of 1*",
    "lists": "*JSON that is not an object*",
    "too few numbers": "*param 0 has * numbers for the shape*",
    "words": "*neither a number nor 'nan', 'inf' or '-inf'*",
    "doubles": "*param 0 holds 0.12345678901234, which is no float32*",
    "another step": "*shows the steps [[]7*",
    "no states": "*none of 'states', 'unsupported' and 'error'*",
    "strange slot": "*shows the slots 'speed'; the spec has *",
}


@pytest.mark.parametrize("fault", ALWAYS)
def test_a_malformed_answer_is_named(fault, pytester):
    result = pytester.runpytest(f"--impl={command(fault)}", ONE)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(ALWAYS[fault])


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("dies at start", "ends with exit code 1 instead of answering.*no licence found"),
        ("claims nothing known", "claims what there is not: unknown spec 'keras3/SDG'"),
        ("claims badly", "no 'claims' message at claims"),
        ("sleeps at start", "does not answer within 0.5 seconds"),
    ],
)
def test_a_worker_that_cannot_start_is_refused(fault, sentence, monkeypatch):
    if fault == "sleeps at start":
        monkeypatch.setattr("oracle.adapters.worker.candidate.START_SECONDS", 0.5)
    with pytest.raises(ImplementationError, match=f"(?s){sentence}"):
        find(command(fault))


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        ("cmd:", "name a program after cmd:"),
        ("cmd:'", "No closing quotation"),
        ("cmd:/nowhere/at-all", "'/nowhere/at-all' cannot be started: No such file"),
    ],
)
def test_a_command_that_is_none_is_refused(reference, sentence):
    with pytest.raises(ImplementationError, match=sentence):
        find(reference)


def test_a_dead_process_is_started_again(tmp_path):
    asked = Process([sys.executable, str(WORKER), "exits", str(tmp_path / "mark")])
    hello = {"type": "hello", "protocol": 1}
    run = {"type": "run", "id": 1, "spec": "keras3/SGD", "mode": "", "dtype": "float64"}
    run |= {"hyper": {}, "params": [], "grads": [[]], "steps": [1]}
    with pytest.raises(CandidateError, match="exit code 3"):
        asked.ask(run)
    assert not asked.running
    assert asked.ask(hello)["name"] == "sgd.py"
    assert asked.ask(run)["states"] == [{"step": 1, "params": []}]
    asked.close()
    assert not asked.running


@pytest.mark.parametrize("dtype", DTYPES)
def test_arrays_travel_exactly(dtype):
    kind = float_type(dtype)
    special = [0.0, -0.0, np.nan, np.inf, -np.inf, kind.smallest_subnormal, kind.largest]
    array = np.array([special, np.linspace(-1, 1, 7)]).astype(kind.numpy)
    back = decoded(encoded(array), dtype, "it")
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back.astype(float), array.astype(float))
    assert np.signbit(back[0, 1].astype(float))


def test_infinite_hyperparameters_travel_as_strings():
    hyper = {"clipnorm": np.inf, "clip_value_min": -np.inf, "axes": [0], "momentum": 0.5}
    asked = {"clipnorm": "inf", "clip_value_min": "-inf", "axes": [0], "momentum": 0.5}
    assert arguments_encoded(hyper) == asked


@pytest.mark.parametrize(
    ("dtype", "text"),
    [("float32", "0.1"), ("float32", "0.100000001"), ("float16", "0.1"), ("bfloat16", "0.1001")],
)
def test_as_many_digits_as_a_dtype_needs_stand_for_its_nearest_number(dtype, text):
    kind = float_type(dtype)
    tensor = {"shape": [1], "data": [float(text)]}
    assert decoded(tensor, dtype, "it")[0].astype(float) == kind.round(float(text))


def test_every_kind_of_message_has_a_schema():
    conforms({"type": "hello", "protocol": 1}, "hello")
    conforms({"type": "error", "id": 1, "message": "no"}, "error")
    with pytest.raises(CandidateError, match="no 'error' message at id: \"x\" is not of type"):
        conforms({"type": "error", "id": "x", "message": "no"}, "error")
    assert {"hello", "claims", "run", "states", "error"} < set(schema()["$defs"])


def smoke(reference: str):
    return CliRunner().invoke(main, ["smoke", reference])


def test_smoke_finds_nothing_wrong_with_a_sound_worker():
    result = smoke(command())
    assert result.exit_code == 0, result.output
    assert "ok     keras3/SGD float32" in result.output
    assert "wrong" not in result.output


@pytest.mark.parametrize("fault", [*ALWAYS, "dies at start", "claims badly"])
def test_smoke_finds_what_is_wrong(fault):
    result = smoke(command(fault))
    assert result.exit_code == 1
    assert "wrong" in result.output


def test_smoke_takes_a_command_only():
    result = smoke("numpy")
    assert result.exit_code == 2
    assert "'numpy' is not cmd:PROGRAM ARGS" in result.output
