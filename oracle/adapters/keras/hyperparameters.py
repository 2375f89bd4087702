"""Hyperparameters of a case, turned into the Python values that Keras' constructors accept."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from oracle.adapters.keras.classes import named

WRAPPED, MAP = "inner_optimizer", "optimizer_map"
WHOLE_NUMBERS = (
    "dynamic_growth_steps",
    "ema_overwrite_frequency",
    "gradient_accumulation_steps",
    "ns_steps",
)
EXCLUDED = "exclude_from_weight_decay"
"""The pseudo-argument that stands for calling the method of that name."""


ANOTHER_RATE = 3.0

LAYERS = "exclude_layers"
"""The argument whose patterns pick parameters out by their names; a case has their indices."""


def construct(keras: Any, name: str, hyper: Mapping[str, Any]) -> Any:
    """Construct ``keras.optimizers.<name>`` with the hyperparameters of a case."""
    given = {key: _convert(keras, key, value) for key, value in hyper.items() if key != EXCLUDED}
    return getattr(keras.optimizers, name)(**given)


def with_another_rate(keras: Any, name: str, hyper: Mapping[str, Any]) -> tuple[Any, Any]:
    """Construct it with another learning rate, and return the right one beside it."""
    right = hyper.get("learning_rate", construct(keras, name, {}).get_config()["learning_rate"])
    optimizer = construct(keras, name, {**hyper, "learning_rate": ANOTHER_RATE})
    return optimizer, _convert(keras, "learning_rate", right)


def with_a_callable_rate(hyper: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return hyperparameters in which a rate that is a number is a function that returns it."""
    rate = hyper.get("learning_rate")
    if rate is None or isinstance(rate, Mapping):
        return hyper
    return {**hyper, "learning_rate": lambda: float(rate)}


def excluded(hyper: Mapping[str, Any]) -> Sequence[int]:
    """Return the indices of the parameters that a case excludes from weight decay."""
    return hyper.get(EXCLUDED) or ()


def _convert(keras: Any, name: str, value: Any) -> Any:
    """Integers become floats: Keras refuses ``learning_rate=1`` and ``momentum=0``."""
    if name == WRAPPED:
        return construct(keras, value["class_name"], value["config"])
    if name == MAP:
        others = {named(int(key)): _convert(keras, WRAPPED, one) for key, one in value[MAP].items()}
        default = _convert(keras, WRAPPED, value["default_optimizer"])
        return keras.optimizers.OptimizerMap(default, others)
    if isinstance(value, Mapping):
        config = copy.deepcopy(dict(value))
        return keras.optimizers.schedules.deserialize(config)
    if name == LAYERS and value is not None:
        return [f"{named(index)}$" for index in value]
    if isinstance(value, bool) or name in WHOLE_NUMBERS:
        return value
    return float(value) if isinstance(value, int) else value
