"""Muon against hand: singular values by their polynomial, and Adam for what is no matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import oracle

HYPER = {
    "learning_rate": 0.5,
    "weight_decay": None,
    "adam_weight_decay": None,
    "rms_rate": None,
    "nesterov": False,
}


def after_one_step(start: Any, gradient: Any, **hyper: Any) -> np.ndarray:
    """Return one parameter after one step."""
    run = oracle.trajectory("keras3/Muon", [start], [[gradient]], HYPER | hyper)
    return run.params[1][0].astype(float)


def test_one_singular_value_goes_to_the_sum_of_the_factors():
    """Over its norm a matrix of rank one has the singular value 1, and a + b + c after a step."""
    hyper = {"muon_a": 2.0, "muon_b": -1.5, "muon_c": 0.25, "ns_steps": 1}
    moved = after_one_step(np.zeros((2, 3)), np.outer([3.0, 4.0], [0.0, 1.0, 0.0]), **hyper)
    assert moved == pytest.approx(np.outer([-0.225, -0.3], [0, 1, 0]), abs=1e-7)


def test_two_singular_values_go_each_its_own_way():
    """Those of diag(3, 4) are 0.6 and 0.8; each goes to 2 s - 1.5 s^3 + 0.5 s^5."""
    hyper = {"muon_a": 2.0, "muon_b": -1.5, "muon_c": 0.5, "ns_steps": 1}
    moved = after_one_step(np.zeros((2, 2)), np.diag([3.0, 4.0]), **hyper)
    wanted = [-(2 * s - 1.5 * s**3 + 0.5 * s**5) / 2 for s in (0.6, 0.8)]
    assert moved == pytest.approx(np.diag(wanted), abs=1e-7)


def test_the_update_of_a_tall_matrix_is_that_of_the_transposed_one():
    gradient = np.arange(1.0, 7.0).reshape(2, 3)
    wide = after_one_step(np.zeros((2, 3)), gradient, rms_rate=0.5)
    tall = after_one_step(np.zeros((3, 2)), gradient.T, rms_rate=0.5)
    assert wide == pytest.approx(tall.T, rel=1e-14)


def test_an_update_is_scaled_by_the_root_of_the_longer_side():
    gradient = np.outer([3.0, 4.0], [1.0, 0, 0, 0])
    plain = after_one_step(np.zeros((2, 4)), gradient)
    assert after_one_step(np.zeros((2, 4)), gradient, rms_rate=0.25) == pytest.approx(plain / 2)


@pytest.mark.parametrize("given", [{}, {"exclude_layers": [0]}])
def test_what_is_no_matrix_or_is_excluded_is_moved_by_adam(given):
    """Its first step is as long as the rate, times adam_lr_ratio."""
    start, gradient = ([[0.0, 0.0]], [[3.0, -2.0]]) if given else ([0.0, 0.0], [3.0, -2.0])
    moved = after_one_step(start, gradient, epsilon=0.0, adam_lr_ratio=0.5, **given)
    assert np.ravel(moved) == pytest.approx([-0.25, 0.25])


def test_each_kind_of_parameter_has_a_decay_of_its_own():
    grads = [[[[0.0, 0.0]], [0.0]]]
    hyper = HYPER | {"weight_decay": 0.5, "adam_weight_decay": 1.0}
    run = oracle.trajectory("keras3/Muon", [[[4.0, 8.0]], [4.0]], grads, hyper)
    assert [p.tolist() for p in run.params[1]] == [[[3, 6]], [2]]
