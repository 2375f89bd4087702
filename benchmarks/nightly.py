"""What is too long for every change: libraries thoroughly, a thousand seeds, tests of the nights.

Run it as ``python benchmarks/nightly.py --hypothesis-seed 1 2 3`` in an environment that has Keras
and PyTorch; the old libraries need ``oracle setup tf1`` once. It judges each implementation by all
suites with the first seed, by the one that draws with the others, and then the honest rewritings
(`benchmarks/false_alarms.py`), every spec on emulated devices (`benchmarks/devices.py`), all
fixtures, which it computes anew, and those of the project's own tests that are for the nights. It
says what it is at, keeps what each job says in a folder, and fails if any job does: a finding, a
false alarm, or a library that is not there, unless ``--impl`` leaves it out.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

HERE = Path(__file__).parent
LIBRARIES = (
    "numpy",
    "keras",
    "keras-xla",
    "tf",
    "keras2",
    "tf1",
    "torch",
    "torch-compiled",
    "optax",
    "optax-eager",
    "optax-x64",
)
SEEDED = "suites/test_properties.py"
"""The suite that draws; the others are the same with any seed, and are run with the first."""

PARTS = {"keras-xla": ("float16", "bfloat16", "float32", "float64")}
"""What is judged a dtype at a time: TensorFlow keeps each program that XLA compiles, in three maps
of its memory or more, and a process that has the 65,530 of Linux ends in a segmentation fault."""

OWN = ("test_every_diagnosis.py", "test_verdict_is_never_lost.py")
"""The files of `tests/` in which something is marked ``nightly``; what is named runs whole."""

FIXTURES = (sys.executable, "-m", "oracle", "check")
LAST_LINES = 15
"""How much is shown of the output of a job that failed."""


@dataclass(frozen=True)
class Job:
    """Something to be run, by the name that the summary has for it."""

    name: str
    command: Sequence[str]


@dataclass(frozen=True)
class Outcome:
    """How a job ended."""

    job: Job
    code: int
    seconds: float
    output: str
    log: Path

    @property
    def last(self) -> str:
        """What it said last."""
        return next(
            (line for line in reversed(self.output.splitlines()) if line.strip()), "nothing"
        )

    @property
    def told(self) -> str:
        """Its line in the summary."""
        how = "passed" if self.code == 0 else f"FAILED with exit code {self.code}"
        return f"{self.job.name:40} {how:26} {self.seconds:7.0f}s  {self.last[:80]}"


def asked(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hypothesis-seed", type=int, nargs="+", required=True, metavar="SEED")
    parser.add_argument("--impl", nargs="*", default=LIBRARIES, help="what is judged")
    parser.add_argument(
        "--pytest", nargs="*", default=(), help="options for pytest, dashes left out"
    )
    parser.add_argument("--seeds", type=int, default=1000, help="runs of each honest rewriting")
    parser.add_argument(
        "--no-own", action="store_true", help="leave the project's fixtures and own tests out"
    )
    parser.add_argument("--only", default="", help="situations whose name contains this")
    parser.add_argument("--processes", type=int, default=2, help="how many work at once")
    parser.add_argument("--logs", type=Path, help="where outputs are kept (default: a new folder)")
    return parser.parse_args(arguments)


def parts(name: str) -> Iterator[tuple[str, list[str]]]:
    """Yield what of an implementation one process judges, and the options that say so."""
    if name not in PARTS:
        yield name, [f"--impl={name}"]
    for dtype in PARTS.get(name, ()):
        yield f"{name} {dtype}", [f"--impl={name}", f"--impl-dtype={dtype}"]


def jobs(options: argparse.Namespace) -> list[Job]:
    """Return everything that is to be run, in this order."""
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--color=no"]
    pytest += ["-n", str(options.processes), "--impl-profile=thorough"]
    pytest += [f"--{option}" for option in options.pytest]
    found = [
        Job(f"{part}, seed {seed}", [*pytest, *judged, f"--hypothesis-seed={seed}", *only])
        for seed, only in zip(options.hypothesis_seed, chain([()], repeat([SEEDED])), strict=False)
        for name in options.impl
        for part, judged in parts(name)
    ]
    honest = [sys.executable, str(HERE / "false_alarms.py"), f"--seeds={options.seeds}"]
    honest += [f"--only={options.only}", f"--processes={options.processes}"]
    devices = [sys.executable, str(HERE / "devices.py"), f"--seeds={-(-options.seeds // 50)}"]
    devices += [f"--processes={options.processes}"]
    own = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--color=no"]
    own += ["-n", str(options.processes), *(str(HERE.parent / "tests" / name) for name in OWN)]
    return [
        *found,
        *([Job(f"honest rewritings, {options.seeds} seeds", honest)] * bool(options.seeds)),
        *([Job("every spec on emulated devices", devices)] * bool(options.seeds)),
        *([Job("all fixtures computed anew", FIXTURES)] * (not options.no_own)),
        *([Job("the project's own tests for the nights", own)] * (not options.no_own)),
    ]


def run(job: Job, logs: Path) -> Outcome:
    """Run a job in a folder of its own, so that what is judged is what is installed."""
    log = logs / f"{job.name.replace(', ', '-').replace(' ', '-').replace('/', '-')}.txt"
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, log.open("w") as output:
        done = subprocess.run(
            job.command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, check=False
        )
    return Outcome(job, done.returncode, time.perf_counter() - begin, log.read_text(), log)


def night(todo: Sequence[Job], logs: Path) -> int:
    """Run all jobs, say how each one ends, and return how many failed."""
    outcomes = []
    for place, job in enumerate(todo, 1):
        print(f"[{place}/{len(todo)}] {job.name} ...", flush=True)
        outcome = run(job, logs)
        outcomes.append(outcome)
        print(f"    {outcome.told[41:]}", flush=True)
        if outcome.code:
            print("\n".join(f"    | {line}" for line in outcome.output.splitlines()[-LAST_LINES:]))
    failed = [outcome for outcome in outcomes if outcome.code]
    print("\n" + "\n".join(outcome.told for outcome in outcomes))
    print(f"{len(outcomes) - len(failed)} of {len(outcomes)} jobs passed; outputs are in {logs}")
    return len(failed)


def main() -> int:
    """Return 0 if the night was quiet."""
    options = asked()
    logs = options.logs or Path(tempfile.mkdtemp(prefix="nightly-"))
    logs.mkdir(parents=True, exist_ok=True)
    return 1 if night(jobs(options), logs) else 0


if __name__ == "__main__":
    sys.exit(main())
