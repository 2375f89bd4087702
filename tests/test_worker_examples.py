"""The example workers of docs/workers are sound: built as their first lines say, and judged."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from oracle.cli import main

EXAMPLES = Path(__file__).resolve().parent.parent / "docs" / "workers"


def needs(program: str):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"there is no {program} here")


@pytest.fixture(scope="module")
def fused(tmp_path_factory) -> str:
    """Compile the worker in C with every warning on."""
    program = tmp_path_factory.mktemp("built") / "adam"
    sources = [EXAMPLES / "adam.c", EXAMPLES / "json.c"]
    flags = ["-O2", "-Wall", "-Wextra", "-Werror"]
    subprocess.run(["cc", *flags, "-o", program, *sources, "-lm"], check=True)
    return f"cmd:{program}"


@pytest.fixture
def script() -> str:
    return f"cmd:node {EXAMPLES / 'adam.js'}"


@pytest.mark.long
@needs("cc")
def test_the_fused_adam_in_c_is_right(fused, pytester):
    assert CliRunner().invoke(main, ["smoke", fused]).exit_code == 0
    result = pytester.runpytest(f"--impl={fused}", "-p", "no:cacheprovider")
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] >= 10


@pytest.mark.long
@needs("node")
def test_the_adam_in_javascript_is_right(script, pytester):
    assert CliRunner().invoke(main, ["smoke", script]).exit_code == 0
    result = pytester.runpytest(f"--impl={script}", "-p", "no:cacheprovider")
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] >= 20


def test_the_adam_in_plain_python_is_right(pytester):
    script = f"cmd:{sys.executable} {EXAMPLES / 'adam.py'}"
    assert CliRunner().invoke(main, ["smoke", script]).exit_code == 0
    result = pytester.runpytest(f"--impl={script}", "-p", "no:cacheprovider")
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] >= 15


@pytest.mark.long
@needs("node")
def test_an_epsilon_under_the_root_is_seen_in_javascript(pytester):
    source = (EXAMPLES / "adam.js").read_text()
    wrong = source.replace("Math.sqrt(v[i]) + this.epsilon", "Math.sqrt(v[i] + this.epsilon)")
    assert wrong != source
    path = pytester.path / "wrong.js"
    path.write_text(wrong)
    result = pytester.runpytest(f"--impl=cmd:node {path}", "-p", "no:cacheprovider", "-k", "golden")
    assert result.parseoutcomes()["failed"] >= 10
