"""LossScaleOptimizer against hand: a scale that doubles and halves, and steps that are skipped."""

from __future__ import annotations

import math

import numpy as np
import pytest

import oracle
from oracle.errors import HyperparameterError

SPEC = "keras3/LossScaleOptimizer"
HALF = {"class_name": "SGD", "config": {"learning_rate": 0.5}}


def scaled(gradients, inner=HALF, **hyper):
    """Run a scalar parameter from 0."""
    grads = [[g] for g in gradients]
    return oracle.trajectory(SPEC, [0.0], grads, {"inner_optimizer": inner, **hyper})


def path(run):
    return [float(params[0].item()) for params in run.params]


def slot(run, name):
    return [float(slots[name][0].item()) for slots in run.slots]


def test_the_gradient_is_divided_by_the_scale_that_doubles_after_so_many_steps():
    run = scaled([8.0, 8.0, 8.0, 8.0], initial_scale=4.0, dynamic_growth_steps=2)
    assert slot(run, "dynamic_scale") == [4, 4, 8, 8, 16]
    assert slot(run, "step_counter") == [0, 1, 0, 1, 0]
    assert path(run) == [0, -1, -2, -2.5, -3]


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_what_is_not_finite_halves_the_scale_and_starts_the_count_anew(bad):
    run = scaled([8.0, bad, 8.0, 8.0], initial_scale=4.0, dynamic_growth_steps=2)
    assert slot(run, "dynamic_scale") == [4, 4, 2, 2, 4]
    assert slot(run, "step_counter") == [0, 1, 0, 1, 0]
    assert path(run) == [0, -1, -1, -3, -5]


def test_one_parameter_stops_all():
    grads = [[np.array([1.0, math.nan]), np.array(4.0)]]
    hyper = {"inner_optimizer": HALF, "initial_scale": 2.0}
    run = oracle.trajectory(SPEC, [[1.0, 1.0], 1.0], grads, hyper)
    assert run.params[1][0].tolist() == [1, 1]
    assert run.params[1][1] == 1


def test_the_wrapped_optimizer_counts_the_steps_that_were_taken():
    rate = {
        "class_name": "PiecewiseConstantDecay",
        "config": {"boundaries": [0], "values": [1.0, 0.5]},
    }
    inner = {"class_name": "SGD", "config": {"learning_rate": rate}}
    assert path(scaled([1.0, math.inf, 1.0], inner, initial_scale=1.0)) == [0, -1, -1, -2]


def test_a_group_of_the_wrapped_optimizer_goes_on_after_a_skip():
    inner = {
        "class_name": "SGD",
        "config": {"learning_rate": 1.0, "gradient_accumulation_steps": 2},
    }
    run = scaled([1.0, math.inf, 2.0], inner, initial_scale=1.0)
    assert path(run) == [0, 0, 0, -2.5]
    assert slot(run, "accumulated_gradient") == [0, 1, 1, 0]


def test_the_scale_of_the_wrapped_optimizer_is_taken_away():
    inner = {"class_name": "SGD", "config": {"learning_rate": 1.0, "loss_scale_factor": 4.0}}
    assert path(scaled([8.0], inner, initial_scale=2.0)) == [0, -4]


def test_without_more_than_an_optimizer_the_scale_is_32768():
    run = scaled([2.0**15])
    assert path(run) == [0, -0.5]
    assert oracle.spec(SPEC).arguments["dynamic_growth_steps"].default == 2000


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"inner_optimizer": "sgd"}, "as Keras serializes one"),
        ({"inner_optimizer": {"class_name": "SDG", "config": {}}}, "SGD"),
        ({"inner_optimizer": HALF, "dynamic_growth_steps": 0}, "at least 1"),
        ({"inner_optimizer": HALF, "clipnorm": 1.0}, "no argument 'clipnorm'"),
        ({}, "needs inner_optimizer"),
    ],
)
def test_what_it_does_not_take_is_refused_in_a_sentence(given, told):
    with pytest.raises(HyperparameterError, match=told):
        oracle.spec(SPEC).validate(given)


def test_no_wrapped_optimizer_excludes_parameters_that_it_cannot_name():
    config = {"weight_decay": 0.1, "exclude_from_weight_decay": [0]}
    with pytest.raises(
        HyperparameterError, match="within a wrapper has no exclude_from_weight_decay"
    ):
        oracle.spec(SPEC).validate({"inner_optimizer": {"class_name": "SGD", "config": config}})
