"""The nightly command runs everything, goes on after a failure, and fails for one."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from oracle.dtypes import DTYPES

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

from nightly import LIBRARIES, SEEDED, Job, asked, jobs, night

SEEDS = ["--hypothesis-seed", "1", "2", "3"]


def python(name: str, code: str) -> Job:
    return Job(name, [sys.executable, "-c", code])


def is_for_the_nights(file: Path) -> bool:
    """Whether a function of a file has the mark."""
    functions = [f for f in ast.parse(file.read_text()).body if isinstance(f, ast.FunctionDef)]
    marks = [ast.unparse(mark) for function in functions for mark in function.decorator_list]
    return "pytest.mark.nightly" in marks


def test_every_library_is_judged_thoroughly_with_each_seed_and_the_rewritings_once():
    found = jobs(asked(SEEDS))
    judged = [" ".join(job.command) for job in found[:-4]]
    assert len(judged) == 3 * (len(LIBRARIES) + 3)
    for name in LIBRARIES:
        for seed in (1, 2, 3):
            these = [c for c in judged if f"--impl={name} " in c and f"-seed={seed}" in c]
            assert len(these) == (4 if name == "keras-xla" else 1)
            for one in these:
                assert "--impl-profile=thorough" in one
                assert one.endswith(SEEDED) == (seed > 1)
    assert "--seeds=1000" in found[-4].command
    assert found[-3].command[1].endswith("devices.py")
    assert found[-2].command[1:] == ("-m", "oracle", "check")


def test_every_test_that_is_for_the_nights_is_run_in_one():
    """Its file is named, and so it runs whatever its marks are."""
    *_, own = jobs(asked(SEEDS))
    tests = Path(__file__).parent.glob("test_*.py")
    named = {part for part in own.command if part.endswith(".py")}
    assert named == {str(file) for file in tests if is_for_the_nights(file)}
    assert own not in jobs(asked([*SEEDS, "--no-own"]))


def test_what_is_compiled_is_judged_a_dtype_at_a_time():
    """A process dies of the programs that XLA has compiled for it, in the end."""
    found = [j for j in jobs(asked([*SEEDS, "--impl", "keras-xla"])) if "seed 2" in j.name]
    dtypes = {part for job in found for part in job.command if part.startswith("--impl-dtype=")}
    assert dtypes == {f"--impl-dtype={name}" for name in DTYPES}


def test_seeds_have_to_be_given(capsys):
    with pytest.raises(SystemExit):
        asked([])
    assert "--hypothesis-seed" in capsys.readouterr().err


def test_a_night_goes_on_after_a_failure_and_counts_it(tmp_path, capsys):
    todo = [python("bad", "print('found one'); raise SystemExit(3)"), python("good", "print('ok')")]
    assert night(todo, tmp_path) == 1
    told = capsys.readouterr().out
    assert "[1/2] bad" in told
    assert "| found one" in told
    assert "FAILED with exit code 3" in told
    assert "1 of 2 jobs passed" in told
    assert (tmp_path / "good.txt").read_text() == "ok\n"


def test_a_quiet_night_fails_nothing(tmp_path):
    assert night([python("good", "pass")], tmp_path) == 0


@pytest.mark.long
def test_a_wrong_candidate_ends_a_night_with_a_failure(tmp_path, capsys):
    """The real command, up to its first finding."""
    wrong = str(Path(__file__).parent / "candidates" / "does_nothing.py")
    few = ["impl-spec=keras3/SGD", "impl-dtype=float32", "maxfail=1"]
    options = ["--hypothesis-seed", "1", "--impl", wrong, "--seeds", "0", "--processes", "0"]
    options += ["--no-own"]
    assert night(jobs(asked([*options, "--pytest", *few])), tmp_path) == 1
    assert "FAILED with exit code 1" in capsys.readouterr().out
