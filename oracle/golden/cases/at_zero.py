"""Cases at an edge: a decay rate of 0, with which an average is the last thing that it took in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oracle.golden.cases.plan import MATRIX, Plan
from oracle.golden.cases.values import Values
from oracle.specification.options import plain
from oracle.specification.pairs import pairs_in
from oracle.specification.spec import Argument, Spec

_RATE = "decay rate of "
"""What the descriptions of these arguments begin with; those of pairs say ``decay rates of``."""
_RATES = "decay rates of "


def at_zero_plans(spec: Spec, values: Values) -> list[Plan]:
    """Return a case for each decay rate that the library lets be 0."""
    by_itself = plain(spec, values.coarse)
    rates = [a for name, a in spec.arguments.items() if name in by_itself and _may_be_zero(a)]
    plans = [_plan(rate.name, {**by_itself, rate.name: 0.0}) for rate in rates]
    return [*plans, *_of_pairs(spec, by_itself)]


def _of_pairs(spec: Spec, by_itself: Mapping[str, Any]) -> Iterator[Plan]:
    for name, domain in pairs_in(spec.arguments):
        for part in domain.parts if spec.arguments[name].doc.startswith(_RATES) else ():
            value = domain.with_part(by_itself[name], part, 0.0)
            if domain.check(value) is None:
                yield _plan(part, {**by_itself, name: value})


def _may_be_zero(argument: Argument) -> bool:
    return argument.doc.startswith(_RATE) and argument.domain.check(0.0) is None


def _plan(rate: str, hyper: Mapping[str, Any]) -> Plan:
    return Plan(
        f"{rate.replace('_', '-')}-zero",
        f"With {rate}=0 its slot forgets all, and is written all the same",
        hyper,
        steps=2,
        shapes=MATRIX,
    )
