"""Golden cases: what a candidate does is within rounding of the exact numbers on record."""

from __future__ import annotations

from oracle.conformance.golden import GoldenCheck


def test_golden(golden_case: GoldenCheck) -> None:
    """Parameters and exposed slots are within the bound at every recorded step."""
    golden_case.holds()
