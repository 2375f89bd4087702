"""The other process: started when it is needed, asked line by line, ended when it misbehaves."""

from __future__ import annotations

import atexit
import json
import os
import selectors
import shlex
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, Any

from oracle.errors import CandidateError

START_SECONDS = 120.0
"""How long a worker may take to answer the first message: a framework imports slowly."""

_LAST_WORDS = 600
"""How much of stderr is shown."""


class Process:
    """A worker program; after it died or was ended, the next message starts it again."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None):
        self.command = list(command)
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._stderr: IO[bytes] | None = None
        self._unread = b""
        atexit.register(self.close)

    @property
    def name(self) -> str:
        """The command line, as it would be typed."""
        return shlex.join(self.command)

    @property
    def running(self) -> bool:
        """Whether there is a living process."""
        return self._process is not None and self._process.poll() is None

    def ask(self, message: Mapping[str, Any], seconds: float | None = None) -> dict[str, Any]:
        """Send one message and return the answer; whatever goes wrong ends the process.

        Raises `CandidateError` with one sentence and the last of what the worker wrote to stderr.
        """
        if not self.running:
            self._start()
        try:
            self._send(message)
            return self._answer(seconds)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the process, with all that it started."""
        process, self._process, self._unread = self._process, None, b""
        if process is not None:
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()

    def failure(self, sentence: str) -> CandidateError:
        """Return an error that says what happened, and the worker's last words."""
        return CandidateError(f"{sentence}{self._last_words()}")

    def _start(self) -> None:
        self.close()
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                env=self._environment,
                start_new_session=True,
            )
        except OSError as error:
            raise CandidateError(
                f"the worker {self.name!r} cannot be started: {error.strerror or error}"
            ) from error

    def _send(self, message: Mapping[str, Any]) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message, allow_nan=False).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self._death() from error

    def _answer(self, seconds: float | None) -> dict[str, Any]:
        line = self._line(seconds)
        try:
            answer = json.loads(line)
        except ValueError as error:
            shown = line[:80].decode(errors="replace").rstrip("\n")
            raise self.failure(
                f"the worker prints a line that is not JSON: {shown!r} "
                "(stdout is for the protocol alone; all else belongs on stderr)"
            ) from error
        if not isinstance(answer, dict):
            raise self.failure("the worker prints JSON that is not an object")
        return answer

    def _line(self, seconds: float | None) -> bytes:
        """Read up to the next line feed."""
        assert self._process is not None
        assert self._process.stdout is not None
        deadline = None if seconds is None else time.monotonic() + seconds
        pieces = [self._unread]
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in pieces[-1]:
                left = None if deadline is None else deadline - time.monotonic()
                if not selector.select(left):
                    raise self.failure(f"the worker does not answer within {seconds:g} seconds")
                piece = os.read(self._process.stdout.fileno(), 1 << 20)
                if not piece:
                    raise self._death()
                pieces.append(piece)
        line, _, self._unread = b"".join(pieces).partition(b"\n")
        return line

    def _death(self) -> CandidateError:
        assert self._process is not None
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2)
        code = self._process.returncode
        if code is None:
            return self.failure("the worker closes its stdout")
        if code < 0:
            return self.failure(f"the worker is killed by {signal.Signals(-code).name}")
        return self.failure(f"the worker ends with exit code {code} instead of answering")

    def _last_words(self) -> str:
        if self._stderr is None:
            return ""
        self._stderr.seek(0)
        text = self._stderr.read().decode(errors="replace").strip()
        if not text:
            return ""
        tail = text[-_LAST_WORDS:]
        lines = "\n    ".join(tail.splitlines())
        return f"\n  its stderr {'ends' if tail != text else 'says'}:\n    {lines}"
