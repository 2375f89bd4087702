"""Cases drawn at random: those that catch a wrong version which no planned case catches are kept.

A case follows from its id alone, which names the planned case that it varies, and a number: it has
other arguments, of few bits, and another kind of gradients.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from oracle.errors import OracleError
from oracle.golden.cases.draw import Stream
from oracle.golden.cases.plan import OWN, Plan
from oracle.specification.spec import Spec
from oracle.systems import spec as find_spec

PREFIX = "searched-"
"""What the ids of these cases begin with; the id of the planned case and a number follow."""

_WHY = "Arguments of few bits meet gradients of another kind than planned"
_GRADIENTS = ("mixed", "mixed", "sign-changing", "fading", "small", "zero-last", "steady", "norms")
_SHARES = (0.125, 0.25, 0.375, 0.625, 0.75, 0.875)
_FACTORS = (0.25, 0.5, 0.75, 1.5, 2.0, 3.0)
_SMALL = (2.0**-7, 2.0**-5, 0.125, 0.5)
_LONGEST = 6


def base_of(case_id: str) -> str:
    """Return the id of the planned case that a drawn one varies."""
    return case_id.removeprefix(PREFIX).rpartition("-")[0]


def searched_id(base: Plan, number: int) -> str:
    """Return the id of the variation of a planned case that has a number."""
    return f"{PREFIX}{base.id}-{number}"


def searched_plan(spec_id: str, case_id: str, base: Plan) -> Plan:
    """Return a drawn case, made from the planned one that its id names."""
    spec, stream = find_spec(spec_id), Stream(f"{spec_id}/{case_id}")
    fixed = bool(base.rows or base.missing) or base.gradients in ("levels", "norms")
    drawn = 2 + stream.below(_LONGEST - 1)
    steps = base.steps if fixed else drawn
    return replace(
        base,
        id=case_id,
        why=_WHY,
        hyper=_drawn(spec, base.hyper, stream),
        gradients=base.gradients if fixed else _GRADIENTS[stream.below(len(_GRADIENTS))],
        steps=steps,
        checkpoints=base.written_steps if fixed else tuple(sorted({1, 2, steps})),
        start="zero" if stream.coin() else "mixed",
        role=OWN,
    )


def _drawn(spec: Spec, given: Mapping[str, Any], stream: Stream) -> dict[str, Any]:
    """Return other numbers and switches, each of them only where the spec accepts it."""
    hyper = dict(given)
    for name, argument in spec.arguments.items():
        value = hyper.get(name, argument.default)
        drawn = {**hyper, name: _other(value, stream)}
        if drawn[name] != value and _is_valid(spec, drawn):
            hyper = drawn
    return hyper


def _is_valid(spec: Spec, hyper: Mapping[str, Any]) -> bool:
    try:
        spec.program(hyper)
    except (OracleError, ArithmeticError, ValueError):
        return False
    return True


def _other(value: Any, stream: Stream) -> Any:
    """Return another value of the same kind: of most numbers, of some switches and zeros."""
    if isinstance(value, bool):
        return value if stream.below(4) else not value
    if isinstance(value, tuple):
        return tuple(_other(one, stream) for one in value)
    if isinstance(value, Mapping):
        return {
            key: {k: _other(v, stream) for k, v in held.items()} if key == "config" else held
            for key, held in value.items()
        }
    if isinstance(value, float) and (stream.below(4) if value else not stream.below(4)):
        return _number(value or 0.5, stream)
    return value


def _number(value: float, stream: Stream) -> float:
    if 0 < value < 0.01:
        return _SMALL[stream.below(len(_SMALL))]
    if 0 < value < 1:
        return _SHARES[stream.below(len(_SHARES))]
    return value * _FACTORS[stream.below(len(_FACTORS))]
