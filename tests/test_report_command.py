"""`oracle report`: one table of several runs, and a sentence for what is no report."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from oracle.cli import main

HEADER = {"kind": "header", "format": 1, "implementation": "mine"}


def row(spec="keras3/SGD", dtype="float32", mode="", ratio=None, **counts):
    outcomes = dict.fromkeys(("passed", "failed", "known", "vacuous", "not claimed"), 0)
    return {"spec": spec, "dtype": dtype, "mode": mode, "ratio": ratio, **outcomes, **counts}


def written(path, *lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(path)


def report(*files):
    return CliRunner().invoke(main, ["report", *files])


def test_a_table_has_a_line_for_each_spec_implementation_and_mode(tmp_path):
    rows = [
        row(passed=3, known=1, ratio=0.98765),
        row(dtype="float64", failed=2, passed=1, ratio="inf"),
        row(mode="function", vacuous=2),
        row(spec="keras3/Adam", **{"not claimed": 7}),
    ]
    one = written(tmp_path / "one", HEADER, {"kind": "footer", "rows": rows})
    other = written(
        tmp_path / "two",
        {**HEADER, "implementation": "yours"},
        {"kind": "footer", "rows": [row(spec="keras2/SGD", dtype="bfloat16", passed=1)]},
    )
    assert report(one, other).output.splitlines() == [
        "| spec | implementation | float16 | bfloat16 | float32 | float64 |",
        "| --- | --- | --- | --- | --- | --- |",
        "| keras2/SGD | yours |  | 1 passed |  |  |",
        "| keras3/SGD | mine |  |  | 3 passed, 1 known, 0.988 | **2 failed**, 1 passed |",
        "| keras3/SGD | mine (function) |  |  | 2 vacuous |  |",
    ]


def names(*files):
    lines = report(*files).output.splitlines()[2:]
    return [line.split(" | ")[1] for line in lines]


def test_reports_of_one_implementation_are_told_apart(tmp_path):
    footer = {"kind": "footer", "rows": [row(passed=1)]}
    judged = [
        {"keras": "3.6.0", "tensorflow": "2.21.0"},
        {"keras": "3.15.1", "tensorflow": "2.21.0"},
    ]
    old, new = (
        written(tmp_path / f"{i}.jsonl", {**HEADER, "judged": versions}, footer)
        for i, versions in enumerate(judged)
    )
    twin = written(tmp_path / "twin.jsonl", {**HEADER, "judged": judged[1]}, footer)
    other = written(tmp_path / "other.jsonl", {**HEADER, "implementation": "yours"}, footer)
    assert names(new) == ["mine"]
    assert names(old, new, other) == ["mine, keras 3.6.0", "mine, keras 3.15.1", "yours"]
    assert names(new, twin) == ["mine, 1", "mine, twin"]
    assert names(old, new, twin) == [
        "mine, keras 3.6.0",
        "mine, keras 3.15.1, 1",
        "mine, keras 3.15.1, twin",
    ]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([HEADER], "has no footer: the run was cut off"),
        ([{**HEADER, "format": 2}], "is no report of format 1"),
        ([], "is no report of format 1"),
        ([["a list"]], "is no report: write one with --impl-report"),
    ],
)
def test_what_is_no_whole_report_is_refused(lines, sentence, tmp_path):
    result = report(written(tmp_path / "it", *lines))
    assert result.exit_code == 2
    assert sentence in result.output


def test_a_missing_file_and_no_file_are_refused(tmp_path):
    assert "cannot be read: No such file" in report(str(tmp_path / "nowhere")).output
    assert report().exit_code == 2


def test_a_real_run_can_be_shown(judge, pytester):
    judge("honest", "--impl-report=it.jsonl", "-k", "test_defaults")
    output = report(str(pytester.path / "it.jsonl")).output
    assert "| keras3/SGD | honest |" in output
