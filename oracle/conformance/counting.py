"""Hyperparameters under which it shows how many steps a candidate has counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import oracle
from oracle.claim import Claim, Precision
from oracle.conformance.clocks import Clock, Hour, shown
from oracle.conformance.usual import hypers
from oracle.errors import OracleError
from oracle.specification.domains import ScheduledRate
from oracle.specification.shapes import takes_shape


def counting(claim: Claim, precision: Precision) -> Iterator[tuple[dict[str, Any], Clock]]:
    """Yield hyperparameters whose steps depend on their number, each with its truth.

    They are those of every form, and those with all that may bring a count in. A clock is of a
    vector:
    there is none for a spec that takes none.
    """
    if not takes_shape(oracle.spec(claim.spec), (1,)):
        return
    for hyper in _tried(claim, precision):
        clock = Clock(claim.spec, hyper, precision)
        if clock.rests and _tells(clock):
            yield hyper, clock


def _tells(clock: Clock) -> bool:
    few = [Hour(step, step - 1) for step in (101, 102, 107, 272)]
    return bool(shown(clock, few))


def _tried(claim: Claim, precision: Precision) -> Iterator[dict[str, Any]]:
    arguments = oracle.spec(claim.spec).arguments
    slow = {name: a.domain.slow(precision.dtype) for name, a in arguments.items()}
    slow = {name: value for name, value in slow.items() if value is not None}
    forms = [hyper | {n: v for n, v in slow.items() if n in hyper} for hyper in hypers(claim)]
    yield from forms
    added: dict[str, Any] = {}
    for name, argument in arguments.items():
        scheduled = isinstance(argument.domain, ScheduledRate) and not claim.schedules
        if claim.takes(name) and argument.domain.counting is not None and not scheduled:
            more = added | {name: argument.domain.counting}
            added = more if _is_accepted(claim.spec, forms[0] | more) else added
    if added:
        yield forms[0] | added


def _is_accepted(spec_id: str, hyper: dict[str, Any]) -> bool:
    try:
        oracle.spec(spec_id).program(hyper)
    except OracleError:
        return False
    return True
