"""A small process that ends ours when a candidate is stuck where no Python code can run.

An alarm signal reaches Python code only between two bytecodes, and a thread only when the candidate
lets go of the interpreter lock; a loop in native code does neither. A process of its own is not
asked. It also notices when our process ends within a check, and says within which one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress

_PROGRAM = r"""
import os, queue, sys, threading
lines = queue.Queue()

def read():
    for line in sys.stdin.buffer:
        lines.put(line.decode())
    lines.put(None)

def say(sentence):
    sys.stderr.write("\noptimizer-oracle: " + sentence + ".\n")
    sys.stderr.flush()

threading.Thread(target=read, daemon=True).start()
patience, name, what = None, "", ""
while True:
    try:
        line = lines.get(timeout=patience)
    except queue.Empty:
        say(f"{name} is still in {what} after {patience:g} seconds (--impl-timeout); "
            "it is stuck in native code, so the process is ended")
        os.kill(int(sys.argv[1]), 9)
        os._exit(0)
    if line is None:
        if patience is not None:
            say(f"the process ended in {what}: {name} ended it, or something from outside did, "
                "such as SIGKILL where memory runs out")
        os._exit(0)
    seconds, name, what = line.rstrip("\n").split("\t")
    patience = float(seconds) or None
"""


class Watchdog:
    """Ends this process when :meth:`arm` is not followed by :meth:`disarm` in time."""

    def __init__(self) -> None:
        self._stderr = _duplicate_of_stderr()
        self._process: subprocess.Popen[bytes] | None = None

    def arm(self, seconds: float, name: str, what: str) -> None:
        """Allow the candidate called ``name`` so many seconds for ``what``."""
        told = (" ".join(text.split()) for text in (name, what))
        self._send("\t".join((str(seconds), *told)))

    def disarm(self) -> None:
        """Take the limit back."""
        self._send("0\t\t")

    def close(self) -> None:
        """Let the process go."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
            self._process.wait()
            self._process = None
        if self._stderr is not None:
            os.close(self._stderr)
            self._stderr = None

    def _send(self, line: str) -> None:
        if self._process is None:
            self._process = self._start()
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.write(f"{line}\n".encode())
            self._process.stdin.flush()

    def _start(self) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C in the terminal is for pytest, not for the watchdog.
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _PROGRAM, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._stderr,
            start_new_session=True,
        )


def _duplicate_of_stderr() -> int | None:
    """Keep the real stderr, which pytest's capturing replaces while a test runs."""
    try:
        return os.dup(2)
    except OSError:
        return None
