"""MixedPrecisionLossScaleOptimizer against hand: a scale that moves, and steps that are skipped."""

from __future__ import annotations

import math

import numpy as np
import pytest

import oracle
from oracle.errors import HyperparameterError

SPEC = "tf.train/experimental.MixedPrecisionLossScaleOptimizer"
PLAIN = {"class_name": "GradientDescentOptimizer", "config": {"learning_rate": 1.0}}


def scale(**config):
    return {"class_name": "DynamicLossScale", "config": config}


def scaled(gradients, loss_scale, opt=PLAIN):
    """Run a scalar parameter from 0."""
    grads = [[g] for g in gradients]
    return oracle.trajectory(SPEC, [0.0], grads, {"opt": opt, "loss_scale": loss_scale})


def path(run):
    return [float(params[0].item()) for params in run.params]


def slot(run, name):
    return [float(slots[name][0].item()) for slots in run.slots]


def test_the_scale_grows_by_its_multiplier_after_a_period():
    run = scaled([1.0] * 4, scale(initial_loss_scale=4.0, increment_period=2, multiplier=3.0))
    assert slot(run, "current_loss_scale") == [4, 4, 12, 12, 36]
    assert slot(run, "good_steps") == [0, 1, 0, 1, 0]
    assert path(run) == [0, -1, -2, -3, -4]


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_what_is_not_finite_is_skipped_and_the_scale_stays_above_1(bad):
    run = scaled([1.0, bad, bad, 1.0], scale(initial_loss_scale=3.0, increment_period=2))
    assert slot(run, "current_loss_scale") == [3, 3, 1.5, 1, 1]
    assert slot(run, "good_steps") == [0, 1, 0, 0, 1]
    assert path(run) == [0, -1, -1, -1, -2]


def test_one_parameter_stops_all():
    hyper = {"opt": PLAIN, "loss_scale": "dynamic"}
    run = oracle.trajectory(SPEC, [[1.0, 1.0], 1.0], [[np.array([1.0, math.nan]), 4.0]], hyper)
    assert run.params[1][0].tolist() == [1, 1]
    assert run.params[1][1] == 1


def test_the_wrapped_optimizer_counts_the_steps_that_were_taken():
    adam = {"class_name": "AdamOptimizer", "config": {"learning_rate": 1.0}}
    run = scaled([1.0, math.inf, 2.0], scale(), adam)
    alone = oracle.trajectory(
        "tf.train/AdamOptimizer", [0.0], [[1.0], [2.0]], {"learning_rate": 1.0}
    )
    assert run.params[3][0] == alone.params[2][0]


def test_a_fixed_scale_skips_nothing():
    run = scaled([1.0, math.inf], 8.0)
    assert path(run) == [0, -1, -math.inf]
    assert run.slots[-1] == {}


def test_dynamic_stands_for_the_defaults():
    run = scaled([1.0], "dynamic")
    assert slot(run, "current_loss_scale") == [2.0**15, 2.0**15]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (0.5, "at least 1, or 'dynamic'"),
        ("static", "at least 1, or 'dynamic'"),
        ({"class_name": "FixedLossScale", "config": {}}, "'DynamicLossScale'"),
        (scale(growth=2), "no 'growth': it takes initial_loss_scale, increment_period"),
        (scale(increment_period=0), "increment_period=0: it must be an integer of at least 1"),
    ],
)
def test_what_is_no_loss_scale_is_refused_in_a_sentence(given, told):
    with pytest.raises(HyperparameterError, match=told):
        oracle.spec(SPEC).validate({"opt": PLAIN, "loss_scale": given})
