"""The classes of Keras 3: their arguments' defaults, and the slots that arguments ask for."""

from __future__ import annotations

import pytest
from single import run

import oracle

NAMES = [id.split("/")[1] for id in oracle.specs("keras3") if not oracle.spec(id).wraps]
OWN = {
    "SGD": {"learning_rate": 0.01, "momentum": 0.0, "nesterov": False},
    "RMSprop": {"rho": 0.9, "momentum": 0.0, "epsilon": 1e-7, "centered": False},
    "Adagrad": {"initial_accumulator_value": 0.1, "epsilon": 1e-7},
    "Adadelta": {"rho": 0.95, "epsilon": 1e-7},
    "Adam": {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "amsgrad": False},
    "AdamW": {
        "weight_decay": 0.004,
        "beta_1": 0.9,
        "beta_2": 0.999,
        "epsilon": 1e-7,
        "amsgrad": False,
    },
    "Adamax": {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    "Nadam": {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    "Ftrl": {
        "learning_rate_power": -0.5,
        "initial_accumulator_value": 0.1,
        "l1_regularization_strength": 0.0,
        "l2_regularization_strength": 0.0,
        "l2_shrinkage_regularization_strength": 0.0,
        "beta": 0.0,
    },
    "Lion": {"beta_1": 0.9, "beta_2": 0.99},
    "Lamb": {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    "ScheduleFreeAdamW": {
        "learning_rate": 0.0025,
        "beta_1": 0.9,
        "beta_2": 0.999,
        "epsilon": 1e-8,
        "warmup_steps": 0,
    },
    "Adafactor": {
        "beta_2_decay": -0.8,
        "epsilon_1": 1e-30,
        "epsilon_2": 0.001,
        "clip_threshold": 1.0,
        "relative_step": True,
    },
    "Muon": {
        "adam_beta_1": 0.9,
        "adam_beta_2": 0.999,
        "weight_decay": 0.004,
        "adam_weight_decay": 0.004,
        "epsilon": 1e-7,
        "exclude_layers": None,
        "exclude_embeddings": True,
        "muon_a": 3.4445,
        "muon_b": -4.775,
        "muon_c": 2.0315,
        "adam_lr_ratio": 1,
        "momentum": 0.95,
        "ns_steps": 5,
        "nesterov": True,
        "rms_rate": 0.2,
    },
}
BASE = {
    "learning_rate": 0.001,
    "weight_decay": None,
    "clipnorm": None,
    "clipvalue": None,
    "global_clipnorm": None,
    "use_ema": False,
    "ema_momentum": 0.99,
    "ema_overwrite_frequency": None,
    "loss_scale_factor": None,
    "gradient_accumulation_steps": None,
    "exclude_from_weight_decay": None,
}


@pytest.mark.parametrize("name", NAMES)
def test_defaults_are_those_of_keras_3(name):
    assert oracle.spec(f"keras3/{name}").validate({}) == {**BASE, **OWN[name]}


SLOTS = {
    ("SGD", ""): [],
    ("SGD", "momentum"): ["v"],
    ("RMSprop", ""): ["v"],
    ("RMSprop", "momentum"): ["b", "v"],
    ("RMSprop", "centered"): ["mg", "v"],
    ("Adagrad", ""): ["a"],
    ("Adadelta", ""): ["a", "d"],
    ("Adam", ""): ["m", "v"],
    ("Adam", "amsgrad"): ["m", "v", "v_max"],
    ("AdamW", "amsgrad"): ["m", "v", "v_max"],
    ("Adamax", ""): ["m", "u"],
    ("Nadam", ""): ["m", "mu_product", "v"],
    ("Ftrl", ""): ["n", "z"],
    ("Lion", ""): ["m"],
    ("Lamb", ""): ["m", "v"],
    ("ScheduleFreeAdamW", ""): ["v", "z"],
    ("Adafactor", ""): ["c", "r", "v"],
    ("Muon", ""): ["m", "v"],
}


@pytest.mark.parametrize(("name", "argument"), SLOTS)
def test_slots_are_those_that_the_hyperparameters_ask_for(name, argument):
    hyper = {argument: 0.5 if argument == "momentum" else True} if argument else {}
    assert sorted(run(f"keras3/{name}", 1.0, [1.0], **hyper).slots[0]) == SLOTS[name, argument]


@pytest.mark.parametrize(("name", "value"), [("a", 0.5), ("n", 0.5)])
def test_accumulators_start_where_the_argument_says(name, value):
    spec = "keras3/Adagrad" if name == "a" else "keras3/Ftrl"
    start = run(spec, [1.0, 2.0], [[0.0, 0.0]], initial_accumulator_value=value).slots[0]
    assert start[name][0].tolist() == [value, value]
