"""Bounds as a fixture writes them: in unit roundoffs, so that dtypes can share them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import MAX_EMAX, MIN_EMIN, ROUND_CEILING, Context, Decimal
from typing import Any, TypeAlias

from oracle.dtypes import float_type
from oracle.golden.model import GoldenError

BOUND_DIGITS = 3
"""Significant digits of a bound; rounding it up to them costs at most one percent."""

SHARED_WITHIN = 1.02
"""Bounds of two dtypes that differ by no larger factor are written once, as the larger ones."""

WRITTEN_LARGER = (1 + 10.0 ** (1 - BOUND_DIGITS)) * SHARED_WITHIN
"""The factor by which a bound is at most larger in a file than it has to be."""

_HEADROOM = 1 + 2.0**-40
"""Lifts a bound off the edge between two roundings, where the last bit of exp or log on another
machine would change the file."""

_UPWARD = Context(prec=BOUND_DIGITS, rounding=ROUND_CEILING, Emax=MAX_EMAX, Emin=MIN_EMIN)

Limit: TypeAlias = "float | int | str"
Limits: TypeAlias = Mapping[str, Any]


def bound_number(bound: float, text_error: float, dtype: str) -> Limit:
    """Return a bound on what is left to the text, in unit roundoffs of a dtype, rounded up.

    It is ``"inf"`` where nothing is known.
    """
    bound += text_error
    if math.isnan(bound) or bound < 0:
        raise GoldenError(f"a bound is {bound!r} where it has to be 0 or more")
    if bound == 0 or math.isinf(bound):
        return 0 if bound == 0 else "inf"
    units = Decimal(bound * _HEADROOM) / Decimal(float_type(dtype).unit_roundoff)
    rounded = float(_UPWARD.create_decimal(units))
    if math.isinf(rounded):
        return "inf"
    return int(rounded) if rounded < 1000 and rounded.is_integer() else rounded


def shared(by_dtype: Mapping[str, Limits]) -> dict[str, Limits | str]:
    """Return the same bounds, each dtype that another one speaks for being its name."""
    written: dict[str, Limits | str] = {}
    lowest: dict[str, Limits] = {}
    for dtype, limits in by_dtype.items():
        for leader, smallest in lowest.items():
            largest = _mapped(max, written[leader], limits)
            least = _mapped(min, smallest, limits)
            if all(_is_near(a, b) for a, b in zip(_all(least), _all(largest), strict=True)):
                written[leader], lowest[leader], written[dtype] = largest, least, leader
                break
        else:
            written[dtype] = lowest[dtype] = limits
    return written


def told_apart(written: Mapping[str, Limits | str]) -> dict[str, Limits]:
    """Return the bounds of each dtype, those that it shares with another one looked up."""
    found = {}
    for dtype, limits in written.items():
        held = written[limits] if isinstance(limits, str) else limits
        if isinstance(held, str):
            raise KeyError(f"bounds of {limits}")
        found[dtype] = held
    return found


def _mapped(choose: Any, one: Any, other: Any) -> Any:
    if isinstance(one, Mapping):
        return {key: _mapped(choose, one[key], other[key]) for key in one}
    if isinstance(one, Sequence) and not isinstance(one, str):
        return [_mapped(choose, a, b) for a, b in zip(one, other, strict=True)]
    return choose(one, other, key=float)


def _all(limits: Any) -> Iterator[float]:
    if isinstance(limits, Mapping):
        yield from (x for inner in limits.values() for x in _all(inner))
    elif isinstance(limits, Sequence) and not isinstance(limits, str):
        yield from (x for inner in limits for x in _all(inner))
    else:
        yield float(limits)


def _is_near(least: float, largest: float) -> bool:
    if math.isinf(largest) or not least:
        return least == largest
    return largest <= SHARED_WITHIN * least
