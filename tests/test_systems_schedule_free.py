"""Schedule-Free AdamW against hand: where z goes, and the mean that p is drawn to."""

from __future__ import annotations

import pytest

import oracle

HYPER = {"learning_rate": 0.5, "beta_1": 0.5, "beta_2": 0.75, "epsilon": 0.0}


def run(start: float, *gradients: float, **hyper: float) -> oracle.Trajectory:
    """Return what it does to one weight."""
    steps = [[[g]] for g in gradients]
    return oracle.trajectory("keras3/ScheduleFreeAdamW", [[start]], steps, HYPER | hyper)


def test_z_takes_the_steps_and_p_lies_between_it_and_the_mean():
    """Under one gradient z goes 0.5 a step; the mean of 0.5 and 0 is 0.25, and p half of that."""
    after = run(1.0, 2.0, 2.0)
    assert [float(s["z"][0][0]) for s in after.slots] == [1, 0.5, 0]
    assert [float(p[0][0]) for p in after.params] == [1, 0.5, 0.125]


@pytest.mark.parametrize(("steps", "first"), [(0, 0.5), (1, 0.5), (4, 0.875)])
def test_the_rate_rises_in_the_steps_of_warmup(steps, first):
    assert float(run(1.0, 2.0, warmup_steps=steps).params[1][0][0]) == first
