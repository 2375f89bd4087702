"""Code that needs an interpreter of its own, in which nothing has been imported before."""

from __future__ import annotations

import subprocess
import sys
import textwrap


def in_new_python(code: str) -> str:
    """Run ``code`` in a fresh interpreter and return the last line that it printed."""
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().rpartition("\n")[2]
