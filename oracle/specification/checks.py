"""What libraries demand of a hyperparameter; each check returns what the value must be, or None."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from oracle.arithmetic.mp import Mp

Check = Callable[[Any], "str | None"]
_NUMBERS = Mp(30).values


_DECIMAL = re.compile(r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf|nan)", re.IGNORECASE)


def _as_number(value: Any) -> Any:
    if isinstance(value, bool) or (isinstance(value, str) and not _DECIMAL.fullmatch(value)):
        return None
    try:
        return _NUMBERS.scalar(value)
    except (TypeError, ValueError):
        return None


def real(value: Any) -> str | None:
    """Accept a number, or a string that holds a decimal one."""
    return None if _as_number(value) is not None else "it must be a number"


def floating(value: Any) -> str | None:
    """Accept a float or a decimal string, but not an integer, as Keras 3 does."""
    if isinstance(value, int) or real(value) is not None:
        return "it must be a float; write 1.0 for 1"
    return None


def between(low: float, high: float, *, low_open: bool = False, check: Check = real) -> Check:
    """Accept a number within [low, high], or within (low, high] if ``low_open``."""

    def within(value: Any) -> str | None:
        number = _as_number(value)
        outside = number is None or number < low or number > high or (low_open and number == low)
        bracket = "(" if low_open else "["
        return check(value) or (f"it must lie in {bracket}{low}, {high}]" if outside else None)

    return within


def at_least(low: float) -> Check:
    """Accept a number that is not below ``low``."""
    return between(low, float("inf"))


def at_most(high: float) -> Check:
    """Accept a number that is not above ``high``."""
    return between(-float("inf"), high)


def flag(value: Any) -> str | None:
    """Accept True and False, and the numbers that stand for them."""
    return None if isinstance(value, (bool, int, float)) else "it must be True or False"


def count(low: int) -> Check:
    """Accept an integer that is not below ``low``."""

    def counts(value: Any) -> str | None:
        fits = isinstance(value, int) and not isinstance(value, bool) and value >= low
        return None if fits else f"it must be an integer of at least {low}"

    return counts


def optional(check: Check) -> Check:
    """Accept None besides what ``check`` accepts."""
    return lambda value: None if value is None else check(value)


def indices(value: Any) -> str | None:
    """Accept a list of parameter indices."""
    fits = isinstance(value, (list, tuple)) and all(isinstance(k, int) and k >= 0 for k in value)
    return None if fits else "it must be a list of parameter indices"
