"""Keras 3's learning-rate schedules in their serialized form: names, arguments, defaults, forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from oracle.arithmetic.base import Arithmetic, Number
from oracle.rules.transformations import schedules
from oracle.specification.checks import Check, at_least, between, flag, optional, real

_REQUIRED = object()
_STEPS = between(0, float("inf"), low_open=True)

ARGUMENTS: dict[str, dict[str, tuple[Any, Check]]] = {
    "ExponentialDecay": {
        "initial_learning_rate": (_REQUIRED, real),
        "decay_steps": (_REQUIRED, _STEPS),
        "decay_rate": (_REQUIRED, real),
        "staircase": (False, flag),
    },
    "InverseTimeDecay": {
        "initial_learning_rate": (_REQUIRED, real),
        "decay_steps": (_REQUIRED, _STEPS),
        "decay_rate": (_REQUIRED, real),
        "staircase": (False, flag),
    },
    "PolynomialDecay": {
        "initial_learning_rate": (_REQUIRED, real),
        "decay_steps": (_REQUIRED, _STEPS),
        "end_learning_rate": (0.0001, real),
        "power": (1.0, real),
        "cycle": (False, flag),
    },
    "CosineDecay": {
        "initial_learning_rate": (_REQUIRED, real),
        "decay_steps": (_REQUIRED, _STEPS),
        "alpha": (0.0, real),
        "warmup_target": (None, optional(real)),
        "warmup_steps": (0, at_least(0)),
    },
    "CosineDecayRestarts": {
        "initial_learning_rate": (_REQUIRED, real),
        "first_decay_steps": (_REQUIRED, _STEPS),
        "t_mul": (2.0, real),
        "m_mul": (1.0, real),
        "alpha": (0.0, real),
    },
    "PiecewiseConstantDecay": {
        "boundaries": (_REQUIRED, lambda value: _list_of(value, real)),
        "values": (_REQUIRED, lambda value: _list_of(value, real)),
    },
}
"""By schedule, the arguments, each with its default and with what it must be."""

DEFAULTS = {
    name: {argument: default for argument, (default, _) in arguments.items()}
    for name, arguments in ARGUMENTS.items()
}
"""The default of each argument."""


def _list_of(value: Any, check: Check) -> str | None:
    if not isinstance(value, (list, tuple)) or not value:
        return "it must be a list that is not empty"
    return next((wrong for wrong in map(check, value) if wrong), None)


def check_schedule(value: Any) -> str | None:
    """Accept a schedule in Keras' serialized form; return what it must be otherwise, or None."""
    if not isinstance(value, Mapping) or set(value) - {"module", "registered_name"} != {
        "class_name",
        "config",
    }:
        return 'a schedule must be {"class_name": ..., "config": {...}}'
    name, config = value["class_name"], value["config"]
    if name not in ARGUMENTS:
        return f"the schedules are {', '.join(ARGUMENTS)}"
    arguments = ARGUMENTS[name]
    for key, setting in config.items():
        if key == "name":
            continue
        if key not in arguments:
            return f"{name} takes {', '.join(arguments)}, not {key!r}"
        wrong = arguments[key][1](setting)
        if wrong:
            return f"{name}: {key}={setting!r}: {wrong}"
    missing = [
        k for k, (default, _) in arguments.items() if default is _REQUIRED and k not in config
    ]
    if missing:
        return f"{name} needs {', '.join(missing)}"
    if name == "PiecewiseConstantDecay" and len(config["boundaries"]) != len(config["values"]) - 1:
        return "PiecewiseConstantDecay needs one value more than boundaries"
    return None


def _form(name: str, config: dict[str, Any]) -> tuple[Callable[..., Number], dict[str, Any]]:
    """Return the formula that a configuration asks for, and the arguments that it uses."""
    numbers = {k: v for k, v in config.items() if k not in ("staircase", "cycle")}
    if name == "ExponentialDecay":
        stairs, smooth = schedules.exponential_decay_staircase, schedules.exponential_decay
        return (stairs if config["staircase"] else smooth), numbers
    if name == "InverseTimeDecay":
        stairs, smooth = schedules.inverse_time_decay_staircase, schedules.inverse_time_decay
        return (stairs if config["staircase"] else smooth), numbers
    if name == "PolynomialDecay":
        cycle, once = schedules.polynomial_decay_cycle, schedules.polynomial_decay
        return (cycle if config["cycle"] else once), numbers
    if name == "CosineDecay":
        if config["warmup_target"] is not None:
            return schedules.cosine_decay_warmup, numbers
        plain = ("initial_learning_rate", "decay_steps", "alpha")
        return schedules.cosine_decay, {k: numbers[k] for k in plain}
    if name == "CosineDecayRestarts":
        if float(config["t_mul"]) != 1.0:
            return schedules.cosine_decay_restarts_geometric, numbers
        return schedules.cosine_decay_restarts, {k: v for k, v in numbers.items() if k != "t_mul"}
    whole = [int(float(boundary)) for boundary in numbers["boundaries"]]
    return schedules.piecewise_constant_decay, {**numbers, "boundaries": whole}


def learning_rate(xp: Arithmetic, schedule: Mapping[str, Any], step: int) -> Number:
    """Return the rate of a serialized schedule after ``step`` steps.

    All of it is computed in the precision of the learning rate.
    """
    name, given = schedule["class_name"], schedule["config"]
    config = {**DEFAULTS[name], **{k: v for k, v in given.items() if k != "name"}}
    formula, arguments = _form(name, config)

    def compute(held: Arithmetic) -> Number:
        numbers = {k: _enter(held, value) for k, value in arguments.items()}
        return formula(held, held.constant(step), **numbers)

    return xp.in_type_of("learning_rate", compute)


def _enter(xp: Arithmetic, value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_enter(xp, element) for element in value]
    return xp.constant(value, "learning_rate")
