"""Hyperparameters under which it shows how many steps a candidate has counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import oracle
from oracle.claim import Claim, Precision
from oracle.conformance.clocks import Clock, Hour, shown
from oracle.conformance.usual import hypers
from oracle.dtypes import float_type
from oracle.errors import OracleError

_HALF = 16

_ADAM = {
    "class_name": "AdamOptimizer",
    "config": {
        "learning_rate": 0.5,
        "beta1": 1 - 2.0**-13,
        "beta2": 1 - 2.0**-13,
        "epsilon": 2.0**-10,
    },
}

COUNTING: tuple[dict[str, Any], ...] = (
    {"decay": 2.0**-6},
    {
        "learning_rate": {
            "class_name": "InverseTimeDecay",
            "config": {"initial_learning_rate": 0.5, "decay_steps": 64, "decay_rate": 1.0},
        }
    },
    {"sign_decay_fn": {"class_name": "get_linear_decay_fn", "config": {"decay_steps": 2**18}}},
    {"global_step": "global_step"},
    {"l2_regularization_strength": 2.0**-10},
    {"opt": _ADAM},
    {"optimizer": _ADAM},
    {"gradient_accumulation_steps": 2},
    {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 2},
)
"""What may bring a count into a step; whether it does is found by the spec's program."""


def counting(claim: Claim, precision: Precision) -> Iterator[tuple[dict[str, Any], Clock]]:
    """Yield hyperparameters whose steps depend on their number, each with its truth.

    They are those of every form, and those with all that may bring a count in.
    """
    for hyper in _tried(claim, precision):
        clock = Clock(claim.spec, hyper, precision)
        if clock.rests and _tells(clock):
            yield hyper, clock


def _tells(clock: Clock) -> bool:
    few = [Hour(step, step - 1) for step in (101, 102, 107, 272)]
    return bool(shown(clock, few))


def _tried(claim: Claim, precision: Precision) -> Iterator[dict[str, Any]]:
    spec = oracle.spec(claim.spec)
    slow = _slow(precision.dtype)
    forms = [hyper | {n: v for n, v in slow.items() if n in hyper} for hyper in hypers(claim)]
    yield from forms
    added: dict[str, Any] = {}
    for setting in COUNTING:
        known = all(name in spec.arguments and claim.takes(name) for name in setting)
        scheduled = isinstance(setting.get("learning_rate"), dict)
        if known and (claim.schedules or not scheduled):
            more = added | setting
            added = more if _is_accepted(claim.spec, forms[0] | more) else added
    if added:
        yield forms[0] | added


def _is_accepted(spec_id: str, hyper: dict[str, Any]) -> bool:
    try:
        oracle.spec(spec_id).program(hyper)
    except OracleError:
        return False
    return True


def _slow(dtype: str) -> dict[str, Any]:
    """Return decay rates so near 1 that a correction by their powers goes on for many steps."""
    share = 1 - 2.0**-7 if float_type(dtype).bits == _HALF else 1 - 2.0**-13
    moments = dict.fromkeys(("beta_1", "beta_2", "beta1", "beta2"), share)
    return {"learning_rate": 0.5, "epsilon": 2.0**-10, **moments}
