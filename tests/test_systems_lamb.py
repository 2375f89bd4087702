"""LAMB against hand: Adam's direction, as long as the tensor's weights."""

from __future__ import annotations

import mpmath
from single import DIGITS

import oracle

HYPER = {"learning_rate": 0.5, "epsilon": 0.0}


def after_one_step(start: list[float], gradient: list[float]) -> list[mpmath.mpf]:
    """Return a tensor after one step, whose direction is the signs of its gradient."""
    return list(oracle.trajectory("keras3/Lamb", [start], [[gradient]], HYPER).params[1][0])


def test_the_first_step_is_as_long_as_half_the_weights():
    one, other = after_one_step([3.0, 4.0], [2.0, -7.0])
    with mpmath.workdps(50):
        half = mpmath.mpf(5) / mpmath.sqrt(2) / 2
        assert abs(one - (3 - half)) < DIGITS
        assert abs(other - (4 + half)) < DIGITS


def test_without_weights_or_without_a_direction_the_rate_is_not_scaled():
    assert after_one_step([0.0, 0.0], [2.0, -7.0]) == [-0.5, 0.5]
    run = oracle.trajectory("keras3/Lamb", [[3.0]], [[[0.0]]], {"learning_rate": 0.5})
    assert run.params[1][0][0] == 3
