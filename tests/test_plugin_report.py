"""The report file: JSON lines that fit the published schema, complete or cut off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from oracle.report import Result, tallied
from oracle.report.lines import schema
from oracle.report.tally import Tally

DEFAULTS = "suites/test_defaults.py"


@pytest.fixture
def report(judge, pytester: pytest.Pytester):
    def run(candidate: str, *arguments: str) -> list[dict[str, Any]]:
        judge(candidate, "--impl-report=report.jsonl", *arguments)
        return [json.loads(line) for line in Path("report.jsonl").read_text().splitlines()]

    return run


@pytest.mark.parametrize("candidate", ["honest", "does_nothing", "narrow", "turns_to_nan"])
def test_every_line_fits_the_schema(candidate: str, report):
    lines = report(candidate, DEFAULTS)
    validator = jsonschema_rs.Draft202012Validator(schema())
    for line in lines:
        validator.validate(line)
    assert [line["kind"] for line in lines[:1] + lines[-1:]] == ["header", "footer"]
    assert (lines[1]["ratio"] == "inf") == (candidate == "turns_to_nan")


def test_the_schema_is_a_schema():
    assert jsonschema_rs.meta.is_valid(schema())


def test_a_result_says_what_was_checked_and_how_it_went(report):
    line = report("does_nothing", DEFAULTS)[1]
    assert line["test"] == f"{DEFAULTS}::test_default_runs[keras3/SGD-float32]"
    assert (line["suite"], line["spec"], line["dtype"]) == ("default_runs", "keras3/SGD", "float32")
    assert (line["outcome"], line["mode"], line["case"]) == ("failed", "", "")
    assert line["ratio"] > 1
    assert "x the bound" in line["message"]


def test_the_header_names_the_declared_arithmetic(report):
    claims = report("honest", DEFAULTS)[0]["claims"]
    assert claims[0] == {
        "spec": "keras3/SGD",
        "mode": "",
        "dtype": "float32",
        "hyper_dtype": None,
        "compute_dtype": None,
        "flushes_subnormals": False,
        "reciprocal_math": False,
        "operations": None,
    }


def test_the_footer_adds_up(report):
    footer = report("does_nothing", DEFAULTS)[-1]
    assert footer["counts"]["failed"] == 1
    assert footer["exit_status"] == 1
    assert [row["failed"] for row in footer["rows"] if row["spec"] == "keras3/SGD"] == [1]


def result(spec: str, dtype: str, mode: str = "") -> Result:
    return Result("", "golden", spec, "c-d", dtype, mode, "vacuous", 0.5, 0.0, "too small")


def test_a_result_renders_itself():
    one = result("a/B", "float16", "jit")
    assert one.name == "test_golden[a/B-c-d-float16-jit]"
    assert one.serializable()["message"] == "vacuous: too small"
    assert one.headline == "too small"


def test_a_check_whose_process_ends_has_a_result(judge, pytester: pytest.Pytester):
    judge("ends_the_process", DEFAULTS, "-n1", "--impl-report=report.jsonl")
    lines = [json.loads(line) for line in Path("report.jsonl").read_text().splitlines()]
    assert [line["outcome"] for line in lines[1:-1]] == ["failed"]
    assert lines[1]["test"] == f"{DEFAULTS}::test_default_runs[keras3/SGD-float32]"


def test_tallies_count_by_spec_dtype_and_mode_in_order():
    asked = [("b/X", "float32"), ("a/Y", "float64"), ("a/Y", "float16"), ("a/Y", "float16", "jit")]
    tallies = tallied([result(*each) for each in asked], {("a/Y", "float32"): 3})
    assert list(tallies) == [
        ("a/Y", "float16", ""),
        ("a/Y", "float32", ""),
        ("a/Y", "float64", ""),
        ("a/Y", "float16", "jit"),
        ("b/X", "float32", ""),
    ]
    assert tallies["a/Y", "float32", ""].counts["not claimed"] == 3
    assert isinstance(tallies["b/X", "float32", ""], Tally)
