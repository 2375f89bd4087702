"""Properties: whatever a candidate is given, it stays within rounding of the truth."""

from __future__ import annotations

from oracle.conformance.properties import PropertyCheck


def test_random_runs(random_runs: PropertyCheck) -> None:
    """Hyperparameters, shapes and gradients drawn at random never lead out of the bound."""
    random_runs.holds()
