"""Instances: several optimizers at once are as many optimizers, and share nothing."""

from __future__ import annotations

from oracle.conformance.instances import InstancesCheck


def test_runs_side_by_side(run_side_by_side: InstancesCheck) -> None:
    """Two optimizers of one spec, stepped in turn, do what each of them does alone."""
    run_side_by_side.holds()
