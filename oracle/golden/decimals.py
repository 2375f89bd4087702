"""Numbers as a fixture writes them: exact ones as text, inputs as JSON has them."""

from __future__ import annotations

import math
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, Inexact
from typing import Any

import mpmath

from oracle.golden.model import DECIMALS, half_unit

_EXACT = Context(prec=DECIMALS, Emax=MAX_EMAX, Emin=MIN_EMIN)
_LONGEST_PLAIN_EXPONENT = 20
_SHORTEST_PLAIN_EXPONENT = -6


def decimal_text(number: Any) -> str:
    """Return an mpf to 40 significant digits, rounded once, in a form that no version changes."""
    if mpmath.isnan(number):
        return "nan"
    if mpmath.isinf(number):
        return "inf" if number > 0 else "-inf"
    return _plain_or_scientific(_rounded(number, _EXACT).normalize(_EXACT))


def text_error(number: Any) -> float:
    """Return the most by which the text of an mpf differs from it: 0 where it says it all."""
    context = _EXACT.copy()
    context.clear_flags()
    if not mpmath.isfinite(number):
        return 0.0
    rounded = _rounded(number, context)
    if not context.flags[Inexact]:
        return 0.0
    return float(half_unit(rounded))


def float_number(value: float) -> float | str:
    """Return an input as a JSON number, or as the word for what JSON cannot say."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def _rounded(number: Any, context: Context) -> Decimal:
    mantissa, exponent = int(number.man), int(number.exp)
    if exponent >= 0:
        size = context.create_decimal(mantissa << exponent)
    else:
        size = context.divide(Decimal(mantissa), Decimal(1 << -exponent))
    return size.copy_negate() if number < 0 else size


def _plain_or_scientific(number: Decimal) -> str:
    if number.is_zero():
        return "0"
    if _SHORTEST_PLAIN_EXPONENT <= number.adjusted() <= _LONGEST_PLAIN_EXPONENT:
        return f"{number:f}"
    return f"{number:e}"
