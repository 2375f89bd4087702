"""A run that is ended from outside says so, and blames no candidate.

SIGTERM, as CI sends it to a job that is cancelled or late, becomes what Ctrl-C is: the check that
runs is left, the table of what was judged is written, and pytest's exit code is 2.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any

import pytest


class Ending:
    """Listens for SIGTERM while a run lasts; the workers of pytest-xdist leave it to its head."""

    def __init__(self, config: pytest.Config) -> None:
        self._told = False
        self._before: Any = None
        self._listens = threading.current_thread() is threading.main_thread()
        if self._listens:
            heard = _leave if hasattr(config, "workerinput") else self._end
            self._before = signal.signal(signal.SIGTERM, heard) or signal.SIG_DFL

    def pytest_unconfigure(self) -> None:
        """Leave the signal as it was."""
        if self._listens:
            signal.signal(signal.SIGTERM, self._before)

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say last why the run is short."""
        if self._told:
            told = "ended from outside by SIGTERM: what had not run is not judged"
            terminalreporter.write_line(told, yellow=True, bold=True)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._told = True
        raise KeyboardInterrupt


def _leave(number: int, frame: FrameType | None) -> None:
    """Do nothing; unlike a signal that is ignored, this is not handed down to what is started."""
