"""What the README says is so: each command and sample that takes under a minute is run."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import mpmath
import pytest
from click.testing import CliRunner

import oracle
from oracle.cli import main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
ADAM, LIBRARY = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
PROSE = re.sub(r"```.*?```", "", README, flags=re.DOTALL)
RIGHT, WRONG = re.findall(r"Write `(.*?)` for `(.*?)`, and all of it passes", PROSE)[0]
MENDED = ADAM.replace(WRONG, RIGHT)

LONGER = {
    "pip install '.[keras]'": "a new environment: .ci/run makes one",
    "pip install '.[keras-jax]'": "a new environment: .ci/run makes one",
    "pip install '.[keras-torch]'": "a new environment: .ci/run makes one",
    "pip install '.[torch]'": "a new environment: .ci/run makes one",
    "pip install '.[optax]'": "a new environment: .ci/run makes one",
    "pip install '.[test]'": "a new environment: test_wheel and .ci/run make one",
    "pytest -n 2": "these tests",
    "pytest --long -n 2": "these tests",
    "pytest --impl=numpy": "a minute and a half of one core: run by .ci/run",
    "pytest --impl=keras": "minutes: run by .ci/run",
    "pytest --impl=keras-jax": "minutes, in another environment: run by .ci/run",
    "pytest --impl=keras-torch": "minutes, in another environment: run by .ci/run",
    "pytest --impl=keras2": "minutes: run by .ci/run",
    "pytest --impl=torch": "minutes: run by .ci/run",
    "pytest --impl=keras-xla": "minutes: judged at night",
    "pytest --impl=torch-compiled": "half an hour: judged at night",
    "pytest --impl=optax": "minutes, in another environment: run by .ci/run",
    "pytest --impl=optax-eager": "minutes: judged at night",
    "pytest --impl=optax-x64": "minutes: judged at night",
    "pytest --impl=tf1": "minutes: run by .ci/run",
    "pytest --impl=tf": "minutes: run by .ci/run",
    "pytest --impl=tf --impl-device=gpu": "needs a GPU",
    "oracle measure --backend torch --compiled --output inductor.json": "minutes, with PyTorch",
    "oracle setup tf1": "a new environment: .ci/run makes one",
    "oracle check": "minutes: run by .ci/run, and for one spec of each system by test_recomputed",
    "oracle generate": "hours: of single specs in test_golden_generate",
}
"""Commands that are not run here, and why."""

RUN: set[str] = set()


def runs(command: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Tell that a test runs a command of the README."""
    RUN.add(command)
    return lambda test: test


def block(begin: str) -> str:
    """Return the indented lines of the README from one on, up to an empty one."""
    return begin + README.split("    " + begin, 1)[1].split("\n\n", 1)[0]


def on_a_line(text: str) -> str:
    return " ".join(text.split())


def commands() -> set[str]:
    """Return the commands that the README names, in a block of their own or within a line."""
    lines = [line.partition(" #")[0] for line in PROSE.splitlines() if line.startswith("    ")]
    inline = re.findall(r"`([^`]*)`", PROSE)
    parts = [on_a_line(part) for text in [*lines, *inline] for part in text.split("&&")]
    return {part for part in parts if re.match(r"(oracle|pytest|pip) ", part)}


def oracle_says(*arguments: str, ends: int = 0) -> str:
    """Return what an `oracle` command prints, which has to end with an exit code."""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == ends, result.output
    return result.stdout


def test_each_command_is_run_or_has_a_reason_not_to_be():
    assert RUN.isdisjoint(LONGER)
    assert commands() == RUN | LONGER.keys()


# Your own optimizer


def test_the_failure_is_printed(pytester: pytest.Pytester):
    pytester.makepyfile(mylib=ADAM)
    failure = block("keras3/Adam float32 case coarse")
    [check] = re.findall(r"'(suites/\S+)'", failure)
    result = pytester.runpytest("--impl=mylib.py", check)
    assert on_a_line(failure) in on_a_line(result.stdout.str())


@pytest.mark.long
@runs("pytest --impl=mylib.py")
def test_the_table_is_printed(pytester: pytest.Pytester):
    pytester.makepyfile(mylib=ADAM)
    result = pytester.runpytest("--impl=mylib.py")
    shown = [line.strip() for line in block("spec         dtype").splitlines()]
    printed = [line.strip() for line in result.stdout.lines]
    assert all(line in printed for line in shown)


@pytest.mark.long
def test_with_epsilon_where_the_readme_says_all_of_it_passes(pytester: pytest.Pytester):
    assert MENDED != ADAM
    pytester.makepyfile(mylib=MENDED)
    assert pytester.runpytest("--impl=mylib.py").ret == 0


@pytest.mark.long
@runs("oracle identify --impl=mylib.py")
@pytest.mark.parametrize("adam", [ADAM, MENDED], ids=["wrong", "mended"])
def test_it_is_identified(adam: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    verdicts = re.findall(r"\*(keras3/Adam float32: .*?)\*.*?\*(is what .*?)\*", PROSE, re.DOTALL)
    [(wrong, mended)] = verdicts
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mylib.py").write_text(adam)
    told, ends = (wrong, 1) if adam is ADAM else (f"keras3/Adam float32: {mended}", 0)
    printed = oracle_says("identify", "--impl=mylib.py", ends=ends)
    assert printed.startswith(on_a_line(told) + "\n")


# What is asked on the command line


@runs("oracle list")
def test_the_specs_are_named():
    assert {id.split()[0] for id in oracle_says("list").splitlines()} >= set(oracle.specs())


@runs("oracle show keras3/Adam")
def test_a_spec_is_shown():
    shown = re.findall(r"^[A-Z]\w+", oracle_says("show", "keras3/Adam"), re.MULTILINE)
    assert {"Arguments", "Slots", "Formula", "Quirks"} <= set(shown)


@runs("oracle teeth keras3/Adam")
def test_teeth_tell_what_kills_a_wrong_version_or_what_hides_it():
    told = oracle_says("teeth", "keras3/Adam")
    assert re.search(r"float32 +\d+ killed +\d+ equivalent .* 0 survive", told)
    assert re.search(r"unkillable in float16.*: at most [\d.]+ of the bounds is seen", told)


@runs("oracle precision --impl=keras")
def test_what_is_lost_by_narrow_hyperparameters_is_told():
    told = oracle_says("precision", "--impl=keras")
    assert re.search(
        r"^keras3/Adam +float64 +\S+e\+08 ulp +float32 holds learning_rate", told, re.M
    )


@runs("oracle measure --backend numpy --quick")
def test_what_operations_lose_is_measured():
    told = oracle_says("measure", "--backend", "numpy", "--quick")
    assert re.search(r"^  sqrt\(x\) +\d+ samples  correctly rounded$", told, re.M)


@pytest.mark.long
@runs("oracle lint")
def test_the_fixtures_are_held_to_their_own_rules():
    assert re.search(r"\d+ fixtures, \d+ rules, 0 objections", oracle_says("lint"))


@pytest.mark.long
@runs("oracle smoke cmd:...")
@runs("pytest --impl='cmd:node worker.js'")
@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here")
def test_a_worker_in_javascript_is_smoked_and_judged(pytester: pytest.Pytester):
    shutil.copy(ROOT / "docs" / "workers" / "adam.js", pytester.path / "worker.js")
    assert "ok" in oracle_says("smoke", "cmd:node worker.js")
    assert pytester.runpytest("--impl=cmd:node worker.js", "--impl-spec=keras3/*").ret == 0


# In Python


@pytest.mark.long
def test_the_declared_precision_is_one(pytester: pytest.Pytester):
    [declared] = re.findall(r'Implementation\("mylib", (dtypes=.*?)\)`', on_a_line(PROSE))
    pytester.makepyfile(
        mylib=MENDED.replace('Implementation("mylib")', f'Implementation("mylib", {declared})')
    )
    result = pytester.runpytest("--impl=mylib.py", "--impl-dtype=float16")
    assert result.parseoutcomes()["failed"] > 0, "it says float32, and computes in float16"


def test_the_sample_gives_what_its_comments_say():
    names: dict[str, oracle.Trajectory] = {}
    exec(LIBRARY, names)
    run = names["run"]
    assert [type(number) for number in run.params[1][0]] == [mpmath.mpf, mpmath.mpf]
    with mpmath.workdps(50):
        moment = [(1 - mpmath.mpf(0.9)) * mpmath.mpf(g) for g in (0.1, 0.2)]
        assert all(abs(run.slots[1]["m"][0] - moment) < 1e-50)
    bound = run.bound("float32")[1][0]
    assert all((bound > 2.0**-25) & (bound < 2.0**-20))


def test_a_sparse_gradient_is_what_the_readme_calls_it():
    assert "oracle.Sparse(indices, values)" in README
    sparse = oracle.Sparse([0, 0], [[0.25], [0.5]])
    run = oracle.trajectory(
        "tf.train/GradientDescentOptimizer", [[[1.0]]], [[sparse]], {"learning_rate": 1}
    )
    assert run.params[1][0] == [[0.25]]
