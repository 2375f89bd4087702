"""In types of 4 to 8 bits all inputs are tried, in every order that the bound claims to cover.

Nothing lies outside: for these types that is a proof. And each bound is nearly reached, so that one
of twice the size would fail here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from tiny import FLOAT4, FLOAT6, FLOAT6_WIDE, FLOAT8, FLOAT8_WIDE, Order, Tiny, exhausted

root = np.sqrt

REACHED = 0.4
"""The share of every bound that some input comes to, in types with three bits and more."""

REACHED_BY_OPERATIONS = 0.75
"""The same for one operation: the rest is what a rounding cannot come to in so few bits."""


@dataclass(frozen=True)
class Formula:
    """A formula as a rule has it, and the orders in which candidates compute it."""

    name: str
    arity: int
    """How many arrays it takes; they come after the hyperparameters."""
    rule: Order
    orders: list[Order]
    hyper: tuple[float, ...] = ()
    roots: bool = field(default=False)
    """Whether it takes roots: they are subnormal only in types without a range of exponents."""

    def __str__(self) -> str:
        return "-".join([self.name, *map(str, self.hyper)])


OPERATIONS = [
    Formula("a + b", 2, lambda xp, a, b: a + b, [lambda r, a, b: r(a + b)]),
    Formula("a - b", 2, lambda xp, a, b: a - b, [lambda r, a, b: r(a - b)]),
    Formula("a * b", 2, lambda xp, a, b: a * b, [lambda r, a, b: r(a * b)]),
    Formula("a**2", 1, lambda xp, a: a**2, [lambda r, a: r(a * a)]),
    Formula("root", 1, lambda xp, a: xp.sqrt(a), [lambda r, a: r(root(a))], roots=True),
    Formula(
        "a / b",
        2,
        lambda xp, a, b: a / b,
        [lambda r, a, b: r(a / b), lambda r, a, b: r(a * r(1 / b))],
    ),
]

FORMULAS = [
    Formula(
        "a + b + c",
        3,
        lambda xp, a, b, c: a + b + c,
        [
            lambda r, a, b, c: r(r(a + b) + c),
            lambda r, a, b, c: r(a + r(b + c)),
            lambda r, a, b, c: r(r(a + c) + b),
        ],
    ),
    Formula(
        "a - (b + c)",
        3,
        lambda xp, a, b, c: a - (b + c),
        [
            lambda r, a, b, c: r(a - r(b + c)),
            lambda r, a, b, c: r(r(a - b) - c),
            lambda r, a, b, c: r(r(a - c) - b),
        ],
    ),
    Formula(
        "a * b * c",
        3,
        lambda xp, a, b, c: a * b * c,
        [
            lambda r, a, b, c: r(r(a * b) * c),
            lambda r, a, b, c: r(a * r(b * c)),
            lambda r, a, b, c: r(r(a * c) * b),
        ],
    ),
    Formula(
        "a * b / c",
        3,
        lambda xp, a, b, c: a * b / c,
        [
            lambda r, a, b, c: r(r(a * b) / c),
            lambda r, a, b, c: r(a * r(b / c)),
            lambda r, a, b, c: r(r(a / c) * b),
            lambda r, a, b, c: r(r(a * b) * r(1 / c)),
            lambda r, a, b, c: r(a * r(b * r(1 / c))),
            lambda r, a, b, c: r(r(a * r(1 / c)) * b),
        ],
    ),
    Formula(
        "a + b * c",
        3,
        lambda xp, a, b, c: a + b * c,
        [lambda r, a, b, c: r(a + r(b * c)), lambda r, a, b, c: r(a + b * c)],
    ),
    Formula(
        "a / root(b)",
        2,
        lambda xp, a, b: a / xp.sqrt(b),
        [
            lambda r, a, b: r(a / r(root(b))),
            lambda r, a, b: r(a * r(1 / root(b))),
            lambda r, a, b: r(a * r(1 / r(root(b)))),
        ],
        roots=True,
    ),
    Formula(
        "root(a) / root(b)",
        2,
        lambda xp, a, b: xp.sqrt(a) / xp.sqrt(b),
        [
            lambda r, a, b: r(r(root(a)) / r(root(b))),
            lambda r, a, b: r(r(root(a)) * r(1 / r(root(b)))),
            lambda r, a, b: r(root(r(a / b))),
            lambda r, a, b: r(root(r(a * r(1 / b)))),
        ],
        roots=True,
    ),
]


def _from_the_new_value(h: float) -> list[Order]:
    """Of two ways to interpolate, torch.lerp takes this one where the new value has more weight."""
    return [lambda r, h, a, b: r(b + r(h * r(a - b)))] if h <= 0.5 else []


WITH_HYPERPARAMETERS = [
    *(
        Formula(
            "h * a + (1 - h) * b",
            2,
            lambda xp, h, a, b: h * a + (1 - h) * b,
            [
                lambda r, h, a, b: r(r(h * a) + r(r(1 - h) * b)),
                lambda r, h, a, b: r(h * a + r(r(1 - h) * b)),
                lambda r, h, a, b: r(r(h * a) + r(1 - h) * b),
                lambda r, h, a, b: r(a + r(r(1 - h) * r(b - a))),
                lambda r, h, a, b: r(a + r(1 - h) * r(b - a)),
                lambda r, h, a, b: r(r(a - r(r(1 - h) * a)) + r(r(1 - h) * b)),
                *_from_the_new_value(h),
            ],
            hyper=(h,),
        )
        for h in (0.5, 0.75, 0.25, 0.9)
    ),
    *(
        Formula(
            "p - h * a / b",
            3,
            lambda xp, h, p, a, b: p - h * a / b,
            [
                lambda r, h, p, a, b: r(p - r(r(h * a) / b)),
                lambda r, h, p, a, b: r(p - r(h * r(a / b))),
                lambda r, h, p, a, b: r(p - r(r(h / b) * a)),
                lambda r, h, p, a, b: r(p - h * r(a / b)),
                lambda r, h, p, a, b: r(p - r(r(h * a) * r(1 / b))),
            ],
            hyper=(h,),
        )
        for h in (0.5, 0.3)
    ),
    *(
        Formula(
            "p + (h * v - k * g)",
            3,
            lambda xp, h, k, p, v, g: p + (h * v - k * g),
            [
                lambda r, h, k, p, v, g: r(p + r(r(h * v) - r(k * g))),
                lambda r, h, k, p, v, g: r(p + r(h * v - r(k * g))),
                lambda r, h, k, p, v, g: r(r(p + r(h * v)) - r(k * g)),
                lambda r, h, k, p, v, g: r(r(p - r(k * g)) + r(h * v)),
                lambda r, h, k, p, v, g: r(r(p - k * g) + h * v),
            ],
            hyper=(h, k),
        )
        for h, k in ((0.75, 0.5), (0.9, 0.1))
    ),
    *(
        Formula(
            "p - (h * m + k * g) * a",
            4,
            lambda xp, h, k, p, m, g, a: p - (h * m + k * g) * a,
            [
                lambda r, h, k, p, m, g, a: r(p - r(r(r(h * m) + r(k * g)) * a)),
                lambda r, h, k, p, m, g, a: r(r(p - r(r(h * m) * a)) - r(r(k * g) * a)),
                lambda r, h, k, p, m, g, a: r(p - r(r(r(h * m) * a) + r(r(k * g) * a))),
            ],
            hyper=(h, k),
        )
        for h, k in ((0.5, 0.5), (0.75, 1.5))
    ),
]

TYPES = {1: (FLOAT4, FLOAT6, FLOAT6_WIDE, FLOAT8, FLOAT8_WIDE)}
TYPES[2] = TYPES[1]
TYPES[3] = (FLOAT4, FLOAT6, FLOAT6_WIDE)
TYPES[4] = (FLOAT4,)
"""By how many arrays there are, the types in which all their numbers can be tried."""


def fit(formula: Formula, kind: Tiny) -> bool:
    """Whether a root of the smallest number is a normal one, as in every type that is in use."""
    return not formula.roots or np.sqrt(kind.smallest_subnormal) >= kind.smallest_normal


TRIALS = [
    pytest.param(formula, kind, id=f"{formula} {kind.name}")
    for formula in (*OPERATIONS, *FORMULAS, *WITH_HYPERPARAMETERS)
    for kind in TYPES[formula.arity]
    if fit(formula, kind)
]


@pytest.mark.parametrize(("formula", "kind"), TRIALS)
def test_nothing_lies_outside_and_the_bound_is_nearly_reached(formula: Formula, kind: Tiny):
    found = exhausted(kind, formula.rule, formula.orders, formula.arity, formula.hyper)
    assert found.outside is None
    assert found.finite > 0.1
    if kind.precision > 2:
        assert found.largest > (REACHED_BY_OPERATIONS if formula in OPERATIONS else REACHED)


@pytest.mark.parametrize("formula", [f for f in OPERATIONS if f.name != "a / b"], ids=str)
def test_a_candidate_that_cuts_off_is_outside(formula: Formula):
    """Each operation is rounded to nearest: what is cut off may be twice as far away."""
    sizes = FLOAT8_WIDE.numbers[FLOAT8_WIDE.numbers >= 0]

    def cut(r, *operands):
        exact = formula.orders[0](lambda value: value, *operands)
        below = sizes[np.searchsorted(sizes, np.abs(exact), side="right") - 1]
        return np.copysign(below, exact)

    assert exhausted(FLOAT8_WIDE, formula.rule, [cut], formula.arity).outside is not None
