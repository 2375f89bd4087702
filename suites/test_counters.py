"""Counters: a candidate that is right in its first steps is right in the later ones, too."""

from __future__ import annotations

from oracle.conformance.counters import CounterCheck


def test_long_runs(long_run: CounterCheck) -> None:
    """No counter of steps stops or begins anew, be it after 101 steps or after 2^24."""
    long_run.holds()
