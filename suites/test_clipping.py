"""Clipping: gradients are clipped where, and as far as, the library says, and not elsewhere."""

from __future__ import annotations

from oracle.conformance.clipping import ClippingCheck


def test_clipped_runs(clipped_run: ClippingCheck) -> None:
    """Inside, at and beyond the threshold, on one side, and apart or together: all as defined."""
    clipped_run.holds()


def test_unbounded_runs(unbounded_run: ClippingCheck) -> None:
    """A gradient that is infinite or not a number has the effect that the library defines."""
    unbounded_run.holds()
