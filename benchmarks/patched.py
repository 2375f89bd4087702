"""Keras with one line changed: the errors of keras_patches.toml, and a copy to make them in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PATCHES = Path(__file__).with_name("keras_patches.toml")

SUITES = ("golden", "clipping", "configuration", "defaults", "training", "properties")
"""The suites in the order in which they tell most: the golden cases explain what they find."""


BACKENDS = {"keras": "tensorflow", "keras-jax": "jax", "keras-torch": "torch"}
"""By implementation, the backend on which it runs Keras."""


@dataclass(frozen=True)
class Patch:
    """One line of Keras written wrongly."""

    id: str
    file: str
    """Where the line stands, under ``keras/src``."""
    right: str
    wrong: str
    kind: str
    spec: str
    """The spec whose run has to show it."""
    says: tuple[str, ...] = ()
    """What names the line in the first explanation; any one of them."""
    nth: int = 1
    """Which of the lines that have ``right`` is meant."""
    impl: str = "keras"
    """The implementation that runs the line, where it is one backend's own."""

    def applied(self, source: str) -> str:
        """Return the source with the line changed."""
        lines = source.splitlines(keepends=True)
        places = [i for i, line in enumerate(lines) if self.right in line]
        if len(places) < self.nth:
            raise SystemExit(f"{self.id}: {self.file} has no such line: is this Keras 3.15.1?")
        place = places[self.nth - 1]
        lines[place] = lines[place].replace(self.right, self.wrong, 1)
        return "".join(lines)

    @property
    def tests(self) -> str:
        """Keras' own tests of the file: the first to be run.

        What all optimizers share has those of the base class.
        """
        parts = self.file.removesuffix(".py").split("/")
        shared = parts[0] == "backend" or parts[-1] == "base_optimizer"
        return "optimizers/optimizer_test.py" if shared else f"{'/'.join(parts)}_test.py"


def patches() -> list[Patch]:
    """Return every patch, in the order of the file."""
    rows = tomllib.loads(PATCHES.read_text())["patch"]
    return [Patch(**{**row, "says": tuple(row.get("says", ()))}) for row in rows]


@dataclass(frozen=True)
class Outcome:
    """What a run of pytest came to."""

    caught: bool
    seconds: float
    output: str

    @property
    def explanation(self) -> str:
        """The first explanation that it gives; empty where there is none."""
        told = (line.strip() for line in self.output.splitlines())
        return next((line for line in told if line.startswith("looks like: ")), "")


@dataclass(frozen=True)
class Copy:
    """A copy of the installed Keras, in which lines may be changed."""

    folder: Path

    @classmethod
    def made(cls, folder: Path) -> Copy:
        """Copy the installed package into a folder."""
        found = find_spec("keras")
        if found is None or found.origin is None:
            raise SystemExit("keras is not installed: run this where `pytest --impl=keras` runs")
        shutil.copytree(Path(found.origin).parent, folder / "keras")
        return cls(folder)

    @contextmanager
    def patched(self, patch: Patch) -> Iterator[None]:
        """Have one line changed for a while."""
        file = self.folder / "keras" / "src" / patch.file
        source = file.read_text()
        file.write_text(patch.applied(source))
        try:
            yield
        finally:
            file.write_text(source)

    def ours(self, spec: str, impl: str = "keras") -> Outcome:
        """Judge one spec in float32, up to the first failure."""
        suites = [f"suites/test_{name}.py" for name in SUITES]
        options = [f"--impl={impl}", f"--impl-spec={spec}", "--impl-dtype=float32"]
        return self._pytest(BACKENDS[impl], *options, *suites)

    def theirs(self, first: str, impl: str = "keras") -> Outcome:
        """Run Keras' own tests of optimizers, up to a failure, those of one file before the others.

        Every file is named, as pytest would take a folder for all that is in it, in its own order.
        """
        plain = ["-c", os.devnull, "--rootdir", str(self.folder), "-p", "no:optimizer-oracle"]
        tests = sorted(self.folder.glob("keras/src/optimizers/**/*_test.py"))
        tests.sort(key=lambda path: not path.match(f"keras/src/{first}"))
        return self._pytest(
            BACKENDS[impl], *plain, *(str(path.relative_to(self.folder)) for path in tests)
        )

    def _pytest(self, backend: str, *arguments: str) -> Outcome:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *arguments]
        environment = {
            **os.environ,
            "KERAS_BACKEND": backend,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(self.folder),
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        start = time.perf_counter()
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - start
        if done.returncode not in (0, 1):
            raise SystemExit(f"pytest {' '.join(arguments)}\n{done.stdout}{done.stderr}")
        return Outcome(done.returncode == 1, seconds, done.stdout)
