"""Optax against hand: each alias and each transformation, for numbers that a head can follow."""

from __future__ import annotations

from typing import Any

import pytest
from optax_facts import FACTS
from optax_facts_of_links import FACTS_OF_LINKS
from optax_facts_of_losses import FACTS_OF_LOSSES
from optax_facts_of_scaling import FACTS_OF_SCALING
from optax_facts_of_wrappers import FACTS_OF_WRAPPERS

import oracle
from oracle.errors import HyperparameterError, ShapeError
from oracle.specification.wrapped import serialized

ALL = FACTS | FACTS_OF_LINKS | FACTS_OF_SCALING | FACTS_OF_LOSSES | FACTS_OF_WRAPPERS


@pytest.mark.parametrize("fact", ALL)
def test_the_numbers_are_those_of_a_hand(fact: str):
    name, hyper, start, grads, expected = ALL[fact]
    spec = f"optax.contrib/{name}" if fact.startswith("contrib/") else f"optax/{name}"
    run = oracle.trajectory(spec, [start], [[g] for g in grads], hyper)
    end = run.params[len(grads)][0].ravel()
    assert [float(x) for x in end] == pytest.approx(expected, abs=1e-15)


def test_a_matrix_has_the_moments_of_its_rows_and_columns():
    """The first moment of rows 4, 16 and of columns 10, 10 stands for 4, 4, 16, 16."""
    hyper = {"learning_rate": 1.0, "multiply_by_parameter_scale": False, "eps": 0.0}
    start, grad = [[0.0, 0.0], [0.0, 0.0]], [[2.0, 2.0], [4.0, 4.0]]
    run = oracle.trajectory(
        "optax/adafactor", [start], [[grad]], {**hyper, "min_dim_size_to_factor": 2}
    )
    assert [float(x) for x in run.params[1][0].ravel()] == pytest.approx([-1, -1, -1, -1])
    assert [float(x) for x in run.slots[1]["r"][0]] == [4, 16]
    assert [float(x) for x in run.slots[1]["c"][0]] == [10, 10]


def test_sm3_bounds_the_squares_by_those_of_each_axis():
    """After rows of 1, 2 and 3, 4 the largest are 2, 4 along rows and 3, 4 along columns."""
    run = oracle.trajectory(
        "optax/sm3",
        [[[0.0, 0.0], [0.0, 0.0]]],
        [[[[1.0, 2.0], [3.0, 4.0]]]],
        {"learning_rate": 1.0},
    )
    assert [float(x) for x in run.slots[1]["mu_0"][0]] == [4, 16]
    assert [float(x) for x in run.slots[1]["mu_1"][0]] == [9, 16]


def test_a_scalar_has_no_axis_for_sm3():
    with pytest.raises(ShapeError, match=r"gradient 0 has 0 axes: SM3 takes 1 to 4$"):
        oracle.trajectory("optax/sm3", [0.0], [[1.0]], {"learning_rate": 1.0})


def test_what_is_no_matrix_is_not_for_scale_by_muon():
    with pytest.raises(ShapeError, match=r"gradient 0 has 1 axes: scale_by_muon takes matrices"):
        oracle.trajectory("optax.contrib/scale_by_muon", [[0.0]], [[[1.0]]], {})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"ns_coeffs": "muon"}, "the presets are standard, dion"),
        ({"ns_coeffs": [1.0, 2.0]}, "it must be three numbers, or a list of such"),
        ({"ns_coeffs": []}, "it must be three numbers, or a list of such"),
        ({"ns_coeffs": "dion", "ns_steps": 3}, "has factors for 5 steps where ns_steps is 3"),
        ({"preconditioning": "l2"}, "it must be one of frobenius, spectral, aol, schatten"),
    ],
)
def test_what_muon_cannot_do_is_refused_in_a_sentence(arguments: Any, said: str):
    with pytest.raises(HyperparameterError) as refused:
        oracle.spec("optax.contrib/muon").validate({"learning_rate": 1.0, **arguments})
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "adversary", [serialized("dog"), serialized("chain", args=[serialized("dog")])]
)
def test_an_adversary_that_shares_numbers_is_refused(adversary: Any):
    arguments = {"optimizer": serialized("sgd", learning_rate=1.0), "adv_optimizer": adversary}
    with pytest.raises(HyperparameterError, match="dog keeps numbers that parameters share"):
        oracle.spec("optax.contrib/sam").validate(arguments)


def test_a_missing_gradient_is_refused():
    with pytest.raises(ShapeError, match=r"gradient 1 is missing: optax takes one for every"):
        oracle.trajectory("optax/adam", [0.0, 0.0], [[1.0, None]], {"learning_rate": 1.0})


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        ({"class_name": "cosine"}, 'a schedule must be {"class_name": ..., "config": {...}}'),
        ({"class_name": "cosine", "config": {}}, "the schedules are constant_schedule, "),
        ({"class_name": "constant_schedule", "config": {}}, "constant_schedule needs value"),
        (
            {"class_name": "constant_schedule", "config": {"rate": 1}},
            "constant_schedule takes value, not 'rate'",
        ),
        (
            {"class_name": "sgdr_schedule", "config": {"cosine_kwargs": [{"init_value": 1}]}},
            "warmup_cosine_decay_schedule needs peak_value, warmup_steps, decay_steps",
        ),
    ],
)
def test_a_schedule_that_is_none_is_refused_in_a_sentence(rate: Any, said: str):
    with pytest.raises(HyperparameterError) as refused:
        oracle.spec("optax/sgd").validate({"learning_rate": rate})
    assert said in str(refused.value)


def test_a_loss_has_to_fall_by_something():
    given = {"rtol": 0, "atol": 0.0, "value": [1.0]}
    with pytest.raises(HyperparameterError, match=r"rtol or atol must be above 0$"):
        oracle.spec("optax.contrib/reduce_on_plateau").validate(given)


def test_there_is_a_fact_of_every_spec():
    shown = {
        f"optax{'.contrib' if k.startswith('contrib/') else ''}/{v[0]}" for k, v in ALL.items()
    }
    elsewhere = {"optax/lbfgs", "optax/scale_by_lbfgs"}
    assert shown | elsewhere == {*oracle.specs("optax"), *oracle.specs("optax.contrib")}
