"""The wheel carries everything: suites and fixtures too, for use far from any checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

PROJECT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command without this environment's Python path, and return what it prints."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST"))}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, install it in a new virtual environment, and return its programs."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip")
    run(*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, PROJECT, cwd=folder)
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    wheel = next(folder.glob("*.whl"))
    run(programs / "python", "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    return programs


def test_the_installed_wheel_judges_numpy_in_an_empty_folder(programs: Path, tmp_path: Path):
    output = run(programs / "pytest", "--impl=numpy", "-k", "Lion", "-q", cwd=tmp_path)
    assert "passed" in output
    assert "keras3/Lion" in output
    assert "consistent" in run(programs / "oracle", "check", "--fast", cwd=tmp_path)
