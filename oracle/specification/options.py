"""Which arguments are options, and what an option needs besides itself to have an effect.

An option is off unless somebody asks for it: its default is False, None or 0. Every other argument
is a number that is always at work, whether it has a default or is required.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracle.specification.spec import Hyper, Spec


def needs(spec: Spec, name: str) -> tuple[str, ...]:
    """Return the options that have to be on for an argument to have an effect."""
    arguments = spec.arguments
    return tuple(other for other in arguments[name].needs if arguments[other].is_option)


def plain(spec: Spec, hyper: Mapping[str, Any]) -> Hyper:
    """Return those of some hyperparameters that are no options."""
    return {name: value for name, value in hyper.items() if not spec.arguments[name].is_option}


def demanded(spec: Spec) -> Hyper:
    """Return a value for each argument that has no default."""
    return {name: spec.arguments[name].domain.on for name in spec.required}
