"""Judge several versions of Keras and TensorFlow, and write the table docs/versions.md.

Run it as ``python benchmarks/versions.py`` in an environment that has Keras; the genuine TensorFlow
1.15 needs ``oracle setup tf1`` once. Each version of Keras is laid over the one of the environment,
each TensorFlow gets an environment of its own. Reports are kept in a folder: a version whose report
is whole is not judged again, so that an interrupted run goes on where it was.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oracle.golden.write import write_atomically
from oracle.report.lines import ReportError
from oracle.report.verdicts import by_version, read

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "versions.md"
KERAS = ("3.4.1", "3.6.0", "3.8.0", "3.10.0", "3.12.0", "3.15.1")
TENSORFLOW = ("2.18.1", "2.21.0")

HEAD = """# Verdicts by version

What the suites say of several versions of each library: the number of checks by outcome, in the
profile `ci`, all dtypes together. A *known* failure is declared with its evidence, for the versions
that have it, in `oracle/adapters/*/known_failures*.toml`. Written by `benchmarks/versions.py`.

Two things differ. Keras 3.4.1 fails by its accumulation of gradients: *each gradient of a group
is clipped, and the weights decay with it, before they are added; each step of a group counts as an
update*. From 3.7 on Keras [takes an empty matrix for a
bias](finds.md#keras-3151-on-tensorflow-kerasopsadd-takes-an-empty-matrix-for-a-bias), which is
*known*. From 3.6 to 3.15, and from TensorFlow 2.18 to 2.21, nothing else does.
"""


@dataclass(frozen=True)
class Run:
    """One implementation in one version."""

    impl: str
    python: Path
    report: Path
    over: Path | None = None
    """A folder of packages that come before those of the environment."""


def asked() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keras", nargs="*", default=KERAS, metavar="VERSION")
    parser.add_argument("--tensorflow", nargs="*", default=TENSORFLOW, metavar="VERSION")
    parser.add_argument("--without-tf1", action="store_true", help="leave TensorFlow 1.15 out")
    parser.add_argument("--folder", type=Path, default=ROOT / ".versions", help="what is kept")
    parser.add_argument("--processes", type=int, default=2, help="how many judge at once")
    return parser.parse_args()


def install(python: str, *arguments: str) -> None:
    """Run pip of an environment."""
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *arguments], check=True)


def keras_over(version: str, folder: Path) -> Run:
    """Return the run of a version of Keras, laid over the environment's own."""
    over, new = folder / f"keras-{version}", folder / f"keras-{version}.partial"
    if not over.exists():
        shutil.rmtree(new, ignore_errors=True)
        install(sys.executable, "--no-deps", "--target", str(new), f"keras=={version}")
        new.rename(over)
    return Run("keras", Path(sys.executable), folder / f"keras-{version}.jsonl", over)


def tensorflow_apart(version: str, folder: Path) -> Run:
    """Return the run of a version of TensorFlow, in an environment of its own."""
    environment = folder / f"tensorflow-{version}"
    python = environment / "bin" / "python"
    whole = environment / "whole"
    if not whole.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(environment)], check=True)
        install(str(python), f"{ROOT}[test]", f"tensorflow-cpu=={version}")
        whole.touch()
    return Run("tf", python, folder / f"tensorflow-{version}.jsonl")


def is_whole(report: Path) -> bool:
    """Whether a report is there, and of a run that was through."""
    try:
        read(report)
    except ReportError:
        return False
    return True


def judge(run: Run, processes: int) -> None:
    """Run the suites, unless that is done; what they say is in the report."""
    print(f"{run.report.stem} ... ", end="", flush=True)
    if not is_whole(run.report):
        told = {"PYTHONPATH": str(run.over)} if run.over else {}
        command = [str(run.python), "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += ["-n", str(processes), f"--impl={run.impl}", f"--impl-report={run.report}"]
        with tempfile.TemporaryDirectory() as folder, open(f"{run.report}.txt", "w") as output:
            subprocess.run(
                command,
                cwd=folder,
                env=os.environ | told,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
    print("judged" if is_whole(run.report) else f"NOT JUDGED, see {run.report}.txt", flush=True)


def page(reports: Sequence[Path]) -> str:
    """Return the text of the page."""
    return "\n".join([HEAD, *by_version([read(path) for path in reports]), ""])


def main() -> int:
    """Judge every version that has no report yet, then write the page."""
    options = asked()
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    runs = [keras_over(version, folder) for version in options.keras]
    runs += [tensorflow_apart(version, folder) for version in options.tensorflow]
    if not options.without_tf1:
        old = ("keras2", "tf1")
        runs += [Run(name, Path(sys.executable), folder / f"{name}.jsonl") for name in old]
    for run in runs:
        judge(run, options.processes)
    whole = [run.report for run in runs if is_whole(run.report)]
    if len(whole) < len(runs):
        return 1
    write_atomically(PAGE, page(whole))
    return 0


if __name__ == "__main__":
    sys.exit(main())
