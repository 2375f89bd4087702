"""The ``sign_decay_fn`` of AddSign and PowerSign: which function, with which arguments.

The library takes a Python function; here it is the mapping ``{"class_name": "get_cosine_decay_fn",
"config": {"decay_steps": 100}}`` of what makes one. All of it is computed in float32.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from oracle.arithmetic.base import Arithmetic, Number
from oracle.rules.transformations import sign_decay
from oracle.specification.checks import Check, count, optional, real
from oracle.specification.domains import Other
from oracle.specification.draws import Among, Draws, Serialized, Whole
from oracle.specification.spec import REQUIRED
from oracle.specification.step import Step
from oracle.specification.transformation import transformation

_STEPS = (REQUIRED, count(1))
_MAKERS: dict[str, dict[str, tuple[Any, Check]]] = {
    "get_linear_decay_fn": {"decay_steps": _STEPS},
    "get_cosine_decay_fn": {
        "decay_steps": _STEPS,
        "num_periods": (0.5, real),
        "zero_after": (None, optional(real)),
    },
    "get_restart_decay_fn": {
        "decay_steps": _STEPS,
        "num_periods": (1, real),
        "zero_after": (None, optional(real)),
    },
}
"""By name, the arguments with their defaults and checks."""


def sign_decay_fn(value: Any) -> str | None:
    """Accept None, or a mapping that names a function of sign_decay.py with its arguments."""
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) != {"class_name", "config"}:
        return 'it must be None or {"class_name": "get_linear_decay_fn", "config": {...}}'
    name, given = value["class_name"], value["config"]
    if name not in _MAKERS:
        return f"class_name must be one of {', '.join(_MAKERS)}"
    arguments = _MAKERS[name]
    for argument in given:
        if argument not in arguments:
            return f"{name} has no argument {argument!r}: it takes {', '.join(arguments)}"
    for argument, (default, check) in arguments.items():
        found = given.get(argument, default)
        wanted = f"{name} needs it" if found is REQUIRED else check(found)
        if wanted is not None:
            return f"{argument}: {wanted}"
    return None


_WAVE: dict[str, Draws] = {"decay_steps": Whole(1, 9), "num_periods": Among((1, 2))}
SIGN_DECAY = Other(
    sign_decay_fn,
    Serialized(
        {
            "get_linear_decay_fn": {"decay_steps": Whole(1, 9)},
            "get_cosine_decay_fn": _WAVE,
            "get_restart_decay_fn": _WAVE,
        }
    ),
    on={"class_name": "get_linear_decay_fn", "config": {"decay_steps": 4}},
    counting={"class_name": "get_linear_decay_fn", "config": {"decay_steps": 2**18}},
    others=({"class_name": "get_cosine_decay_fn", "config": {"decay_steps": 8, "num_periods": 1}},),
)


@transformation()
def set_sign_decay(step: Step) -> None:
    """Put what is left of the signs' agreement among the step's numbers; 1 without a function."""
    given = step.hyper["sign_decay_fn"]
    left = step.xp.constant(1) if given is None else _decayed(step.xp, given, step.iterations)
    step.numbers = {**step.numbers, "sign_decay": left}


def _decayed(xp: Arithmetic, given: Mapping[str, Any], iterations: int) -> Number:
    """Evaluate a function; the step is read before it is incremented."""
    arguments = _MAKERS[given["class_name"]]
    config = {name: given["config"].get(name, default) for name, (default, _) in arguments.items()}
    steps = int(config["decay_steps"])
    t = min(iterations, steps)
    function = _FUNCTIONS[given["class_name"]]
    left = function(xp, t, steps, config)
    after = config.get("zero_after")
    if after is None:
        return left
    done = xp.constant(t)
    if given["class_name"] == "get_restart_decay_fn":
        done = xp.constant(config["num_periods"]) * done
        limit = xp.constant(after)
    else:
        done = 2 * xp.constant(config["num_periods"]) * done
        limit = 2 * xp.constant(after)
    return sign_decay.zero_from(xp, left, done, decay_steps=xp.constant(steps), reached=limit)


def _linear(xp: Arithmetic, t: int, steps: int, config: Mapping[str, Any]) -> Number:
    return sign_decay.linear(xp, xp.constant(t), decay_steps=xp.constant(steps))


def _cosine(xp: Arithmetic, t: int, steps: int, config: Mapping[str, Any]) -> Number:
    periods = xp.constant(config["num_periods"])
    return sign_decay.cosine(
        xp, xp.constant(t), decay_steps=xp.constant(steps), num_periods=periods
    )


def _restart(xp: Arithmetic, t: int, steps: int, config: Mapping[str, Any]) -> Number:
    """Count the restarts exactly where float32 holds the product; else as it may be rounded."""
    periods = xp.constant(config["num_periods"])
    product = Fraction(config["num_periods"]) * t
    restarts = xp.constant(int(product // steps))
    if Fraction(float(np.float32(float(product)))) != product:
        restarts = xp.floor(periods * t / xp.constant(steps))
    return sign_decay.restart(
        xp,
        xp.constant(t),
        decay_steps=xp.constant(steps),
        num_periods=periods,
        restarts=restarts,
    )


_FUNCTIONS: dict[str, Callable[..., Number]] = {
    "get_linear_decay_fn": _linear,
    "get_cosine_decay_fn": _cosine,
    "get_restart_decay_fn": _restart,
}
