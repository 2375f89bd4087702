"""Where TensorFlow 1.15 and Keras 2.3 are found, and what is said where they are not."""

from __future__ import annotations

import os
import stat

import pytest
from click.testing import CliRunner

from oracle.adapters import find
from oracle.adapters.tf1 import environment
from oracle.cli import main
from oracle.errors import ImplementationError


def interpreter(path, said: str):
    """An executable that says what Python would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{said}'\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """A home and a PATH without any Python 3.7."""
    for name in (environment.CHOICE, "PYENV_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "bin"), "/usr/bin", "/bin"]))
    monkeypatch.setattr(environment.shutil, "which", lambda name: None)
    return tmp_path


def test_a_missing_environment_is_refused_with_the_remedy(nowhere):
    with pytest.raises(ImplementationError, match="run `oracle setup tf1` once"):
        environment.python()


def test_the_implementations_are_refused_with_the_same_sentence(nowhere, pytester):
    result = pytester.runpytest_subprocess("--impl=keras2")
    assert result.ret != 0
    result.stderr.fnmatch_lines("*run `oracle setup tf1` once*")


def test_another_interpreter_may_be_named(nowhere, monkeypatch):
    monkeypatch.setenv(environment.CHOICE, "/nowhere/python")
    with pytest.raises(ImplementationError, match="ORACLE_TF1_PYTHON=/nowhere/python: there is no"):
        environment.python()
    chosen = interpreter(nowhere / "python", "")
    monkeypatch.setenv(environment.CHOICE, str(chosen))
    assert environment.python() == chosen


def test_the_environment_in_the_cache_is_found(nowhere):
    made = interpreter(environment.home() / "bin" / "python", "1.15.5 2.3.1")
    assert environment.python() == made
    assert environment.complete(environment.home())


def test_an_environment_with_other_versions_is_not_complete(nowhere):
    interpreter(environment.home() / "bin" / "python", "1.14.0 2.3.1")
    assert not environment.complete(environment.home())


def test_python_is_looked_for_in_pyenv_and_has_to_be_3_7(nowhere, monkeypatch):
    assert environment.find_python37() is None
    monkeypatch.setenv("PYENV_ROOT", str(nowhere / "pyenv"))
    interpreter(nowhere / "pyenv" / "versions" / "3.7.1" / "bin" / "python3.7", "(3, 8)")
    assert environment.find_python37() is None
    right = interpreter(nowhere / "pyenv" / "versions" / "3.7.16" / "bin" / "python3.7", "(3, 7)")
    assert environment.find_python37() == right


def test_setup_without_python_says_how_to_get_it(nowhere):
    result = CliRunner().invoke(main, ["setup", "tf1"])
    assert result.exit_code == 3
    assert "pyenv install 3.7" in result.output


def test_setup_that_fails_leaves_nothing_behind(nowhere):
    broken = nowhere / "broken"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    result = CliRunner().invoke(main, ["setup", "tf1", "--python", str(broken)])
    assert result.exit_code == 1
    assert "this failed" in result.output
    assert list(environment.home().parent.iterdir()) == []


def test_setup_of_what_is_complete_does_nothing(nowhere):
    interpreter(environment.home() / "bin" / "python", "1.15.5 2.3.1")
    result = CliRunner().invoke(main, ["setup", "tf1"])
    assert (result.exit_code, "is complete" in result.output) == (0, True)


def test_the_worker_and_its_pins_travel_with_the_package():
    assert environment.WORKER.is_file()
    assert "tensorflow==1.15.5" in environment.REQUIREMENTS.read_text()


def test_a_named_implementation_needs_no_environment_of_another(nowhere):
    assert find("numpy").name == "numpy"
