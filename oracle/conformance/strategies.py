"""Hypothesis strategies for hyperparameters, fit for a dtype.

A narrow dtype is given hyperparameters that it can tell from 1 and updates that it can hold, else
nearly every bound would exceed its update.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from oracle.conformance.forms import Setting, is_number
from oracle.conformance.scheduled import schedule
from oracle.conformance.wrapped import wrapped
from oracle.dtypes import float_type
from oracle.errors import HyperparameterError
from oracle.specification.spec import Spec
from oracle.systems import spec as find_spec

_HALF = 16

CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")


def _powers(low: int, high: int) -> st.SearchStrategy[float]:
    """Numbers from 10**low to 10**high, uniform in the logarithm, simplest near 1."""
    return st.integers(10 * low, 10 * high).map(lambda k: float(f"{10 ** (k / 10):.3g}"))


def _halvings(low: int, high: int) -> st.SearchStrategy[float]:
    """Powers of two, which every dtype holds exactly."""
    return st.integers(low, high).map(lambda k: 2.0**k)


def _share(dtype: str) -> st.SearchStrategy[float]:
    """What is kept of an average: from nothing to as near 1 as the dtype can tell."""
    half = {
        "float16": [0.0, 0.5, 0.75, 0.875, 0.9, 0.96875],
        "bfloat16": [0.0, 0.5, 0.75, 0.875, 0.9],
    }
    if dtype in half:
        return st.sampled_from(half[dtype])
    near = st.sampled_from([0.0, 0.5, 0.9, 0.99, 0.999])
    return near | st.integers(0, 999).map(lambda k: k / 1000)


def _rate(dtype: str) -> st.SearchStrategy[float]:
    return _halvings(-6, 0) if float_type(dtype).bits == _HALF else _powers(-4, 0)


def _epsilon(dtype: str) -> st.SearchStrategy[float]:
    return _halvings(-10, 0) if float_type(dtype).bits == _HALF else _powers(-10, 0)


def _sign_decay() -> st.SearchStrategy[Any]:
    steps = st.integers(1, 9)
    periods = st.sampled_from([1, 2])
    linear = st.fixed_dictionaries({"decay_steps": steps})
    wave = st.fixed_dictionaries({"decay_steps": steps, "num_periods": periods})
    named = {
        "get_linear_decay_fn": linear,
        "get_cosine_decay_fn": wave,
        "get_restart_decay_fn": wave,
    }
    return st.sampled_from(list(named)).flatmap(
        lambda name: named[name].map(lambda config: {"class_name": name, "config": config})
    )


@cache
def always(dtype: str) -> Mapping[str, st.SearchStrategy[Any]]:
    """Return the hyperparameters that every example sets, where the spec has them."""
    share = _share(dtype)
    optimizer = wrapped(_rate(dtype), share, _epsilon(dtype))
    return {
        "opt": optimizer,
        "optimizer": optimizer,
        "learning_rate": _rate(dtype),
        "momentum": share,
        "rho": share,
        "beta_1": share,
        "beta_2": share,
        "beta1": share,
        "beta2": share,
        "epsilon": _epsilon(dtype),
        "initial_gradient_squared_accumulator_value": st.sampled_from([0.125, 0.5, 1.0]),
        "initial_accumulator_value": st.sampled_from([0.125, 0.5, 1.0, 0.0]),
        "max_matrix_size": st.sampled_from([2, 4, 16]),
        "window": st.integers(1, 6),
        "l1_regularization_strength": st.sampled_from([0.0, 0.0625, 0.5]),
        "l2_regularization_strength": st.sampled_from([0.0, 0.125, 0.75]),
        "l2_shrinkage_regularization_strength": st.sampled_from([0.0, 0.03125, 0.375]),
        "beta": st.sampled_from([0.0, 0.1875, 1.0]),
        "schedule_decay": st.sampled_from([0.125, 0.0, 32.0]),
        "svd_eps": _halvings(0, 12),
        "sigma_eps": _halvings(-1, 6),
    }


@cache
def sometimes(dtype: str) -> Mapping[str, st.SearchStrategy[Any]]:
    """Return the hyperparameters that few examples set, where the spec has them."""
    threshold = _halvings(-4, 8)
    return {
        "learning_rate": schedule(_rate(dtype)),
        "lr": _rate(dtype),
        "nesterov": st.just(True),
        "use_nesterov": st.just(True),
        "amsgrad": st.just(True),
        "centered": st.just(True),
        "decay": st.sampled_from([0.0625, 0.5]),
        "weight_decay": st.sampled_from([0.0625, 0.004, 0.5]),
        "clipnorm": threshold,
        "clipvalue": threshold,
        "global_clipnorm": threshold,
        "use_ema": st.just(True),
        "ema_momentum": st.sampled_from([0.5, 0.75, 0.99]),
        "ema_overwrite_frequency": st.integers(1, 3),
        "loss_scale_factor": _halvings(-3, 3),
        "gradient_accumulation_steps": st.integers(2, 3),
        "exclude_from_weight_decay": st.just([0]),
        "learning_rate_power": st.sampled_from([-0.25, -1.0, -0.75]),
        "alpha": st.sampled_from([0.5, 2.0]),
        "eeta": st.sampled_from([0.0625, 0.5, 1.0]),
        "base": st.sampled_from([1.5, 2.0, 10.0]),
        **_around_others(dtype),
        **_of_clipping(dtype),
        "sign_decay_fn": _sign_decay(),
        "gbar_decay": st.sampled_from([0.5, 0.9, 1.0]),
        "gbar_weight": st.sampled_from([0.5, 2.0]),
        "mat_gbar_decay": st.sampled_from([0.0, 0.5, 0.9]),
        "mat_gbar_weight": st.sampled_from([0.0625, 0.5]),
        "svd_interval": st.integers(2, 3),
        "use_iterative_root": st.just(True),
        "precond_update_interval": st.integers(2, 3),
        "eps": st.sampled_from([0.25, 4.0]),
        "decay_var_list": st.just([0]),
        "skip_list": st.just([0]),
        "avoid_updating_slots": st.just(True),
        "global_step": st.sampled_from(["global_step", 2]),
    }


def _around_others(dtype: str) -> dict[str, st.SearchStrategy[Any]]:
    """Return what optimizers that wrap another one take besides it."""
    period = st.integers(1, 3)
    return {
        "average_decay": _share(dtype),
        "num_updates": st.integers(0, 100),
        "vars_to_clip_dims": st.sampled_from([{"0": [0]}, {"0": []}, {}]),
        "max_norm": _halvings(-4, 4),
        "staleness": st.integers(-1, 3),
        "num_worker": st.just(1),
        "is_chief": st.just(True),
        "communication_period": period,
        "interval_steps": period,
        "moving_rate": st.sampled_from([0.0625, 0.25, 0.5]),
        "replicas_to_aggregate": period,
        "total_num_replicas": period,
    }


def _of_clipping(dtype: str) -> dict[str, st.SearchStrategy[Any]]:
    """Return what functions that clip gradients take."""
    return {
        "clip_norm": _halvings(-4, 4),
        "axes": st.just([]),
        "clip_value_min": _halvings(-4, 4).map(lambda low: -low),
        "clip_value_max": _halvings(-4, 4),
    }


@st.composite
def hyperparameters(
    draw: st.DrawFn,
    spec: Spec,
    dtype: str,
    taken: Collection[str],
    *,
    schedules: bool,
    settings: Sequence[Setting] = ({},),
) -> dict[str, Any]:
    """Draw hyperparameters that the library accepts and the candidate takes, in some setting."""
    names = [name for name in spec.arguments if name in taken]
    usual, rare = _usual(spec.id, dtype), sometimes(dtype)
    setting = draw(st.sampled_from(list(settings)))
    hyper = {name: draw(usual[name]) for name in names if name in usual and name not in setting}
    for name, on in setting.items():
        if on:
            hyper[name] = draw(usual[name].filter(bool)) if is_number(name) else True
    rare = {name: values for name, values in rare.items() if name not in setting}
    extras = [name for name in names if name in rare and _is_new(spec, name, schedules)]
    for name in draw(_some_of(extras)):
        hyper[name] = draw(rare[name])
    if "learning_rate" in extras and draw(st.booleans()):
        hyper["learning_rate"] = draw(rare["learning_rate"])
    _complete(hyper, names)
    assume(_accepted(spec, hyper))
    return hyper


@cache
def _usual(spec_id: str, dtype: str) -> Mapping[str, st.SearchStrategy[Any]]:
    """Return what every example sets of a spec: the numbers, and what it requires."""
    spec, usual, rare = find_spec(spec_id), always(dtype), sometimes(dtype)
    needed = {name: rare[name] for name in spec.required if name not in usual} | dict(usual)
    taken = {name: values for name, values in needed.items() if name in spec.arguments}
    return {name: values.filter(_taken_by(spec, name)) for name, values in taken.items()}


def _taken_by(spec: Spec, name: str) -> Callable[[Any], bool]:
    """Return whether the library takes a value: Lion alone refuses a beta_1 of 0."""
    check = spec.arguments[name].check
    return lambda value: check(value) is None


def _some_of(extras: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """A few arguments, or half a dozen; of those that clip, one, as libraries take no second."""
    if not extras:
        return st.just([])
    few = st.lists(st.sampled_from(extras), max_size=3, unique=True)
    more = st.lists(st.sampled_from(extras), min_size=min(4, len(extras)), max_size=6, unique=True)
    return (few | more).map(_with_one_clip)


def _with_one_clip(names: Sequence[str]) -> list[str]:
    clips = [name for name in names if name in CLIPS]
    return [name for name in names if name not in clips[1:]]


def _is_new(spec: Spec, name: str, schedules: bool) -> bool:
    """A schedule is for candidates that claim them, of systems that serialize one as a mapping."""
    return name != "learning_rate" or (schedules and spec.system == "keras3")


def _complete(hyper: dict[str, Any], names: Collection[str]) -> None:
    """Set what gives a drawn argument its effect."""
    needs = {"ema_momentum": "use_ema", "ema_overwrite_frequency": "use_ema"}
    for name, needed in needs.items():
        if name in hyper and needed in names:
            hyper[needed] = True
    if "exclude_from_weight_decay" in hyper and "weight_decay" in names:
        hyper.setdefault("weight_decay", 0.0625)


def _accepted(spec: Spec, hyper: Mapping[str, Any]) -> bool:
    try:
        spec.validate(hyper)
    except HyperparameterError:
        return False
    return True
