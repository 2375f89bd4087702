"""Which arguments are options, and what an option needs besides itself to have an effect.

An option is off unless somebody asks for it: its default is False, None or 0. Every other argument
is a number that is always at work, whether it has a default or is required.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracle.specification.spec import Argument, Hyper, Spec

NEEDS: dict[str, tuple[str, ...]] = {
    "nesterov": ("momentum",),
    "ema_momentum": ("use_ema",),
    "ema_overwrite_frequency": ("use_ema",),
    "exclude_from_weight_decay": ("weight_decay",),
}
"""By argument, those without which it says nothing; only an option has to be asked for."""


def is_option(argument: Argument) -> bool:
    """Whether an argument is off by default: False, None or 0."""
    default = argument.default
    return default is None or default is False or default == 0


def needs(spec: Spec, name: str) -> tuple[str, ...]:
    """Return the options that have to be on for an argument to have an effect."""
    return tuple(n for n in NEEDS.get(name, ()) if is_option(spec.arguments[n]))


def plain(spec: Spec, hyper: Mapping[str, Any]) -> Hyper:
    """Return those of some hyperparameters that are no options."""
    return {name: value for name, value in hyper.items() if not is_option(spec.arguments[name])}
