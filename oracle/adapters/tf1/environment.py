"""Where the environment of TensorFlow 1.15.5 and Keras 2.3.1 is, and how it is made."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from oracle.errors import ImplementationError
from oracle.resources import cache_dir

HERE = Path(__file__).resolve().parent / "python37"
REQUIREMENTS = HERE / "requirements.txt"
WORKER = HERE / "worker.py"

CHOICE = "ORACLE_TF1_PYTHON"
"""An environment variable that names another interpreter with the libraries."""

NO_PYTHON = (
    "no Python 3.7 is found on the PATH or in pyenv; get one with `pyenv install 3.7` "
    "(or `uv python install 3.7`), or name it: oracle setup tf1 --python PATH"
)


def home() -> Path:
    """Return the folder of the environment: in the user's cache."""
    return cache_dir() / "tf1"


def python() -> Path:
    """Return the interpreter to run the worker with; raises `ImplementationError`."""
    chosen = os.environ.get(CHOICE)
    if chosen:
        if not Path(chosen).is_file():
            raise ImplementationError(f"{CHOICE}={chosen}: there is no such file")
        return Path(chosen)
    found = home() / "bin" / "python"
    if not found.is_file():
        raise ImplementationError(
            "TensorFlow 1.15 and Keras 2.3 need an environment of Python 3.7: run `oracle setup "
            f"tf1` once (it makes {home()}), or set {CHOICE} to an interpreter that has them"
        )
    return found


def find_python37() -> Path | None:
    """Return an interpreter of Python 3.7: from the PATH, else from pyenv or uv."""
    for candidate in _candidates():
        try:
            said = subprocess.run(
                [candidate, "-c", "import sys; print(sys.version_info[:2])"],
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError:
            continue
        if said.stdout.strip() == "(3, 7)":
            return candidate
    return None


def _candidates() -> Iterator[Path]:
    on_path = shutil.which("python3.7")
    if on_path:
        yield Path(on_path)
    roots = (
        Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions",
        Path.home() / ".local" / "share" / "uv" / "python",
    )
    for root in roots:
        yield from sorted(root.glob("*3.7*/bin/python3.7"))


def commands(interpreter: Path, folder: Path) -> list[list[str]]:
    """Return what makes the environment: a virtual one, then the libraries with pins that work."""
    inside = str(folder / "bin" / "python")
    pip = [inside, "-m", "pip", "install", "--disable-pip-version-check"]
    return [
        [str(interpreter), "-m", "venv", "--clear", str(folder)],
        [*pip, "--upgrade", "pip<24.1", "setuptools<68", "wheel<0.42"],
        [*pip, "--requirement", str(REQUIREMENTS)],
    ]


def complete(folder: Path) -> bool:
    """Whether the libraries can be imported in an environment."""
    inside = folder / "bin" / "python"
    test = "import tensorflow, keras; print(tensorflow.__version__, keras.__version__)"
    if not inside.is_file():
        return False
    said = subprocess.run([inside, "-c", test], capture_output=True, text=True, check=False)
    return said.stdout.split() == ["1.15.5", "2.3.1"]
