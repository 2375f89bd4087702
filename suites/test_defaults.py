"""Defaults: what is not said is what the library's own signature says."""

from __future__ import annotations

from oracle.conformance.defaults import DefaultCheck, LookUpCheck


def test_default_runs(default_run: DefaultCheck) -> None:
    """Without a single hyperparameter the candidate does what the library does by default."""
    default_run.holds()


def test_looked_up_runs(looked_up_run: LookUpCheck) -> None:
    """Looked up by name, in any letter case, the optimizer is the one with the defaults."""
    looked_up_run.holds()
