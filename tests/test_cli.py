"""The command ``oracle``: what it prints, how it exits, and how it answers a wrong word."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import oracle
from oracle.cli import main
from oracle.golden import compute, given, question
from oracle.golden.cases import plans_for
from oracle.resources import fixtures_dir

COMMANDS = ("list", "show", "generate", "check", "lint")


def run(*arguments: str | Path) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the fixtures of one spec."""
    (tmp_path / "keras2").mkdir()
    for name in ("keras2.json", "keras2/SGD.json"):
        shutil.copy(fixtures_dir() / name, tmp_path / name)
    return tmp_path


def test_help_names_every_command_and_shows_examples():
    """Someone who knows nothing learns what to type."""
    text = run("--help").output
    assert all(command in text for command in COMMANDS)
    assert "oracle generate --only" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches_by_example(command: str):
    """Help is a sentence and commands that can be copied."""
    text = run(command, "--help").output
    assert f"\n  Examples:  oracle {command}" in text
    assert "\\b" not in text


def test_help_imports_no_mathematics():
    """The first look at the command is quick."""
    code = "import sys, oracle.cli; print('mpmath' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


def test_the_package_is_the_command_where_that_is_not_on_the_path():
    command = (sys.executable, "-m", "oracle", "show", "keras3/SGD")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == run("show", "keras3/SGD").stdout


def test_list_has_a_line_for_every_spec():
    """Id first, so that it can be cut off."""
    lines = run("list").output.splitlines()
    assert [line.split()[0] for line in lines if " has no spec: " not in line] == oracle.specs()


def test_list_takes_a_pattern():
    """Only what matches is listed."""
    assert len(run("list", "keras2/*").output.splitlines()) == len(oracle.specs("keras2"))


def test_show_tells_all_about_a_spec():
    """Arguments with defaults, slots, formula and where it is from."""
    text = run("show", "keras3/Adam").output
    for part in ("beta_2=0.999", "Slots: m, v, v_max", "alpha_t = ", "Kingma & Ba"):
        assert part in text


def test_show_takes_the_alias_of_the_library():
    """keras2/rmsprop is keras2/RMSprop."""
    assert run("show", "keras2/rmsprop").output.startswith("keras2/RMSprop:")


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "keras3/Adem"),
        ("show", "keras3/Adem"),
        ("generate", "--only", "keras3/Adem"),
        ("check", "--only", "keras3/Adem"),
        ("lint", "--only", "keras3/Adem"),
    ],
)
def test_an_unknown_spec_names_the_nearest(arguments: tuple[str, ...]):
    """Exit code 2, one sentence, no traceback."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert "'keras3/Adem'" in result.output
    assert "keras3/Adam" in result.output


def test_an_unknown_command_is_wrong_usage():
    """Exit code 2."""
    assert run("generat").exit_code == 2


def test_generate_says_what_it_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A line for each file; a second time it is unchanged."""
    for module in (question, given):
        monkeypatch.setattr(module, "plans_for", lambda spec: plans_for(spec)[4:6])
    arguments = ("generate", "--no-search", "--only", "keras2/SGD", "--out", tmp_path)
    assert run(*arguments).output.startswith("keras2/SGD: written, 2 cases")
    assert run(*arguments).output.startswith("keras2/SGD: unchanged, 2 cases")


def test_generate_exits_1_when_a_number_is_not_certified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Nothing is written then but what all specs share."""
    monkeypatch.setattr(compute, "decimal_text", lambda number: "1.5")
    result = run("generate", "--no-search", "--only", "keras2/SGD", "--out", tmp_path)
    assert (result.exit_code, "left as it was" in result.output) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["keras2.json"]


def test_generate_can_be_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Ctrl-C says what is done, and exits as the shell expects."""

    def interrupted(spec: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(question, "plans_for", interrupted)
    result = run("generate", "--no-search", "--only", "keras2/SGD", "--out", tmp_path)
    assert (result.exit_code, "0 done, 1 as they were" in result.output) == (130, True)


def test_check_is_quick_about_what_is_fresh(folder: Path):
    """Exit code 0 and one line."""
    result = run("check", "--fast", "--only", "keras2/SGD", "--fixtures", folder)
    assert (result.exit_code, result.output) == (0, "1 fixtures are consistent\n")


def test_check_names_what_is_wrong_and_the_remedy(folder: Path):
    """Exit code 1; the last line can be copied."""
    (folder / "keras2" / "SGD.json").write_text("{")
    result = run("check", "--fast", "--only", "keras2/SGD", "--fixtures", folder)
    assert result.exit_code == 1
    assert result.output.startswith("corrupt: keras2/SGD: ")
    assert result.output.endswith("oracle generate --only keras2/SGD\n")


def test_check_of_everything_looks_for_extra_files(folder: Path):
    """What belongs to no spec is found although nobody asked for it by name."""
    (folder / "keras2" / "SDG.json").write_text("{}")
    assert "extra: keras2/SDG: " in run("check", "--fast", "--fixtures", folder).output


@pytest.mark.long
def test_what_is_committed_is_consistent():
    """Whoever edits a rule generates its fixture anew, in the same commit."""
    result = run("check", "--fast")
    assert (result.exit_code, result.stdout) == (
        0,
        f"{len(oracle.specs())} fixtures are consistent\n",
    )


@pytest.mark.long
def test_what_is_committed_passes_the_linter():
    """Every rule holds for every fixture."""
    result = run("lint")
    assert (result.exit_code, result.stdout.endswith(" 0 objections\n")) == (0, True)


def test_lint_exits_1_with_a_sentence(folder: Path):
    """A damaged file is an objection."""
    (folder / "keras2" / "SGD.json").write_text("[]")
    result = run("lint", "--only", "keras2/SGD", "--fixtures", folder)
    assert (result.exit_code, "not an object" in result.output) == (1, True)
