"""Edit the engine at random, one place at a time, and tell what the project's own tests let live.

Run it as ``python benchmarks/own_teeth.py --seed 1 2 3`` in an environment that has the extras
``dev`` and ``teeth``. Forty edits a seed, so many from each part of the engine, each shown to the
tests that reach its line, quickest first, and, if none of them objects, to all. What nothing
objects to lives; an edit that nobody can notice is in ``own_teeth.toml``, with the reason.

Everything is kept in a folder: which test reaches what (measured once, and good enough to sort by
until the folder is removed), and what was killed, so that a run that was interrupted goes on, and a
run with better tests tries only what lived. It takes about an hour a seed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Lock

from coverage import CoverageData
from edits import STRATA, Edit, drawn

from oracle.golden.write import write_atomically

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
EQUIVALENT = Path(__file__).with_name("own_teeth.toml")

PATIENCE = 4
"""How many times longer than without the edit the tests may take, before they count as hanging."""

LIVES = "lives"


def asked() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, nargs="+", required=True, help="each draws forty edits")
    parser.add_argument("--folder", type=Path, default=ROOT / ".own_teeth", help="what is kept")
    parser.add_argument("--processes", type=int, default=2, help="how many edits are tried at once")
    parser.add_argument("--list", action="store_true", help="name the edits, and try none")
    parser.add_argument(
        "--reaching", action="store_true", help="leave out the tests that do not reach the line"
    )
    return parser.parse_args()


class Tree:
    """A copy of the project, in which one file at a time is edited."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "tree"
        self._caches = folder / "caches"
        self._tick = 0
        self._running: subprocess.Popen[bytes] | None = None
        self._is_stopped = False
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        for name in filter(lambda name: (ROOT / name).is_file(), listed.stdout.splitlines()):
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, self.root / name)

    def pytest(self, *arguments: str, seconds: float | None = None) -> int | None:
        """Run pytest here, quietly, and return its exit code, or None after so many seconds."""
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
        told = {"PYTHONPATH": str(self.root), "PYTHONPYCACHEPREFIX": str(self._caches)}
        self._running = subprocess.Popen(
            command,
            cwd=self.root,
            env=os.environ | told,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            code = self._running.wait(seconds)
        except subprocess.TimeoutExpired:
            self._end()
            return None
        if self._is_stopped:
            raise InterruptedError
        return code

    def stop(self) -> None:
        """Run no more tests here."""
        self._is_stopped = True
        self._end()

    def _end(self) -> None:
        """End the tests that run here, with all that they have started."""
        if self._running is not None and self._running.poll() is None:
            os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait()

    def write(self, file: str, source: str) -> None:
        """Write a file, at a time of its own: compiled modules are told apart by their times."""
        path = self.root / file
        path.write_text(source)
        self._tick += 10
        os.utime(path, (self._tick, self._tick))


@dataclass(frozen=True)
class Reach:
    """Which test reaches which line, and how long each takes."""

    lines: CoverageData
    seconds: Mapping[str, float]

    def tests(self, edit: Edit) -> list[str]:
        """Return the tests that reach an edit's line, the quickest first."""
        [file] = [f for f in self.lines.measured_files() if f.endswith(f"/{edit.file}")] or [""]
        reached = self.lines.contexts_by_lineno(file).get(edit.line, []) if file else []
        tests = {context.partition("|")[0] for context in reached} & self.seconds.keys()
        return sorted(tests, key=lambda test: self.seconds[test])


def reach(tree: Tree, folder: Path, processes: int) -> Reach:
    """Return what the tests reach, measured unless that was done before."""
    data, log = folder / "coverage", folder / "tests.jsonl"
    if not log.exists():
        print("which test reaches what ...", flush=True)
        parts = ["--cov=oracle", "--cov-context=test", "--cov-report=", f"-n{processes}"]
        if tree.pytest(*parts, f"--report-log={log}.partial") != 0:
            raise SystemExit("the tests do not pass without any edit: mend that first")
        shutil.copy(tree.root / ".coverage", data)
        Path(f"{log}.partial").rename(log)
    lines = CoverageData(str(data))
    lines.read()
    seconds: Counter[str] = Counter()
    for line in map(json.loads, log.read_text().splitlines()):
        if "duration" in line and "nodeid" in line:
            seconds[line["nodeid"]] += line["duration"]
    return Reach(lines, seconds)


def verdict(edit: Edit, tree: Tree, known: Reach, only_reaching: bool) -> str:
    """Return what kills an edit, or that it lives."""
    original = (tree.root / edit.file).read_text()
    tree.write(edit.file, edit.source)
    try:
        if tests := known.tests(edit):
            named = tree.root / "reaching.txt"
            named.write_text("\n".join(tests))
            allowed = 120 + PATIENCE * sum(known.seconds[test] for test in tests)
            code = tree.pytest("-x", f"@{named}", seconds=allowed)
            if code != 0:
                return "hangs" if code is None else "killed by what reaches it"
        if not only_reaching:
            allowed = 600 + PATIENCE * 3 * sum(known.seconds.values())
            code = tree.pytest("-x", "--long", seconds=allowed)
            if code != 0:
                return "hangs" if code is None else "killed by another test"
        return LIVES
    finally:
        tree.write(edit.file, original)


def equivalent(edit: Edit) -> str | None:
    """Return why nobody can notice an edit, if that is known."""
    for entry in tomllib.loads(EQUIVALENT.read_text()).get("equivalent", ()):
        if (entry["file"], entry["was"], entry["now"]) == (edit.file, edit.was, edit.now):
            return f"equivalent: {entry['why']}"
    return None


class Verdicts:
    """What is known of the edits, kept in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._of: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        self._one_at_a_time = Lock()

    def of(self, edit: Edit) -> str | None:
        """Return what is known for good: an edit that lived is tried again."""
        told = equivalent(edit) or self._of.get(edit.told)
        return None if told == LIVES else told

    def add(self, edit: Edit, told: str) -> None:
        with self._one_at_a_time:
            self._of[edit.told] = told
            write_atomically(self._path, json.dumps(self._of, indent=1) + "\n")


class Bench:
    """Trees to try edits in, and what is known of them."""

    def __init__(self, place: Path, options: argparse.Namespace) -> None:
        self._trees = [Tree(place / str(number)) for number in range(options.processes)]
        self._only_reaching = options.reaching
        self._kept = Verdicts(options.folder / "verdicts.json")
        self._known = reach(self._trees[0], options.folder, options.processes)
        self._free: SimpleQueue[Tree] = SimpleQueue()
        for tree in self._trees:
            self._free.put(tree)

    def judged(self, edits: Sequence[Edit]) -> Iterator[tuple[Edit, str]]:
        """Yield each edit with what became of it, in their order."""
        pool = ThreadPoolExecutor(len(self._trees))
        try:
            yield from zip(edits, pool.map(self._judge, edits), strict=True)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for tree in self._trees:
                tree.stop()

    def _judge(self, edit: Edit) -> str:
        """Return what becomes of an edit."""
        if told := self._kept.of(edit):
            return told
        tree = self._free.get()
        try:
            told = verdict(edit, tree, self._known, self._only_reaching)
        finally:
            self._free.put(tree)
        self._kept.add(edit, told)
        return told


def summary(told: Sequence[tuple[Edit, str]]) -> Iterator[str]:
    """Yield what is to be known of a seed."""
    for stratum, (number, _) in STRATA.items():
        lived = sum(word == LIVES for edit, word in told if edit.stratum == stratum)
        yield f"  {stratum:12} {number - lived:2} of {number:2}"
    lived = sum(word == LIVES for _, word in told)
    equal = sum(word.startswith("equivalent") for _, word in told)
    yield f"  {'all':12} {len(told) - lived:2} of {len(told)}, {equal} of them equivalent"


def tried(seed: int, bench: Bench) -> int:
    """Try the edits of a seed, say what becomes of each, and return how many live."""
    told = []
    for number, (edit, word) in enumerate(bench.judged(drawn(ROOT, seed)), 1):
        told.append((edit, word))
        print(f"seed {seed}, {number:2}: {word:26} {edit.told}", flush=True)
    print(f"seed {seed}: killed or equivalent", *summary(told), sep="\n", flush=True)
    return sum(word == LIVES for _, word in told)


def main() -> int:
    """Try the edits of each seed; the exit code is 1 if more than two of a seed's forty live."""
    options = asked()
    if options.list:
        print(*(edit.told for seed in options.seed for edit in drawn(ROOT, seed)), sep="\n")
        return 0
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        bench = Bench(Path(place), options)
        return 1 if max(tried(seed, bench) for seed in options.seed) > 2 else 0


if __name__ == "__main__":
    sys.exit(main())
