"""Hyperparameters that a library refuses are refused in one sentence: name, value, remedy."""

from __future__ import annotations

import re

import numpy as np
import pytest
from single import least

import oracle
from oracle.errors import HyperparameterError, OracleError
from oracle.systems.optax import transformations

ALL = oracle.specs()

WRONG = [
    ("keras3/SGD", "momentum", 1.5, "it must lie in [0, 1]"),
    ("keras3/SGD", "momentum", 1, "it must be a float; write 1.0 for 1"),
    ("keras3/SGD", "momentum", None, "it must be a float; write 1.0 for 1"),
    ("keras3/SGD", "nesterov", "yes", "it must be True or False"),
    ("keras3/SGD", "learning_rate", 1, "it must be a float; write 1.0 for 1"),
    ("keras3/SGD", "learning_rate", "fast", "it must be a float; write 1.0 for 1"),
    ("keras3/SGD", "ema_momentum", "much", "it must be a number"),
    ("keras3/SGD", "gradient_accumulation_steps", 1, "it must be an integer of at least 2"),
    ("keras3/SGD", "clipnorm", "big", "it must be a number"),
    ("keras3/SGD", "exclude_from_weight_decay", "bias", "it must be a list of parameter indices"),
    ("keras3/SGD", "exclude_from_weight_decay", [-1], "it must be a list of parameter indices"),
    ("keras3/AdamW", "weight_decay", None, "it must be a number"),
    ("keras3/Adagrad", "initial_accumulator_value", -0.5, "it must lie in [0, inf]"),
    ("keras3/Ftrl", "learning_rate_power", 0.5, "it must lie in [-inf, 0]"),
    ("keras3/Ftrl", "l1_regularization_strength", -1.0, "it must lie in [0, inf]"),
    ("keras3/Ftrl", "l2_regularization_strength", -1.0, "it must lie in [0, inf]"),
    ("keras3/Ftrl", "l2_shrinkage_regularization_strength", -1.0, "it must lie in [0, inf]"),
    ("keras3/Lion", "beta_1", 0.0, "it must lie in (0, 1]"),
    ("keras2/Adam", "beta_1", "1/3", "it must be a number"),
    ("keras2/Adam", "beta_1", "0x1", "it must be a number"),
    ("keras2/Adam", "epsilon", None, "it must be a number"),
    ("keras2/Adam", "amsgrad", "no", "it must be True or False"),
    ("keras2/SGD", "decay", True, "it must be a number"),
    ("keras2/SGD", "lr", [0.1], "it must be a number"),
    ("keras2/SGD", "clipvalue", 1j, "it must be a number"),
]


@pytest.mark.parametrize(("id", "name", "value", "remedy"), WRONG)
def test_a_wrong_value_is_refused_with_name_value_and_remedy(id, name, value, remedy):
    with pytest.raises(HyperparameterError) as refused:
        oracle.spec(id).validate({name: value})
    assert str(refused.value) == f"{id}: {name}={value!r} is refused: {remedy}"
    assert isinstance(refused.value, (OracleError, ValueError))


@pytest.mark.parametrize("value", [0.5, "0.5", "5e-1", np.float32(0.5), np.float64(0.5)])
def test_numbers_of_every_make_are_accepted(value):
    assert oracle.spec("keras3/SGD").validate({"learning_rate": value})["learning_rate"] == value


@pytest.mark.parametrize("value", [0.0, -1.0, "inf", float("nan")])
def test_values_that_the_library_accepts_are_accepted(value):
    assert oracle.spec("keras2/Adam").validate({"beta_1": value})["beta_1"] is value


def test_validation_leaves_the_callers_dictionary_alone():
    given = {"learning_rate": 0.5}
    oracle.spec("keras2/SGD").validate(given)
    assert given == {"learning_rate": 0.5}


@pytest.mark.parametrize("id", ALL)
def test_an_unknown_argument_is_refused_with_the_known_ones(id):
    with pytest.raises(HyperparameterError) as refused:
        oracle.spec(id).validate({"rate": 0.1})
    known = ", ".join(oracle.spec(id).arguments)
    assert str(refused.value) == f"{id} has no argument 'rate': it takes {known}"


CLIPS = [id for id in ALL if any(link.name == id.split("/")[1] for link in oracle.spec(id).before)]
LINKS = {spec.id for spec in (*transformations.CLIPS, *transformations.LINKS)}
LINKS |= {id for id in ALL if "/scale_by_" in id}
LINKS |= {"optax/polyak_sgd", "optax.contrib/reduce_on_plateau", "optax.contrib/normalize"}
STEPPING = [id for id in ALL if not (id in CLIPS or id in LINKS or oracle.spec(id).wraps)]


@pytest.mark.parametrize("id", STEPPING)
def test_the_learning_rate_is_wanted_by_everyone(id):
    name = "lr" if id.startswith("torch/") else "learning_rate"
    assert oracle.spec(id).validate({**least(id), name: 0.5})[name] == 0.5


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("ema_momentum", -0.5, "it must lie in [0, 1]"),
        ("ema_overwrite_frequency", -1, "it must be an integer of at least 0"),
        ("ema_overwrite_frequency", 1.5, "it must be an integer of at least 0"),
    ],
)
def test_averaging_is_looked_at_only_where_it_is_asked_for(name, value, remedy):
    spec = oracle.spec("keras3/SGD")
    assert spec.validate({name: value})[name] == value
    with pytest.raises(
        HyperparameterError, match=re.escape(f"{name}={value!r} is refused: {remedy}")
    ):
        spec.validate({name: value, "use_ema": True})


def test_an_overwrite_frequency_of_zero_is_none():
    assert oracle.spec("keras3/SGD").validate({"use_ema": True, "ema_overwrite_frequency": 0})


NEVER = {
    "it must be a number": ("big", True, [1.0]),
    "it must be an integer": (1.5, True, "one", [1]),
    "it must be a float": (1, "big", None),
    "it must be True or False": ("yes", [True]),
    "it must be a list": (1, "0", [0.5], {0: 1}),
    "it must map": ([0], {"0": 1}, {"0": [True]}, {0: [1]}),
    "it must be {": ("Adam", {"class_name": 1, "config": {}}, {"config": {}}),
}
"""What no argument of a kind takes, by how its refusal begins."""


@pytest.mark.parametrize("spec", ALL)
def test_what_is_of_another_kind_is_refused_by_every_argument(spec: str):
    for name, argument in oracle.spec(spec).arguments.items():
        wanted = argument.domain.check("nonsense")
        assert wanted is not None, f"{name} takes nonsense"
        for kind, values in NEVER.items():
            if wanted.startswith(kind):
                accepted = [value for value in values if argument.domain.check(value) is None]
                assert not accepted, f"{name} takes {accepted}"
