"""PyTorch's schedulers against hand: the rates that a gradient of -1 shows, step by step."""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi
from typing import Any

import pytest

import oracle
from oracle.errors import HyperparameterError, ShapeError
from oracle.specification.wrapped import serialized

SGD = serialized("SGD", lr=1.0)
PAUSE = {"base_lr": 0.25, "max_lr": 0.75, "step_size_up": 2, "step_size_down": 1}
STILL = {"cycle_momentum": False}
FLAT = {"metrics": [1.0], "patience": 0, "factor": 0.5}
SHORT = {"max_lr": 1.0, "div_factor": 4.0, "final_div_factor": 2.0, "anneal_strategy": "linear"}

FACTS: dict[str, tuple[str, dict[str, Any], list[float]]] = {
    "steps": ("StepLR", {"step_size": 2, "gamma": 0.5}, [1, 1, 0.5, 0.5, 0.25]),
    "milestones": ("MultiStepLR", {"milestones": [1, 3], "gamma": 0.5}, [1, 0.5, 0.5, 0.25]),
    "twice": ("MultiStepLR", {"milestones": [2, 2, 3], "gamma": 0.5}, [1, 1, 0.25, 0.125]),
    "share": ("ConstantLR", {"factor": 0.5, "total_iters": 2}, [0.5, 0.5, 1, 1]),
    "line": (
        "LinearLR",
        {"start_factor": 0.25, "end_factor": 0.75, "total_iters": 2},
        [0.25, 0.5, 0.75, 0.75],
    ),
    "powers": ("ExponentialLR", {"gamma": 0.5}, [1, 0.5, 0.25]),
    "falling": ("PolynomialLR", {"total_iters": 2}, [1, 0.5, 0, 0]),
    "square": ("PolynomialLR", {"total_iters": 2, "power": 2.0}, [1, 0.25, 0]),
    "cosine": ("CosineAnnealingLR", {"T_max": 2}, [1, 0.5, 0, 0.5, 1, 0.5]),
    "cosine above": ("CosineAnnealingLR", {"T_max": 2, "eta_min": 0.5}, [1, 0.75, 0.5, 0.75]),
    "restarts": (
        "CosineAnnealingWarmRestarts",
        {"T_0": 2, "T_mult": 2},
        [1, 0.5, 1, (1 + cos(pi / 4)) / 2, 0.5, (1 - cos(pi / 4)) / 2, 1],
    ),
    "factors": ("LambdaLR", {"lr_lambda": [0.5, 0.25, 1.0]}, [0.5, 0.25, 1, 1]),
    "factors of factors": ("MultiplicativeLR", {"lr_lambda": [0.5, 0.25, 2.0]}, [1, 0.25, 0.5, 1]),
    "no lower loss": ("ReduceLROnPlateau", {**FLAT, "patience": 1}, [1, 1, 1, 0.5, 0.5]),
    "a rest": ("ReduceLROnPlateau", {**FLAT, "cooldown": 1}, [1, 1, 0.5, 0.5, 0.25]),
    "no lower rate": ("ReduceLROnPlateau", {**FLAT, "min_lr": 0.375}, [1, 1, 0.5, 0.375, 0.375]),
    "too little": ("ReduceLROnPlateau", {**FLAT, "eps": 0.5}, [1, 1, 1, 1]),
    "no higher loss": (
        "ReduceLROnPlateau",
        {**FLAT, "mode": "max", "threshold_mode": "abs", "threshold": 0.5, "metrics": [1.0, 1.5]},
        [1, 1, 0.5],
    ),
    "a share higher": (
        "ReduceLROnPlateau",
        {**FLAT, "mode": "max", "threshold": 0.25, "metrics": [1.0, 1.25, 1.5]},
        [1, 1, 0.5, 0.5, 0.25],
    ),
    "an amount lower": (
        "ReduceLROnPlateau",
        {**FLAT, "threshold_mode": "abs", "threshold": 0.5, "metrics": [2.0, 1.25, 1.0]},
        [1, 1, 1, 0.5],
    ),
    "cycle": ("CyclicLR", {**PAUSE, **STILL}, [0.25, 0.5, 0.75, 0.25, 0.5]),
    "half a cycle": (
        "CyclicLR",
        {**PAUSE, **STILL, "mode": "triangular2"},
        [0.25, 0.5, 0.75, 0.25, 0.375],
    ),
    "fading cycle": (
        "CyclicLR",
        {**PAUSE, **STILL, "mode": "exp_range", "gamma": 0.5},
        [0.25, 0.375, 0.375, 0.25],
    ),
    "cycle of momenta": (
        "CyclicLR",
        {
            "base_lr": 1.0,
            "max_lr": 1.0,
            "step_size_up": 1,
            "base_momentum": 0.5,
            "max_momentum": 0.75,
        },
        [1, 1.5, 2.125],
    ),
    "one cycle": (
        "OneCycleLR",
        {**SHORT, **STILL, "total_steps": 5, "pct_start": 0.4},
        [0.25, 1, 1 - 0.875 / 3, 1 - 2 * 0.875 / 3, 0.125],
    ),
    "three phases": (
        "OneCycleLR",
        {**SHORT, **STILL, "total_steps": 10, "pct_start": 0.3, "three_phase": True},
        [0.25, 0.625, 1, 0.625, 0.25, 0.225],
    ),
    "one cycle of cosines": (
        "OneCycleLR",
        {**SHORT, **STILL, "anneal_strategy": "cos", "total_steps": 10, "pct_start": 0.3},
        [0.25, 0.625, 1],
    ),
    "one cycle of momenta": (
        "OneCycleLR",
        {
            **SHORT,
            "div_factor": 1.0,
            "total_steps": 5,
            "pct_start": 0.4,
            "base_momentum": 0.5,
            "max_momentum": 0.75,
        },
        [1, 1.5],
    ),
    "towards a rate": (
        "SWALR",
        {"swa_lr": 0.5, "anneal_epochs": 2, "anneal_strategy": "linear"},
        [1, 0.75, 0.5, 0.5],
    ),
    "towards a rate by cosine": (
        "SWALR",
        {"swa_lr": 0.5, "anneal_epochs": 3},
        [1, 0.875, 0.625, 0.5, 0.5],
    ),
    "at a rate at once": ("SWALR", {"swa_lr": 0.5, "anneal_epochs": 0}, [0.5, 0.5]),
    "chained": (
        "ChainedScheduler",
        {
            "schedulers": [
                serialized("ConstantLR", factor=0.5, total_iters=2),
                serialized("ExponentialLR", gamma=0.5),
            ]
        },
        [0.5, 0.25, 0.25, 0.125],
    ),
    "in sequence": (
        "SequentialLR",
        {
            "schedulers": [
                serialized("LinearLR", start_factor=0.25, total_iters=2),
                serialized("ExponentialLR", gamma=0.5),
                serialized("ConstantLR", factor=0.5, total_iters=1),
            ],
            "milestones": [2, 4],
        },
        [0.25, 0.625, 1, 0.5, 0.5, 1],
    ),
}


@pytest.mark.parametrize("fact", FACTS)
def test_the_rates_are_those_of_a_hand(fact: str):
    name, hyper, rates = FACTS[fact]
    run = oracle.trajectory(
        f"torch/{name}", [[0.0]], [[[-1.0]]] * len(rates), {"optimizer": SGD, **hyper}
    )
    moved = [float(b[0][0] - a[0][0]) for a, b in pairwise(run.params)]
    assert moved == pytest.approx(rates, abs=1e-15)


def test_the_first_beta_of_adam_is_cycled():
    """With gradients of 1 and betas of 0.5 and 0 the first moment is half the last, half a 1."""
    hyper = {
        "optimizer": serialized("Adam", lr=7.0, betas=[0.25, 0.0], eps=0.0),
        "base_lr": 1.0,
        "max_lr": 1.0,
        "step_size_up": 1,
        "base_momentum": 0.25,
        "max_momentum": 0.5,
    }
    run = oracle.trajectory("torch/CyclicLR", [[0.0]], [[[1.0]]] * 2, hyper)
    assert [float(slot["m"][0][0]) for slot in run.slots[1:]] == [0.5, 0.875]


def test_a_cycle_needs_a_momentum():
    hyper = {"optimizer": serialized("Adagrad"), "base_lr": 0.1, "max_lr": 0.2}
    with pytest.raises(HyperparameterError, match=r"Adagrad has no argument 'momentum'"):
        oracle.trajectory("torch/CyclicLR", [[0.0]], [[[1.0]]], hyper)


def test_a_cycle_ends():
    hyper = {"optimizer": SGD, "max_lr": 1.0, "total_steps": 2}
    with pytest.raises(HyperparameterError, match=r"step 4 has no rate: total_steps=2$"):
        oracle.trajectory("torch/OneCycleLR", [[0.0]], [[[1.0]]] * 4, hyper)


@pytest.mark.parametrize(
    ("name", "hyper", "said"),
    [
        ("MultiStepLR", {"milestones": [3, 1]}, r"a rising list of counts"),
        ("ConstantLR", {"factor": 0.0}, r"factor=0.0 is refused"),
        ("ChainedScheduler", {"schedulers": []}, r"it must be a list of"),
        ("ChainedScheduler", {"schedulers": [serialized("CyclicLR")]}, r"'CyclicLR' is none of"),
        ("ChainedScheduler", {"schedulers": [serialized("StepLR")]}, r"StepLR needs step_size"),
        ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.2, "mode": "square"}, r"it must be 'triangular'"),
        ("SequentialLR", {"schedulers": [serialized("ExponentialLR", gamma=0.5)]}, r"needs miles"),
        ("LambdaLR", {"lr_lambda": []}, r"it must have a number for each step, as a list such as"),
        ("LambdaLR", {"lr_lambda": ["a half"]}, r"it must have a number for each step"),
        ("ReduceLROnPlateau", {"metrics": [1.0], "factor": 1.0}, r"at least 0, below 1"),
        ("ReduceLROnPlateau", {"metrics": [1.0], "threshold": 1.0}, r"lets no loss be better"),
        (
            "SequentialLR",
            {"schedulers": [serialized("ExponentialLR", gamma=0.5)], "milestones": [2]},
            r"1 schedulers take 0 milestones, not 1",
        ),
    ],
)
def test_what_a_scheduler_cannot_be_given_is_refused(name: str, hyper: dict[str, Any], said: str):
    with pytest.raises(HyperparameterError, match=said):
        oracle.trajectory(f"torch/{name}", [[0.0]], [[[1.0]]], {"optimizer": SGD, **hyper})


def test_an_optimizer_that_begins_at_its_rate_is_refused():
    hyper = {"optimizer": serialized("Rprop"), "gamma": 0.5}
    with pytest.raises(HyperparameterError, match=r"Rprop begins at its rate"):
        oracle.trajectory("torch/ExponentialLR", [[0.0]], [[[1.0]]], hyper)


@pytest.mark.parametrize(
    ("given", "averages"),
    [({}, [1, 1.5, 2]), ({"avg_fn": "ema", "decay": 0.5}, [1, 1.5, 2.25])],
)
def test_the_average_begins_with_the_weights_after_a_step(given: Any, averages: list[float]):
    run = oracle.trajectory(
        "torch/AveragedModel", [[0.0]], [[[-1.0]]] * 3, {"optimizer": SGD, **given}
    )
    assert [float(slots["averaged"][0][0]) for slots in run.slots[1:]] == averages


def test_a_scale_grows_and_falls():
    """Of gradients 8, inf and 8 the scales 4, 8 and 4 make 2, nothing and 2."""
    hyper = {"optimizer": SGD, "init_scale": 4.0, "growth_interval": 1}
    grads = [[[8.0]], [[float("inf")]], [[8.0]]]
    run = oracle.trajectory("torch/GradScaler", [[0.0]], grads, hyper)
    assert [float(p[0][0]) for p in run.params] == [0, -2, -2, -4]
    assert [float(slots["scale"][0]) for slots in run.slots] == [4, 8, 4, 8]


def test_a_step_without_any_gradient_is_refused():
    with pytest.raises(ShapeError, match=r"no gradient at all: GradScaler takes one at least$"):
        oracle.trajectory("torch/GradScaler", [[0.0]], [[None]], {"optimizer": SGD})
