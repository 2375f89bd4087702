"""A time limit on what a candidate does, whether it loops in Python or in native code."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from oracle.conformance.outcomes import Finding
from oracle.conformance.watchdog import Watchdog

_AGAIN = 1.0
"""Seconds after which the alarm rings again, for a candidate that swallows the first one."""


class TimeIsUp(BaseException):
    """Raised inside the candidate; no ``except Exception`` of its own stops it."""


class Guard:
    """Limits the time of each series of calls into the candidate."""

    def __init__(self, seconds: float, name: str = "the candidate") -> None:
        self.seconds = seconds
        self._name = name
        self._watchdog = Watchdog()

    @contextmanager
    def limit(self, what: str) -> Iterator[None]:
        """Turn a candidate that takes too long for ``what`` into a finding.

        An alarm ends a loop in Python; where the alarm goes unheard, the watchdog ends the process
        after as long again, at least two seconds.
        """
        patience = self.seconds + max(2.0, self.seconds)
        self._watchdog.arm(patience, self._name, what)
        try:
            with _alarm(self.seconds):
                yield
        except TimeIsUp:
            raise Finding(
                f"{what}: the candidate takes longer than {self.seconds:g} seconds "
                "(--impl-timeout), so it is stopped"
            ) from None
        finally:
            self._watchdog.disarm()

    def close(self) -> None:
        """End the watchdog."""
        self._watchdog.close()


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise in the main thread after ``seconds``; elsewhere, and on Windows, do nothing."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(
        signal, "setitimer"
    ):
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(signum: int, frame: FrameType | None) -> None:
    raise TimeIsUp
