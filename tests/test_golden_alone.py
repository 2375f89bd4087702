"""No option of a library is shown only together with another one."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

import oracle
from oracle.golden.alone import Setting, never_alone
from oracle.golden.cases import plans_for, shown_elsewhere
from oracle.golden.cases.plan import SPARE
from oracle.specification.options import plain

SCHEDULE = {
    "class_name": "CosineDecay",
    "config": {"initial_learning_rate": 0.5, "decay_steps": 4},
}
SHAPES = ((2, 3), (), (0,))


def _settings(spec: str) -> list[Setting]:
    """What the planned cases of a spec set."""
    return [
        Setting(plan.hyper, plan.shapes, bool(plan.missing), any(plan.rows))
        for plan in plans_for(spec)
        if plan.role != SPARE
    ]


def _alone(spec: str, name: str) -> list[Setting]:
    """The settings that show an option with no other, and those that do not move it."""
    known = oracle.spec(spec)
    return [s for s in _settings(spec) if s.options(known) != {name}]


def _missed(spec: str, settings: list[Setting]) -> list[str]:
    known = oracle.spec(spec)
    return list(never_alone(known, settings, shown_elsewhere(known)))


@pytest.mark.parametrize("spec", oracle.specs())
def test_planned_cases_show_each_option_alone(spec: str):
    assert _missed(spec, _settings(spec)) == []


def test_what_all_optimizers_of_a_library_share_is_shown_by_two_of_them():
    """Of its own arguments each spec has to show every one."""
    base = {"weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "use_ema", "ema_momentum"}
    assert base <= set(shown_elsewhere(oracle.spec("keras3/RMSprop")))
    assert {"momentum", "centered"}.isdisjoint(shown_elsewhere(oracle.spec("keras3/RMSprop")))
    assert "weight_decay" not in shown_elsewhere(oracle.spec("keras3/AdamW"))
    assert shown_elsewhere(oracle.spec("keras3/SGD")) == []
    assert shown_elsewhere(oracle.spec("tf.train/FtrlOptimizer")) == []


@pytest.mark.parametrize(
    ("spec", "option", "beside"),
    [
        ("keras2/SGD", "decay", {"nesterov": True, "momentum": 0.5}),
        ("keras3/SGD", "weight_decay", {"momentum": 0.5}),
        ("keras3/Adam", "amsgrad", {"weight_decay": 0.5}),
        ("keras3/Adam", "gradient_accumulation_steps", {"clipnorm": 1.0}),
        ("keras3/Adam", "use_ema", {"ema_overwrite_frequency": 2}),
        ("keras3/Ftrl", "l1_regularization_strength", {"l2_regularization_strength": 0.5}),
        ("tf.contrib.opt/LARSOptimizer", "skip_list", {"use_nesterov": True}),
    ],
)
def test_an_option_that_is_shown_only_beside_another_is_named(
    spec: str, option: str, beside: dict[str, Any]
):
    value = next(s.hyper[option] for s in _settings(spec) if option in s.hyper)
    mixed = Setting({**_required(spec), option: value, **beside}, SHAPES)
    missed = _missed(spec, [*_alone(spec, option), mixed])
    assert option in " ".join(missed)


@pytest.mark.parametrize(
    ("spec", "circumstance", "field", "beside"),
    [
        ("keras3/Adam", "missing gradients", {"missing": True}, {"weight_decay": 0.5}),
        ("tf.train/RMSPropOptimizer", "missing gradients", {"missing": True}, {"momentum": 0.5}),
        ("tf.train/RMSPropOptimizer", "sparse gradients", {"sparse": True}, {"centered": True}),
        ("keras3/SGD", "a schedule", {}, {"momentum": 0.5, "learning_rate": SCHEDULE}),
    ],
)
def test_a_circumstance_that_is_shown_only_beside_an_option_is_named(
    spec: str, circumstance: str, field: dict[str, bool], beside: dict[str, Any]
):
    mixed = Setting({**_required(spec), **beside}, SHAPES, **field)
    assert circumstance in _missed(spec, [*_alone(spec, circumstance), mixed])


def test_a_number_is_shown_by_itself_and_not_among_numbers():
    settings = [s for s in _settings("keras3/Adam") if set(s.hyper) != {"beta_2"}]
    assert _missed("keras3/Adam", settings) == ["beta_2"]


def test_an_option_says_nothing_without_what_it_needs():
    settings = [s for s in _settings("keras3/SGD") if "momentum" not in s.hyper]
    assert "momentum and nesterov" in _missed("keras3/SGD", settings)


def test_an_option_of_a_wrapped_optimizer_counts():
    spec = "tf.contrib.opt/MovingAverageOptimizer"
    config = {"learning_rate": 0.5, "momentum": 0.5, "use_nesterov": True}
    inner = {"opt": {"class_name": "MomentumOptimizer", "config": config}}
    kept = [s for s in _settings(spec) if "num_updates" not in s.hyper]
    assert "num_updates" in _missed(spec, [*kept, Setting({**inner, "num_updates": 3}, SHAPES)])


def test_shapes_that_come_only_beside_options_are_named():
    known = oracle.spec("keras3/SGD")
    bare = [
        s if s.options(known) else dataclasses.replace(s, shapes=((2, 3),))
        for s in _settings("keras3/SGD")
    ]
    assert _missed("keras3/SGD", bare) == ["a scalar parameter", "an empty parameter"]


def test_what_is_off_by_default_is_an_option():
    arguments = oracle.spec("keras3/SGD").arguments
    options = {name for name, argument in arguments.items() if argument.is_option}
    assert set(arguments) - options == {"learning_rate", "ema_momentum"}


def test_numbers_are_what_is_left_of_arguments_without_options():
    given = {"learning_rate": 0.5, "momentum": 0.5, "nesterov": True, "ema_momentum": 0.5}
    assert plain(oracle.spec("keras3/SGD"), given) == {"learning_rate": 0.5, "ema_momentum": 0.5}


def _required(spec: str) -> dict[str, Any]:
    known = oracle.spec(spec)
    given = next(s.hyper for s in _settings(spec) if set(known.required) <= set(s.hyper))
    return {name: given[name] for name in known.required}
