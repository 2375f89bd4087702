"""SIGTERM ends a run as Ctrl-C does: it is told, and the candidate is not blamed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from oracle.cli import main

CANDIDATE = Path(__file__).parent / "candidates" / "is_ended_from_outside.py"
COMMAND = [sys.executable, "-m", "pytest", f"--impl={CANDIDATE}", "-p", "no:cacheprovider"]
TOLD = "ended from outside by SIGTERM: what had not run is not judged"


@pytest.mark.long
def test_a_run_that_is_ended_says_so_and_blames_nobody(tmp_path: Path):
    done = subprocess.run(
        [*COMMAND, "--impl-report=it.jsonl"],
        cwd=tmp_path,
        env=os.environ | {"END": "0"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == pytest.ExitCode.INTERRUPTED
    assert TOLD in done.stdout
    assert "the candidate" not in done.stdout
    assert "ended it, or something from outside" not in done.stderr
    assert "failed" not in done.stdout.splitlines()[-1]
    lines = [json.loads(line) for line in (tmp_path / "it.jsonl").read_text().splitlines()]
    assert lines[-1]["exit_status"] == 2
    refused = CliRunner().invoke(main, ["report", str(tmp_path / "it.jsonl")])
    assert refused.exit_code == 2
    assert "is of a run that was ended before it was through; repeat it" in refused.output


@pytest.mark.long
def test_all_processes_of_a_run_may_be_ended_at_once(tmp_path: Path):
    """As a terminal, or a CI, ends a group of processes."""
    run = subprocess.Popen(
        [*COMMAND, "-n", "1", "--impl-spec=keras3/SGD"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert run.stdout is not None
    assert any("1 worker [" in line for line in run.stdout)
    os.killpg(run.pid, signal.SIGTERM)
    output, _ = run.communicate(timeout=60)
    assert TOLD in output
    assert "crashed" not in output
    assert run.returncode == pytest.ExitCode.INTERRUPTED


def test_the_signal_is_given_back():
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
