"""In which precision tf.train holds its hyperparameters, by the names of its own arguments."""

from __future__ import annotations

import numpy as np
import pytest
from single import least

import oracle
from oracle.adapters.tf1.precision import (
    EXACT,
    STARTS_OF_SLOTS,
    TIMES_THE_VARIABLE,
    WITHOUT_A_CAST,
    held_by,
    held_in,
)

IDS = {id.split("/")[1]: id for id in oracle.specs("tf.train") if not oracle.spec(id).wraps}
NAMES = list(IDS)
CONTRIB = {id.split("/")[1]: id for id in oracle.specs("tf.contrib.opt")}
STARTING = [name for name in NAMES if name in STARTS_OF_SLOTS]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_narrow_variables_hold_their_hyperparameters_themselves(name, dtype):
    assert held_in(name)(dtype) is None


@pytest.mark.parametrize("name", NAMES)
def test_a_float64_variable_gets_its_hyperparameters_through_float32(name):
    held = held_in(name)("float64")
    if name in WITHOUT_A_CAST:
        assert held is None
    else:
        assert held == {"*": "float32", **dict.fromkeys(STARTS_OF_SLOTS.get(name, ()), "float64")}


def test_every_class_and_every_start_of_a_slot_exists():
    assert not set(IDS) & set(CONTRIB)
    assert set(WITHOUT_A_CAST) <= set(NAMES)
    assert {*TIMES_THE_VARIABLE, *EXACT} <= set(CONTRIB)
    for name, starts in STARTS_OF_SLOTS.items():
        assert set(starts) <= set(oracle.spec({**IDS, **CONTRIB}[name]).arguments)


@pytest.mark.parametrize("name", STARTING)
def test_the_start_of_a_slot_is_held_to_all_its_digits(name):
    """0.1 rounded to float32 moves the slot by 1.5e-9."""
    id = f"tf.train/{name}"
    run = oracle.trajectory(id, [1.0], [[0.0]], least(id))
    slot = "n" if name == "FtrlOptimizer" else "a"
    rounded = float(np.float32(0.1)) - 0.1
    assert run.slot_bound("float64", held_in(name)("float64"))[1][slot][0] < abs(rounded) / 1e6
    assert run.slot_bound("float64", "float32")[1][slot][0] >= abs(rounded)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in WITHOUT_A_CAST])
def test_a_learning_rate_through_float32_is_inside_the_declared_bound_only(name):
    id = f"tf.train/{name}"
    given = {**least(id), "learning_rate": 0.1}
    exact = oracle.trajectory(id, [0.5], [[2.0]], given)
    rounded = oracle.trajectory(id, [0.5], [[2.0]], {**given, "learning_rate": np.float32(0.1)})
    error = abs(float(rounded.params[1][0] - exact.params[1][0]))
    assert error <= exact.bound("float64", held_in(name)("float64"))[1][0]
    assert error > exact.bound("float64")[1][0]


@pytest.mark.parametrize("name", TIMES_THE_VARIABLE)
def test_a_weight_decay_is_held_to_all_its_digits(name):
    """0.1 rounded to float32 moves a weight of 1 by 1.5e-9; the rate of 0 moves nothing."""
    id = f"tf.contrib.opt/{name}"
    given = {**least(id), "learning_rate": 0.0}
    exact = oracle.trajectory(id, [1.0], [[0.0]], {**given, "weight_decay": 0.1})
    rounded = oracle.trajectory(id, [1.0], [[0.0]], {**given, "weight_decay": np.float32(0.1)})
    error = abs(float(rounded.params[1][0] - exact.params[1][0]))
    assert error > exact.bound("float64", held_in(name)("float64"))[1][0]
    assert error <= exact.bound("float64", "float32")[1][0]


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_lars_holds_its_hyperparameters_in_the_dtype_of_the_variable(name, dtype):
    assert held_in(name)(dtype) is None


def test_a_wrapped_class_holds_its_arguments_as_it_does_by_itself():
    held = held_by(oracle.spec("tf.contrib.opt/ElasticAverageOptimizer"))("float64")
    assert held["AdagradOptimizer.learning_rate"] == held["*"] == "float32"
    exact = ("AdagradOptimizer.initial_accumulator_value", "MomentumWOptimizer.weight_decay")
    exact += ("LARSOptimizer.learning_rate", "ProximalAdagradOptimizer.learning_rate", "rho")
    assert {held[name] for name in exact} == {"float64"}
    assert held_by(oracle.spec("tf.train/SyncReplicasOptimizer"))("float32") is None


def test_the_decay_of_a_moving_average_is_taken_from_1_in_float32():
    """1 - 0.9999 in float32 is 1.0001659e-4, off by 1.66e-8: inside the declared bound only."""
    opt = {"class_name": "GradientDescentOptimizer", "config": {"learning_rate": 1.0}}
    id = "tf.contrib.opt/MovingAverageOptimizer"
    run = oracle.trajectory(id, [1.0], [[1.0]], {"opt": opt})
    held = np.float64(np.float32(1) - np.float32(0.9999))
    error = abs(float(run.slots[1]["average"][0].item()) - (1 - held))
    assert (
        1e-8
        < error
        < run.slot_bound("float64", held_by(oracle.spec(id))("float64"))[1]["average"][0]
    )
    assert error > run.slot_bound("float64")[1]["average"][0]
