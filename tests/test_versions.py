"""Which versions are judged is told, and a known failure speaks of some of them."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import pytest

from oracle.packages import versions_beside, versions_here

ID = "suites/test_defaults.py::test_default_runs[keras3/SGD-float32]"


def known(pytester: pytest.Pytester, versions: str) -> str:
    entry = {"id": ID, "reason": "it rests", "link": "https://example.org/1", "versions": versions}
    lines = [f"{name} = {json.dumps(value)}" for name, value in entry.items()]
    (pytester.path / "known.toml").write_text("\n".join(["[[known]]", *lines]))
    return "--impl-known-failures=known.toml"


@pytest.mark.parametrize("versions", ["mylib>=2.5", "mylib>2,<3", "mylib==2.*", "mycore<1"])
def test_a_known_failure_holds_for_its_versions(versions, judge, pytester):
    judge("of_version_2_5", ID, known(pytester, versions)).assert_outcomes(xfailed=1)


@pytest.mark.parametrize("versions", ["mylib<2.5", "mylib>=2.6"])
def test_outside_of_them_it_is_silent(versions, judge, pytester):
    result = judge("of_version_2_5", ID, known(pytester, versions))
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*known failure that matches no test*")


def test_what_the_candidate_does_not_judge_has_no_versions(judge, pytester):
    told = "*versions = 'mylbi>=2', but the candidate judges mylib, mycore; it names*"
    judge("of_version_2_5", ID, known(pytester, "mylbi>=2")).stderr.fnmatch_lines(told)
    told = "*but the candidate judges nothing that has a version; it names what it judges by*"
    judge("honest", ID, known(pytester, "mylib>=2")).stderr.fnmatch_lines(told)


def test_what_is_no_range_of_versions_is_told(judge, pytester):
    told = "*versions = 'mylib >= new' is none; write one such as 'keras>=3.7,<3.12'*"
    judge("of_version_2_5", ID, known(pytester, "mylib >= new")).stderr.fnmatch_lines(told)


def test_the_header_of_a_run_and_of_a_report_has_the_versions(judge, pytester):
    result = judge("of_version_2_5", ID, "--impl-report=it.jsonl")
    result.stdout.fnmatch_lines(
        "optimizer-oracle: mylib 2.5, mycore (not installed), by the specs of Keras 3.15.1"
    )
    header = json.loads((pytester.path / "it.jsonl").read_text().splitlines()[0])
    assert header["judged"] == {"mylib": "2.5", "mycore": None}
    assert header["specs_of"] == ["Keras 3.15.1"]


def test_a_package_is_found_by_its_name_or_by_that_of_its_module():
    assert versions_here(("pytest", "_pytest", "nobody_has_this")) == {
        "pytest": version("pytest"),
        "_pytest": version("pytest"),
        "nobody_has_this": None,
    }


def test_another_environment_is_read_without_a_start(tmp_path: Path):
    info = tmp_path / "lib" / "python3.7" / "site-packages" / "Keras-2.3.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: Keras\nVersion: 2.3.1\n")
    interpreter = tmp_path / "bin" / "python"
    assert versions_beside(interpreter, ("keras", "tensorflow")) == {
        "keras": "2.3.1",
        "tensorflow": None,
    }
