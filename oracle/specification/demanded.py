"""Values for the arguments that a library demands, where nobody has chosen any."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from oracle.specification.spec import Argument, Hyper, Spec

VALUES: tuple[Any, ...] = (
    0.5,
    2,
    -0.5,
    True,
    [0],
    1,
    {"class_name": "GradientDescentOptimizer", "config": {"learning_rate": 0.5}},
    {"0": []},
    {"class_name": "get_linear_decay_fn", "config": {"decay_steps": 4}},
)
"""What is tried for an argument without a default: the first that it takes."""


def demanded(spec: Spec) -> Hyper:
    """Return a value for each argument that has no default."""
    return {name: first_accepted(spec.arguments[name], VALUES) for name in spec.required}


def first_accepted(argument: Argument, values: Iterable[Any]) -> Any:
    """Return the first value that an argument takes, or None."""
    return next((value for value in values if argument.check(value) is None), None)
