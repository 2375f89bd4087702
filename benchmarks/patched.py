"""A library with one line changed: the errors of its table, and a copy to make them in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent

SUITES = ("golden", "clipping", "configuration", "defaults", "training", "properties")
"""The suites in the order in which they tell most: the golden cases explain what they find."""


@dataclass(frozen=True)
class Library:
    """A library whose lines are written wrongly."""

    name: str
    package: str
    """What is imported, and copied."""
    inside: str
    """Where in it the files of the table stand."""
    tests: str
    """Its own tests of optimizers, as a pattern of files inside; empty where it comes without."""
    environments: Mapping[str, Mapping[str, str]]
    """By implementation that judges it, the variables with which it runs."""

    @property
    def table(self) -> Path:
        """The file of its errors."""
        return HERE / f"{self.name}_patches.toml"

    def patches(self) -> list[Patch]:
        """Return every patch, in the order of the table."""
        rows = tomllib.loads(self.table.read_text())["patch"]
        usual = {"impl": next(iter(self.environments))}
        return [Patch(**{**usual, **row, "says": tuple(row.get("says", ()))}) for row in rows]


def _on(backend: str) -> Mapping[str, str]:
    return {"KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"}


KERAS = Library(
    "keras",
    "keras",
    "src",
    "optimizers/**/*_test.py",
    {"keras": _on("tensorflow"), "keras-jax": _on("jax"), "keras-torch": _on("torch")},
)
OPTAX = Library("optax", "optax", "", "**/*_test.py", {"optax": {"JAX_PLATFORMS": "cpu"}})
TORCH = Library("torch", "torch", "", "", {"torch": {}})
LIBRARIES = {impl: library for library in (KERAS, OPTAX, TORCH) for impl in library.environments}
"""By implementation, the library that it judges."""


@dataclass(frozen=True)
class Patch:
    """One line of a library written wrongly."""

    id: str
    file: str
    """Where the line stands, inside of the package."""
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
    """The implementation that runs the line."""

    def applied(self, source: str) -> str:
        """Return the source with the line changed."""
        lines = source.splitlines(keepends=True)
        places = [i for i, line in enumerate(lines) if self.right in line]
        if len(places) < self.nth:
            raise SystemExit(
                f"{self.id}: {self.file} has no such line: is it the version of the table?"
            )
        place = places[self.nth - 1]
        lines[place] = lines[place].replace(self.right, self.wrong, 1)
        return "".join(lines)

    @property
    def tests(self) -> str:
        """The library's own tests of the file: the first to be run.

        What all optimizers of Keras share has those of the base class.
        """
        parts = self.file.removesuffix(".py").split("/")
        shared = parts[0] == "backend" or parts[-1] == "base_optimizer"
        return "optimizers/optimizer_test.py" if shared else f"{'/'.join(parts)}_test.py"


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


def _copied_or_linked(source: str, target: str) -> None:
    """Copy what is Python, whose lines may be changed; link all else, as it may be large."""
    if source.endswith(".py"):
        shutil.copy2(source, target)
    else:
        os.symlink(source, target)


@dataclass(frozen=True)
class Copy:
    """A copy of an installed library, in which lines may be changed."""

    folder: Path
    library: Library = KERAS

    @classmethod
    def made(cls, folder: Path, library: Library = KERAS) -> Copy:
        """Copy the source of the installed package into a folder; the rest of it is linked."""
        found = find_spec(library.package)
        if found is None or found.origin is None:
            raise SystemExit(
                f"{library.package} is not installed: run this where "
                f"`pytest --impl={next(iter(library.environments))}` runs"
            )
        there = Path(found.origin).parent
        shutil.copytree(there, folder / library.package, copy_function=_copied_or_linked)
        return cls(folder, library)

    @property
    def inside(self) -> Path:
        """Where the files of the table stand."""
        return self.folder / self.library.package / self.library.inside

    @contextmanager
    def patched(self, patch: Patch) -> Iterator[None]:
        """Have one line changed for a while."""
        file = self.inside / patch.file
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
        return self._pytest(impl, *options, *suites)

    def theirs(self, first: str, impl: str = "keras") -> Outcome | None:
        """Run the library's own tests, up to a failure, those of one file before the others.

        Every file is named, as pytest would take a folder for all that is in it, in its own order.
        A library that comes without its tests has no outcome.
        """
        if not self.library.tests:
            return None
        plain = ["-c", os.devnull, "--rootdir", str(self.folder), "-p", "no:optimizer-oracle"]
        tests = sorted(self.inside.glob(self.library.tests))
        tests.sort(key=lambda path: not path.match(f"{self.inside}/{first}"))
        return self._pytest(impl, *plain, *(str(path.relative_to(self.folder)) for path in tests))

    def _pytest(self, impl: str, *arguments: str) -> Outcome:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *arguments]
        environment = {
            **os.environ,
            **self.library.environments[impl],
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.pathsep.join((str(self.folder), os.environ.get("PYTHONPATH", ""))),
        }
        start = time.perf_counter()
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - start
        if done.returncode not in (0, 1):
            raise SystemExit(f"pytest {' '.join(arguments)}\n{done.stdout}{done.stderr}")
        return Outcome(done.returncode == 1, seconds, done.stdout)
