"""Training: a whole model is trained, step by step, as the mathematics has it."""

from __future__ import annotations

from oracle.conformance.training import TrainingCheck


def test_training(trained_run: TrainingCheck) -> None:
    """After every batch the weights are within the bound of both passes and of the step."""
    trained_run.holds()
