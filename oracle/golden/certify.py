"""The second witness: every golden number has to lie in its enclosure, and that be narrow."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import flint

from oracle.golden.model import DECIMALS, GoldenError, half_unit

WIDEST = "1e-35"
"""Diameter of an enclosure relative to its number; absolute where it holds zero."""

_BITS = 320


def certify(text: str, ball: Any, place: str) -> None:
    """Refuse a golden number that its enclosure does not confirm, with one sentence."""
    objection = _objection(text, ball)
    if objection:
        raise GoldenError(f"{place}: the golden number {text} is not certified: {objection}")


def _objection(text: str, ball: Any) -> str:
    if text.lstrip("-") in ("nan", "inf"):
        return f"its enclosure {_shown(ball)} is finite" if ball.is_finite() else ""
    if not ball.is_finite():
        return "its enclosure is not finite"
    with flint.ctx.workprec(_BITS):
        widest = flint.arb(WIDEST)
        size = abs(ball.mid()) if not ball.contains(0) else flint.arb(1)
        if not 2 * ball.rad() <= widest * size:
            return f"its enclosure {_shown(ball)} is wider than {WIDEST}"
        if not _as_ball(text).overlaps(ball):
            return f"its enclosure {_shown(ball)} does not hold it"
    return ""


def _as_ball(text: str) -> Any:
    """Return all the numbers that are written as ``text`` when 40 digits are kept."""
    number = Decimal(text)
    if number.is_zero():
        return flint.arb(0)
    return flint.arb(f"[{text} +/- {half_unit(number)}]")


def _shown(ball: Any) -> str:
    return str(ball.str(DECIMALS))
