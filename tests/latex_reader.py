"""A reader of LaTeX formulas: it computes what a mathematician would take them to say."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

_NUMBER = re.compile(r"\d+(\.\d+)?")
_FUNCTIONS = {
    r"\max": max,
    r"\min": min,
    r"\exp": math.exp,
    r"\ln": math.log,
    r"\cos": math.cos,
    r"\sum": float,
    r"\mathop{\mathrm{sign}}": lambda x: math.copysign(1.0, x) if x else 0.0,
}
_BETWEEN = {
    r"\lvert": (r"\rvert", abs),
    r"\lVert": (r"\rVert", abs),
    r"\lfloor": (r"\rfloor", math.floor),
}
"""What stands between two delimiters; the norm of one number is its magnitude."""
_COMPARISONS = {
    r"\lt": float.__lt__,
    r"\gt": float.__gt__,
    r"\le": float.__le__,
    r"\ge": float.__ge__,
}
_ENDS = ("+", "-", ")", "}", ",", "&", "\\\\", r"\end", *_COMPARISONS)
_ENDS += tuple(closing for closing, _ in _BETWEEN.values())
"""What ends a product."""


def root(x: float) -> float:
    """The square root; NaN for a negative number."""
    return math.sqrt(x) if x >= 0 else math.nan


class Reader:
    """Reads one formula, left to right, given the value of each symbol."""

    def __init__(self, text: str, values: Mapping[str, float]) -> None:
        self.text, self.values, self.at = (
            text.replace(r"\left", "").replace(r"\right", ""),
            values,
            0,
        )

    def read(self) -> float:
        """The value of the whole text."""
        value = self.sum()
        assert not self.rest, f"not read: {self.rest}"
        return value

    @property
    def rest(self) -> str:
        """What is not read yet, from the next sign on."""
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1
        return self.text[self.at :]

    def take(self, *signs: str) -> str:
        """Read one of these signs if it comes next."""
        found = next((sign for sign in signs if self.rest.startswith(sign)), "")
        self.at += len(found)
        return found

    def need(self, sign: str) -> None:
        """Read a sign that has to come next."""
        assert self.take(sign), f"{sign} expected: {self.rest}"

    def sum(self) -> float:
        """Terms with signs between them; a minus at the start belongs to the first term."""
        total = -self.product() if self.take("-") else self.product()
        while sign := self.take("+", "-"):
            total = total + self.product() if sign == "+" else total - self.product()
        return total

    def product(self) -> float:
        """Factors side by side."""
        value = self.power()
        while self.rest and not self.rest.startswith(_ENDS):
            self.take(r"\cdot")
            value = value * self.power()
        return value

    def power(self) -> float:
        """A factor, with an exponent or without."""
        base = self.atom()
        return base ** self.group() if self.take("^") else base

    def group(self) -> float:
        """A formula in braces."""
        self.need("{")
        value = self.sum()
        self.need("}")
        return value

    def atom(self) -> float:
        """What holds together without signs."""
        if self.take("("):
            value = self.sum()
            self.need(")")
            return value
        if self.take(r"\frac"):
            return self.group() / self.group()
        if self.take(r"\sqrt"):
            return root(self.group())
        if self.take(r"\begin{cases}"):
            return self.cases()
        if self.take(r"\infty"):
            return math.inf
        if name := self.take(*_FUNCTIONS):
            return float(_FUNCTIONS[name](*self.arguments()))
        if opening := self.take(*_BETWEEN):
            closing, function = _BETWEEN[opening]
            value = self.sum()
            self.need(closing)
            return float(function(value))
        if name := self.take(*sorted(self.values, key=len, reverse=True)):
            return self.values[name]
        found = _NUMBER.match(self.rest)
        assert found, f"no formula: {self.rest}"
        self.at += found.end()
        return float(found[0])

    def arguments(self) -> list[float]:
        """Formulas in brackets, with commas between them."""
        self.need("(")
        values = [self.sum()]
        while self.take(","):
            values.append(self.sum())
        self.need(")")
        return values

    def cases(self) -> float:
        """One of two values."""
        yes = self.sum()
        self.need(r"& \text{if }")
        left = self.sum()
        compare = _COMPARISONS[self.take(*_COMPARISONS)]
        holds = compare(left, self.sum())
        self.need("\\\\")
        no = self.sum()
        self.need(r"& \text{otherwise} \end{cases}")
        return yes if holds else no


class Floats:
    """Python's own numbers, as an arithmetic for rules."""

    sqrt, exp, log, cos = root, math.exp, math.log, math.cos
    abs, norm, maximum, minimum, floor = abs, abs, max, min, math.floor
    sum, constant, inf = float, float, math.inf

    @staticmethod
    def sign(x: float) -> float:
        """-1, 0 or 1."""
        return float((x > 0) - (x < 0))

    @staticmethod
    def where(condition: bool, yes: float, no: float) -> float:
        """One of two."""
        return yes if condition else no
