"""Numbers that a candidate may take: found from one element of what it shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from operator import mul
from typing import Any

from oracle.diagnosis.hypotheses import NUMBER, Hypothesis, edited, instead_of, replacing
from oracle.diagnosis.statements import constants_of
from oracle.mutation.substitute import substituted
from oracle.mutation.versions import Version
from oracle.rules.rule import Rule
from oracle.specification.spec import Program, Spec

STEPS = 12
"""How often the secant method may try; from near by it needs fewer."""

DIGITS = (1, 2, 3)
"""Numbers that people write have few digits; any other would fit by chance."""

NOTHING = 1e-5
"""Which share of a number is none of it."""

VersionWith = Callable[[float], Version]
Measure = Callable[[Program], float]
"""By how much a program is off where the candidate is most wrong."""


def other_arguments(spec: Spec, hyper: Mapping[str, Any], off: Measure) -> Iterator[Hypothesis]:
    """Yield each argument with the number that explains one element, if it is a simple one."""
    program, complete = spec.program(hyper), spec.validate(hyper)
    for name, value in program.numeric.items():
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            given = name in hyper
            instead = instead_of(name, complete.get(name, value), given=given)
            found = root(partial(_off_with, off, program, name), float(value))
            for number, digits in simple(found, value):
                again = partial(replacing, name=name, of=partial(_always, number), everywhere=given)
                text, called = f"{name}={number!r} {instead}", f"{name}={number!r}"
                yield Hypothesis(text, (NUMBER, digits), again(spec), called, again)
            for ratio, digits in simple(found / value) if value else ():
                again = partial(replacing, name=name, of=partial(mul, ratio), everywhere=True)
                text = f"{ratio!r} * {name} instead of {name}"
                yield Hypothesis(text, (NUMBER, digits + 0.5), again(spec), elsewhere=again)


def _off_with(off: Measure, program: Program, name: str, value: float) -> float:
    return off(replace(program, numeric={**program.numeric, name: value}))


def _always(number: float, _: float) -> float:
    return number


def other_constants(
    spec: Spec, rule: Rule, hyper: Mapping[str, Any], places: Collection[int], off: Measure
) -> Iterator[Hypothesis]:
    """Yield each constant of these statements with the number that explains one element."""
    for value, version_with in constants_of(rule, places):

        def off_at(number: float, version_with: VersionWith = version_with) -> float:
            return off(substituted(spec, rule, version_with(number).rule).program(hyper))

        for number, digits in simple(root(off_at, value), value):
            yield edited(spec, rule, version_with(number), (NUMBER, digits))


def root(off: Callable[[float], float], start: float) -> float:
    """Return where a function is 0, by the secant method; NaN where it is not found."""
    a, b = start, start * 1.0625 or 0.0625
    try:
        at_a, at_b = off(a), off(b)
        for _ in range(STEPS):
            if at_b == at_a or not math.isfinite(at_b):
                break
            a, b, at_a = b, b - at_b * (b - a) / (at_b - at_a), at_b
            at_b = off(b)
            if abs(b - a) <= 1e-9 * abs(b):
                return b
    except (ArithmeticError, ValueError, TypeError, AssertionError):
        return math.nan
    return b if abs(b - a) <= 1e-6 * abs(b) else math.nan


def simple(number: float, beside: float = 0.0) -> Iterator[tuple[float, int]]:
    """Yield a number rounded to few digits, with how many they are; the bounds say which fits.

    What is as good as nothing ``beside`` the number in whose place it stands is 0.
    """
    seen = set()
    if abs(number) < NOTHING * abs(beside):
        yield 0.0, 0
    for digits in DIGITS if math.isfinite(number) else ():
        rounded = float(f"{number:.{digits}g}")
        if rounded not in seen:
            seen.add(rounded)
            yield rounded, digits
