"""Adafactor against hand: a matrix of rank one is normalized wholly, as a vector is."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest
from single import DIGITS

import oracle

HYPER = {"learning_rate": 0.5, "epsilon_1": 0.0}


def run(start: Any, *gradients: Any, **hyper: Any) -> oracle.Trajectory:
    """Return what Adafactor does to one parameter."""
    return oracle.trajectory("keras3/Adafactor", [start], [[g] for g in gradients], HYPER | hyper)


def test_a_gradient_of_rank_one_moves_all_elements_alike():
    """Its squares are the outer product of [1, 4] with [1, 4], whose means are 2.5."""
    after = run([[0.0, 0.0], [0.0, 0.0]], [[1.0, -2.0], [2.0, -4.0]])
    assert [list(map(float, slot[0])) for slot in (after.slots[1][n] for n in "rc")] == [
        [2.5, 10.0],
        [2.5, 10.0],
    ]
    with mpmath.workdps(50):
        step = mpmath.mpf(0.001) / 2
        wanted = [-step, step, -step, step]
        assert all(
            abs(x - y) < DIGITS for x, y in zip(after.params[1][0].flat, wanted, strict=True)
        )


def test_slots_have_shapes_of_their_own_and_a_vector_has_but_one():
    grads = [[[1.0, 2.0, 3.0]] * 2, [1.0]]
    start = oracle.trajectory("keras3/Adafactor", [grads[0], grads[1]], [grads]).slots[0]
    shapes = {name: [a.shape for a in arrays] for name, arrays in start.items()}
    assert shapes == {"r": [(2,), (0,)], "c": [(3,), (0,)], "v": [(0,), (1,)]}


@pytest.mark.parametrize("relative", [True, False])
def test_the_rate_is_at_most_one_over_the_root_of_t(relative):
    """The weights are the scale: both steps are that long, by the rate."""
    hyper = {"learning_rate": 4.0, "relative_step": relative, "beta_2_decay": -1.0}
    first, second = (float(p[0][0]) for p in run([2.0], [3.0], [3.0], **hyper).params[1:])
    assert first == 0
    assert run([2.0], [3.0], learning_rate=0.25).params[1][0][0] == 1.5
    assert second == pytest.approx(-0.001 / 2**0.5, rel=1e-15)


def test_an_update_is_clipped_by_its_root_mean_square():
    assert run([2.0, 2.0], [3.0, -1.0], clip_threshold=0.5).params[1][0].tolist() == [1.5, 2.5]
