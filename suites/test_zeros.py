"""Zeros: what is given as 0 is taken as 0."""

from __future__ import annotations

from oracle.conformance.zeros import ZeroCheck


def test_zeros(zero: ZeroCheck) -> None:
    """Each hyperparameter may be 0, one at a time, where the library takes it."""
    zero.holds()
