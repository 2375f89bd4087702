"""A loss so near the best one that rounding decides leaves nothing to be said of what follows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import oracle
from oracle.specification.wrapped import serialized

SGD = serialized("SGD", lr=1.0)
TIES: dict[str, tuple[str, dict[str, Any]]] = {
    "Optax": ("optax.contrib/reduce_on_plateau", {"rtol": 0.3, "patience": 1, "value": [1.0]}),
    "PyTorch": (
        "torch/ReduceLROnPlateau",
        {"threshold": 0.3, "patience": 0, "optimizer": SGD, "metrics": [1.0]},
    ),
}
"""A loss of 1, after which one of 0.7 is a tie: 0.3 and 1 - 0.3 are rounded in every type."""


def bounds(id: str, hyper: dict[str, Any], second: float) -> list[float]:
    """The bound of a parameter after each of four steps, where the second loss is given."""
    losses = "value" if "value" in hyper else "metrics"
    given = {**hyper, losses: [*hyper[losses], second, second]}
    run = oracle.trajectory(id, [[0.0]], [[[1.0]]] * 4, given)
    return [float(np.max(bound[0])) for bound in run.bound("float32")]


@pytest.mark.parametrize("library", TIES)
def test_behind_a_tie_nothing_is_known(library: str):
    assert math.inf in bounds(*TIES[library], second=0.7)


@pytest.mark.parametrize("library", TIES)
@pytest.mark.parametrize("second", [0.6, 0.8])
def test_away_from_a_tie_it_is(library: str, second: float):
    assert max(bounds(*TIES[library], second=second)) < 1e-6
