"""Optax's schedules, written as Keras serializes its own: the function's name, its arguments.

``{"class_name": "cosine_decay_schedule", "config": {"init_value": 0.1, "decay_steps": 100}}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oracle.arithmetic.base import Arithmetic, Number
from oracle.rules.transformations import optax_schedules as formulas
from oracle.specification.checks import Check, at_least, between, count, flag, optional, real

HELD = "learning_rate.schedule"
"""What a candidate declares the precision of, where it computes schedules in another one than it
holds a plain rate in."""

_REQUIRED = object()
_STEPS = count(1)
_FROM_ZERO = count(0)
_POSITIVE = between(0, float("inf"), low_open=True)


def _scales(value: Any) -> str | None:
    fits = isinstance(value, Mapping) and all(
        str(key).isdigit() and at_least(0)(scale) is None for key, scale in value.items()
    )
    return None if fits else "it must map steps to factors that are not negative"


def _several(value: Any) -> str | None:
    if not isinstance(value, (list, tuple)) or not value:
        return "it must be a list of schedules"
    return next((wrong for wrong in map(check_schedule, value) if wrong), None)


def _steps(value: Any) -> str | None:
    fits = isinstance(value, (list, tuple)) and all(_FROM_ZERO(x) is None for x in value)
    return None if fits else "it must be a list of steps"


def _kind(value: Any) -> str | None:
    return None if value in ("linear", "cosine") else "it must be 'linear' or 'cosine'"


def _arguments_of_many(value: Any) -> str | None:
    if not isinstance(value, (list, tuple)) or not value:
        return "it must be a list of arguments of warmup_cosine_decay_schedule"
    name = "warmup_cosine_decay_schedule"
    checked = (check_schedule({"class_name": name, "config": one}) for one in value)
    return next((wrong for wrong in checked if wrong), None)


_Arguments = dict[str, tuple[Any, Check]]
_LINE: _Arguments = {
    "init_value": (_REQUIRED, real),
    "end_value": (_REQUIRED, real),
    "transition_steps": (_REQUIRED, _STEPS),
    "transition_begin": (0, _FROM_ZERO),
}
_DECAY: _Arguments = {
    "transition_steps": (_REQUIRED, _STEPS),
    "decay_rate": (_REQUIRED, _POSITIVE),
    "transition_begin": (0, _FROM_ZERO),
    "staircase": (False, flag),
    "end_value": (None, optional(real)),
}
_WARMUP: _Arguments = {
    "init_value": (_REQUIRED, real),
    "peak_value": (_REQUIRED, real),
    "warmup_steps": (_REQUIRED, _STEPS),
}
_CYCLE: _Arguments = {
    "transition_steps": (_REQUIRED, _STEPS),
    "peak_value": (_REQUIRED, real),
    "pct_start": (0.3, between(0, 1)),
    "div_factor": (25.0, _POSITIVE),
    "final_div_factor": (10000.0, _POSITIVE),
}
ARGUMENTS: dict[str, _Arguments] = {
    "constant_schedule": {"value": (_REQUIRED, real)},
    "polynomial_schedule": {**_LINE, "power": (_REQUIRED, real)},
    "linear_schedule": _LINE,
    "piecewise_constant_schedule": {
        "init_value": (_REQUIRED, real),
        "boundaries_and_scales": (None, optional(_scales)),
    },
    "piecewise_interpolate_schedule": {
        "interpolate_type": (_REQUIRED, _kind),
        "init_value": (_REQUIRED, real),
        "boundaries_and_scales": (_REQUIRED, _scales),
    },
    "exponential_decay": {"init_value": (_REQUIRED, real), **_DECAY},
    "cosine_decay_schedule": {
        "init_value": (_REQUIRED, real),
        "decay_steps": (_REQUIRED, _STEPS),
        "alpha": (0.0, real),
        "exponent": (1.0, real),
    },
    "linear_onecycle_schedule": {**_CYCLE, "pct_final": (0.85, between(0, 1))},
    "cosine_onecycle_schedule": _CYCLE,
    "warmup_constant_schedule": _WARMUP,
    "warmup_cosine_decay_schedule": {
        **_WARMUP,
        "decay_steps": (_REQUIRED, _STEPS),
        "end_value": (0.0, real),
        "exponent": (1.0, real),
    },
    "warmup_exponential_decay_schedule": {**_WARMUP, **_DECAY},
    "sgdr_schedule": {"cosine_kwargs": (_REQUIRED, _arguments_of_many)},
    "join_schedules": {"schedules": (_REQUIRED, _several), "boundaries": (_REQUIRED, _steps)},
}
"""By schedule, the arguments, each with its default and with what it must be."""

DEFAULTS = {
    name: {argument: default for argument, (default, _) in arguments.items()}
    for name, arguments in ARGUMENTS.items()
}
"""The default of each argument."""


def check_schedule(value: Any) -> str | None:
    """Accept a schedule by its name and arguments; return what it must be otherwise, or None."""
    if not isinstance(value, Mapping) or set(value) != {"class_name", "config"}:
        return 'a schedule must be {"class_name": ..., "config": {...}}'
    name, config = value["class_name"], value["config"]
    if name not in ARGUMENTS:
        return f"the schedules are {', '.join(ARGUMENTS)}"
    arguments = ARGUMENTS[name]
    for key, setting in config.items():
        if key not in arguments:
            return f"{name} takes {', '.join(arguments)}, not {key!r}"
        wrong = arguments[key][1](setting)
        if wrong:
            return f"{name}: {key}={setting!r}: {wrong}"
    missing = [k for k, (d, _) in arguments.items() if d is _REQUIRED and k not in config]
    return f"{name} needs {', '.join(missing)}" if missing else None


def learning_rate(xp: Arithmetic, schedule: Mapping[str, Any], step: int) -> Number:
    """Return the rate of a schedule after ``step`` steps, in the precision of schedules."""
    name, config = schedule["class_name"], schedule["config"]
    return xp.in_type_of(HELD, lambda held: _rate(held, name, config, step))


def _rate(xp: Arithmetic, name: str, given: Mapping[str, Any], step: int) -> Number:
    """Return the rate of one schedule; what it is made of is made by itself."""
    config = {**DEFAULTS[name], **given}
    if name == "join_schedules":
        return _joined(xp, config["schedules"], config["boundaries"], step)
    if name == "sgdr_schedule":
        return _joined(xp, *_restarts(config["cosine_kwargs"]), step)
    if name in ("warmup_cosine_decay_schedule", "warmup_exponential_decay_schedule"):
        return _joined(xp, _warmed_up(name, config), [config["warmup_steps"]], step)
    if name == "warmup_constant_schedule":
        return _rate(xp, "linear_schedule", _rise(config), step)
    if name in ("linear_onecycle_schedule", "cosine_onecycle_schedule"):
        return _interpolated(xp, *_cycle(name, config), step)
    if name == "piecewise_interpolate_schedule":
        kind, scales = config["interpolate_type"], _sorted(config["boundaries_and_scales"])
        return _interpolated(xp, kind, config["init_value"], scales, step)
    return _plain(xp, name, config, xp.constant(step))


def _plain(xp: Arithmetic, name: str, config: Mapping[str, Any], step: Number) -> Number:
    """Return the rate of a schedule that is one formula, or two."""
    numbers = {
        key: xp.constant(value, HELD)
        for key, value in config.items()
        if key not in ("staircase", "boundaries_and_scales") and value is not None
    }
    if name == "constant_schedule":
        return numbers["value"]
    if name == "piecewise_constant_schedule":
        scales = _sorted(config["boundaries_and_scales"] or {})
        return formulas.piecewise_constant_schedule(
            xp,
            step,
            **numbers,
            boundaries=[xp.constant(boundary) for boundary, _ in scales],
            scales=[xp.constant(scale, HELD) for _, scale in scales],
        )
    if name == "exponential_decay":
        end = numbers.pop("end_value", None)
        stairs, smooth = formulas.exponential_decay_staircase, formulas.exponential_decay
        rate = (stairs if config["staircase"] else smooth)(xp, step, **numbers)
        stop = formulas.not_below if float(config["decay_rate"]) < 1 else formulas.not_above
        return rate if end is None else stop(xp, rate, end_value=end)
    if name == "polynomial_schedule":
        return formulas.polynomial_schedule(xp, step, **numbers)
    if name == "linear_schedule":
        return formulas.linear_schedule(xp, step, **numbers)
    return formulas.cosine_decay_schedule(xp, step, **numbers)


def _joined(
    xp: Arithmetic, schedules: Sequence[Mapping[str, Any]], boundaries: Sequence[int], step: int
) -> Number:
    """Return the rate of the last schedule that has begun; each counts from its own beginning."""
    begun = [0, *(boundary for boundary in boundaries if step >= boundary)]
    chosen = schedules[len(begun) - 1]
    return _rate(xp, chosen["class_name"], chosen["config"], step - begun[-1])


def _rise(config: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "init_value": config["init_value"],
        "end_value": config["peak_value"],
        "transition_steps": config["warmup_steps"],
    }


def _warmed_up(name: str, config: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rise to the peak, and the fall from it."""
    peak = config["peak_value"]
    if name == "warmup_cosine_decay_schedule":
        fall = {
            "init_value": peak,
            "decay_steps": config["decay_steps"] - config["warmup_steps"],
            "alpha": float(config["end_value"]) / float(peak) if float(peak) else 0.0,
            "exponent": config["exponent"],
        }
        after = {"class_name": "cosine_decay_schedule", "config": fall}
    else:
        decay = {key: config[key] for key in _DECAY}
        after = {"class_name": "exponential_decay", "config": {"init_value": peak, **decay}}
    return [{"class_name": "linear_schedule", "config": _rise(config)}, after]


def _restarts(many: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[int]]:
    """Return the warm restarts of `sgdr_schedule`, and the steps at which they begin."""
    schedules = [{"class_name": "warmup_cosine_decay_schedule", "config": one} for one in many]
    ends = [sum(one["decay_steps"] for one in many[: i + 1]) for i in range(len(many))]
    return schedules, ends[:-1]


def _cycle(name: str, config: Mapping[str, Any]) -> tuple[str, float, list[tuple[int, float]]]:
    """Return a cycle as an interpolation: its kind, its start, the factor at each boundary."""
    steps, up = config["transition_steps"], float(config["div_factor"])
    start, down = float(config["peak_value"]) / up, float(config["final_div_factor"])
    first = (int(config["pct_start"] * steps), up)
    if name == "cosine_onecycle_schedule":
        return "cosine", start, _sorted(dict([first, (steps, 1 / (up * down))]))
    last = (int(config["pct_final"] * steps), 1 / up)
    return "linear", start, _sorted(dict([first, last, (steps, 1 / down)]))


def _sorted(scales: Mapping[Any, float]) -> list[tuple[int, float]]:
    return sorted((int(step), float(scale)) for step, scale in scales.items())


def _interpolated(
    xp: Arithmetic, kind: str, init_value: Any, scales: Sequence[tuple[int, float]], step: int
) -> Number:
    """Return the rate between the last boundary and the next, or behind the last."""
    bounds = [0, *(boundary for boundary, _ in scales)]
    values = [xp.constant(init_value, HELD)]
    for _, scale in scales:
        values.append(values[-1] * xp.constant(scale, HELD))
    if step >= bounds[-1]:
        return values[-1]
    i = max(i for i, bound in enumerate(bounds) if bound <= step)
    formula = formulas.linear_interpolation
    if kind == "cosine":
        formula = formulas.cosine_interpolation
    return formula(
        xp,
        xp.constant(step),
        start=values[i],
        end=values[i + 1],
        begin=xp.constant(bounds[i]),
        length=xp.constant(bounds[i + 1] - bounds[i]),
    )
