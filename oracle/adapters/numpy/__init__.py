"""The candidate `numpy`: Keras 2 and Keras 3 in plain numpy, independent of the oracle's rules.

It computes in the dtype of the arrays it is given, so it is the embedded default candidate and a
second opinion on the rules; nothing here may import them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracle.adapters.numpy import keras2, keras3
from oracle.adapters.numpy.base import Array, Optimizer
from oracle.claim import Factory
from oracle.dtypes import DTYPES
from oracle.implementation import Implementation

numpy = Implementation(
    "numpy",
    dtypes=DTYPES,
    schedules=True,
    missing_gradients=True,
    sparse_gradients=True,
    packages=("numpy",),
)


def _by_name(optimizers: Mapping[str, type[Optimizer]]) -> Factory:
    """Return the look-up by name that both libraries have; it ignores case."""
    known = {name.lower(): optimizer for name, optimizer in optimizers.items()}

    def look_up(name: Any, params: list[Array]) -> Optimizer:
        if not isinstance(name, str) or name.lower() not in known:
            raise ValueError(f"unknown optimizer {name!r}: use one of {', '.join(optimizers)}")
        return known[name.lower()](params)

    return look_up


for _system, _optimizers in (("keras2", keras2.OPTIMIZERS), ("keras3", keras3.OPTIMIZERS)):
    for _name, _optimizer in _optimizers.items():
        numpy.implements(f"{_system}/{_name}")(_optimizer)
    numpy.looks_up(_system)(_by_name(_optimizers))
