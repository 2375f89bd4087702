"""Two hyperparameters in the place of each other explain something only if both have a part."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import oracle
from oracle.diagnosis.together import exchanged
from oracle.problem import Problem

FTRL = {"l1_regularization_strength": 0.25, "learning_rate": 0.5}


def named(hyper: dict[str, Any]) -> str:
    spec = oracle.spec("keras3/Ftrl")
    problem = Problem.checked(spec, [np.array([1.0, 2.0])], [[np.array([0.5, -1.0])]] * 3)
    return "\n".join(hypothesis.text for hypothesis in exchanged(spec, hyper, problem))


def test_numbers_of_the_rule_are_exchanged():
    assert "learning_rate and l1_regularization_strength exchanged" in named(FTRL)


@pytest.mark.parametrize("use_ema", [False, True])
def test_a_number_of_a_feature_that_is_off_is_not(use_ema: bool):
    average = {"use_ema": use_ema, "ema_overwrite_frequency": 2} if use_ema else {}
    assert ("ema_momentum" in named(FTRL | average)) == use_ema
