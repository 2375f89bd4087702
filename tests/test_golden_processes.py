"""Generating in processes: the same bytes for any number of them, and whole files at any end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from oracle.golden.read import base_path, read_document
from oracle.resources import fixtures_dir


def _oracle(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-c", "from oracle.cli import main; main()", *map(str, arguments)]


def _environment(seed: str = "0") -> dict[str, str]:
    return {**os.environ, "PYTHONHASHSEED": seed}


@pytest.mark.long
def test_files_are_the_same_for_any_hash_seed_and_number_of_jobs(tmp_path: Path):
    """Two processes that have nothing in common write the same bytes."""
    runs = [
        subprocess.Popen(
            _oracle(
                "generate",
                "--no-search",
                "--only",
                "keras2/[RS]*",
                "--jobs",
                jobs,
                "--out",
                tmp_path / jobs,
            ),
            env=_environment(seed=jobs),
        )
        for jobs in ("1", "2")
    ]
    assert [run.wait() for run in runs] == [0, 0]
    for name in ("RMSprop", "SGD"):
        one, two = ((tmp_path / jobs / "keras2" / f"{name}.json").read_bytes() for jobs in "12")
        assert one == two
        recorded = read_document(fixtures_dir() / f"keras2/{name}.json")["cases"]
        assert all(case in recorded for case in json.loads(one)["cases"])


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are POSIX")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)]
)
def test_a_stopped_run_leaves_whole_files_and_no_processes(
    tmp_path: Path, number: signal.Signals, code: int
):
    """Killed or interrupted half-way: each file is the old or the new one, no worker stays."""
    old = _old_files(tmp_path)
    arguments = ("generate", "--no-search", "--only", "keras2/*", "--jobs", "2", "--out", tmp_path)
    run = subprocess.Popen(
        _oracle(*arguments),
        env=_environment(),
        stdout=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=_heed_interrupts,
    )
    assert run.stdout is not None
    assert b"written" in run.stdout.readline()
    run.send_signal(number)
    assert run.wait() == code
    texts = {path.name: path.read_text() for path in (tmp_path / "keras2").glob("*.json")}
    assert texts.keys() == old.keys()
    assert sum(texts[name] == old[name] for name in old) >= 4
    assert all(json.loads(text)["spec"] for text in texts.values())
    assert _ends(run.pid)


def _heed_interrupts() -> None:
    """Undo what a shell does to its background jobs: they and their children ignore SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _old_files(folder: Path) -> dict[str, str]:
    (folder / "keras2").mkdir()
    shutil.copy(base_path("keras2", fixtures_dir()), folder)
    for path in (fixtures_dir() / "keras2").glob("*.json"):
        (folder / "keras2" / path.name).write_text(json.dumps(json.loads(path.read_text())))
    return {path.name: path.read_text() for path in (folder / "keras2").iterdir()}


def _ends(group: int) -> bool:
    for _ in range(300):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    os.killpg(group, signal.SIGKILL)
    return False
