"""``--impl`` beside pytest's own options: from any folder, in any project, under xdist."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from oracle.conformance.arguments import resolved
from oracle.resources import suites_dir

CANDIDATES = Path(__file__).parent / "candidates"
DEFAULTS = "suites/test_defaults.py"
ID = "suites/test_defaults.py::test_default_runs[keras3/SGD-float32]"


def test_without_a_path_all_bundled_suites_are_run(judge):
    result = judge("honest", "--collect-only", "-q")
    files = {line.split("::")[0] for line in result.outlines if "::" in line}
    names = ("clipping", "training", "configuration", "counters")
    not_declared = {f"suites/test_{name}.py" for name in names}
    everything = {f"suites/{path.name}" for path in suites_dir().glob("test_*.py")}
    assert files == everything - not_declared


def test_ids_are_short_and_name_spec_case_dtype(judge):
    result = judge("honest", "--collect-only", "-q", "suites/test_golden.py")
    assert "suites/test_golden.py::test_golden[keras3/SGD-defaults-float32]" in result.outlines


def test_one_id_is_found_from_any_folder(judge):
    judge("honest", ID).assert_outcomes(passed=1)


def test_a_folder_of_ones_own_called_suites_wins(pytester: pytest.Pytester):
    suites = pytester.mkdir("suites")
    suites.joinpath("test_mine.py").write_text("def test_mine(): pass\n")
    assert resolved(["suites/test_mine.py"]) == ["suites/test_mine.py"]
    assert resolved([ID]) == [f"{suites_dir()}{ID[6:]}"]
    assert resolved(["suites"]) == ["suites"]


def test_a_check_is_ours_in_a_folder_with_a_file_of_that_name(judge, pytester: pytest.Pytester):
    path, _, _ = ID.partition("::")
    pytester.mkdir("suites")
    (pytester.path / path).write_text("def test_mine(): pass\n")
    judge("honest", ID).assert_outcomes(passed=1)
    assert resolved([path, f"{path}::test_mine"]) == [path, f"{path}::test_mine"]


def test_the_folder_of_the_suites_shadows_no_library(pytester: pytest.Pytester):
    """Installed, it is the folder of all packages: a library on PYTHONPATH would not be judged."""
    pytester.makeconftest(
        """
        import sys
        from pathlib import Path

        def pytest_unconfigure():
            print("first:", Path(sys.path[0]).resolve())
        """
    )
    result = pytester.runpytest_subprocess(f"--impl={CANDIDATES / 'honest.py'}", ID, "-s")
    result.assert_outcomes(passed=1)
    [first] = [line for line in result.outlines if line.startswith("first: ")]
    assert first.removeprefix("first: ") != str(suites_dir().parent.resolve())


def test_the_users_own_paths_are_run_as_asked(judge, pytester: pytest.Pytester):
    pytester.makepyfile(test_mine="def test_mine(): pass")
    result = judge("honest", "test_mine.py", ID)
    result.assert_outcomes(passed=2)
    assert result.ret == 0


@pytest.mark.parametrize(
    "options", [(), pytest.param(("-n2",), marks=pytest.mark.long)], ids=["alone", "xdist"]
)
def test_a_path_that_holds_no_check_of_ours_fails_in_a_sentence(
    options: tuple[str, ...], judge, pytester: pytest.Pytester
):
    pytester.makepyfile(test_mine="def test_mine(): pass")
    result = judge("honest", "test_mine.py", *options)
    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "no check of optimizer-oracle was run in test_mine.py." in result.stdout.str()


def test_nothing_collides_with_the_project_around(judge, pytester: pytest.Pytester):
    pytester.makeini(
        """
        [pytest]
        testpaths = mine
        python_files = check_*.py
        python_functions = check_*
        addopts = --strict-markers --flavour=vanilla
        filterwarnings = error
        """
    )
    pytester.makeconftest(
        """
        import pytest

        def pytest_addoption(parser):
            parser.addoption("--flavour")

        @pytest.fixture(autouse=True)
        def always():
            raise RuntimeError("not for the suites")

        @pytest.fixture
        def default_run():
            raise RuntimeError("not this one")
        """
    )
    pytester.mkdir("mine").joinpath("check_mine.py").write_text("def check_mine(): 1 / 0\n")
    result = judge("honest", "-k", "test_defaults", "--impl-dtype=float32")
    result.assert_outcomes(passed=2, deselected=result.parseoutcomes()["deselected"])


def test_a_folder_of_its_own_keeps_bundled_modules_apart(judge, pytester: pytest.Pytester):
    pytester.makepyfile(test_defaults="def test_mine(): pass")
    result = judge("honest", "test_defaults.py", DEFAULTS, "--impl-dtype=float32")
    result.assert_outcomes(passed=3)


def test_k_chooses_by_spec_and_dtype(judge):
    judge("honest", DEFAULTS, "-k", "SGD and float64").assert_outcomes(passed=2, deselected=2)


def test_x_stops_at_the_first_failure(judge):
    result = judge("does_nothing", "suites/test_golden.py", "-x")
    result.assert_outcomes(failed=1, skipped=result.parseoutcomes().get("skipped", 0))


def test_lf_runs_what_failed(judge):
    judge("does_nothing", "-k", "test_defaults or clipping")
    judge("does_nothing", "--lf", "-q").assert_outcomes(failed=1)


def test_the_cache_is_not_needed(judge):
    judge("honest", ID, "-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_junit_has_the_ids_and_the_largest_error(judge, pytester: pytest.Pytester):
    judge("honest", ID, "--junitxml=junit.xml")
    case = ElementTree.parse(pytester.path / "junit.xml").find(".//testcase")
    assert case is not None
    assert case.get("classname") == "suites.test_defaults"
    assert case.get("name") == "test_default_runs[keras3/SGD-float32]"
    prop = case.find(".//property")
    assert prop is not None
    assert prop.get("name") == "error_over_bound"
    assert 0 < float(prop.get("value", "")) <= 1


def test_a_spec_glob_narrows(judge):
    judge("honest", DEFAULTS, "--impl-spec=keras3/S*").assert_outcomes(passed=4)


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("--impl-spec=flax/*", "--impl-spec=flax/* matches no spec that honest claims"),
        ("--impl-dtype=float8", "unknown dtype 'float8'"),
        ("--impl-timeout=0", "--impl-timeout=0: give a number of seconds above 0"),
        ("--impl-report=no/such/folder/x.jsonl", "the file cannot be written"),
    ],
)
def test_a_wrong_option_is_refused_in_a_sentence(option: str, sentence: str, judge):
    result = judge("honest", option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert sentence in result.stderr.str()
    assert "Traceback" not in result.stderr.str()


def test_an_option_without_impl_is_refused(pytester: pytest.Pytester):
    result = pytester.runpytest("--impl-dtype=float32")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "--impl-dtype is of no use without --impl=NAME" in result.stderr.str()


def test_the_header_says_what_is_judged(judge):
    result = judge("honest", ID)
    result.stdout.fnmatch_lines(
        "optimizer-oracle: judging honest (1 claims), profile ci, timeout 60 s"
    )


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.long
def test_xdist_gathers_the_results_of_its_workers(tmp_path: Path):
    known = "[[known]]\nid = 'suites/gone'\nreason = 'r'\nlink = 'l'\n"
    (tmp_path / "known.toml").write_text(known)
    candidate = f"--impl={CANDIDATES / 'honest.py'}"
    options = ("-n2", "-k", "defaults", "--impl-known-failures=known.toml", "--color=yes")
    done = run(candidate, *options, cwd=tmp_path, NO_COLOR="1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "keras3/SGD  float32" in done.stdout
    assert "known failure that matches no test: 'suites/gone' in known.toml" in done.stdout
    assert "2 workers" in done.stdout


def test_it_needs_no_xdist(tmp_path: Path):
    done = run(f"--impl={CANDIDATES / 'honest.py'}", ID, "-p", "no:xdist", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


@pytest.mark.long
def test_no_color_is_heeded(tmp_path: Path):
    candidate = f"--impl={CANDIDATES / 'does_nothing.py'}"
    done = run(candidate, ID, cwd=tmp_path, NO_COLOR="1")
    assert "\x1b[" not in done.stdout
    done = run(candidate, ID, "--color=yes", cwd=tmp_path, NO_COLOR="")
    assert "\x1b[31m" in done.stdout
