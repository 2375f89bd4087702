"""Sizes: no element is forgotten, however large its array, and wherever in it the element is."""

from __future__ import annotations

from oracle.conformance.sizes import SizeCheck


def test_large_runs(large_run: SizeCheck) -> None:
    """Around the sizes of blocks, past 2^16 and past 2^20 elements, each of them is right."""
    large_run.holds()
