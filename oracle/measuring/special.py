"""Zeros, infinities and NaN: what IEEE 754 asks of operations, and what is given."""

from __future__ import annotations

import math

import numpy as np

from oracle.dtypes import FloatType
from oracle.measuring.backends import Library, computed
from oracle.measuring.programs import PROGRAMS

INF, NAN = math.inf, math.nan

EXPECTED: dict[str, tuple[tuple[tuple[float, ...], float], ...]] = {
    "sqrt": (((0.0,), 0.0), ((-0.0,), -0.0), ((INF,), INF), ((-1.0,), NAN), ((NAN,), NAN)),
    "rsqrt": (((0.0,), INF), ((-0.0,), -INF), ((INF,), 0.0), ((-1.0,), NAN), ((NAN,), NAN)),
    "exp": (((0.0,), 1.0), ((INF,), INF), ((-INF,), 0.0), ((NAN,), NAN)),
    "log": (
        ((1.0,), 0.0),
        ((0.0,), -INF),
        ((-0.0,), -INF),
        ((INF,), INF),
        ((-1.0,), NAN),
        ((NAN,), NAN),
    ),
    "cos": (((0.0,), 1.0), ((INF,), NAN), ((NAN,), NAN)),
    "divide": (
        ((1.0, 0.0), INF),
        ((-1.0, 0.0), -INF),
        ((1.0, -0.0), -INF),
        ((0.0, 0.0), NAN),
        ((1.0, INF), 0.0),
        ((INF, 2.0), INF),
        ((INF, INF), NAN),
        ((-0.0, 2.0), -0.0),
        ((NAN, 1.0), NAN),
    ),
    "power": (
        ((0.0, 0.0), 1.0),
        ((0.0, 0.5), 0.0),
        ((0.0, -0.5), INF),
        ((2.0, 0.0), 1.0),
        ((INF, 0.5), INF),
        ((INF, -0.5), 0.0),
        ((0.5, INF), 0.0),
        ((-2.0, 3.0), -8.0),
        ((-2.0, 0.5), NAN),
        ((NAN, 1.0), NAN),
    ),
    "add": (((INF, -INF), NAN), ((INF, 1.0), INF), ((0.0, -0.0), 0.0), ((-0.0, -0.0), -0.0)),
    "multiply": (((INF, 0.0), NAN), ((INF, -1.0), -INF), ((-0.0, 1.0), -0.0)),
}
"""By operation: operands, and the result, the sign of a 0 included."""


def told(backend: Library, kind: FloatType, names: list[str]) -> list[str]:
    """Return a sentence for each result that is another than IEEE 754's."""
    found: list[str] = []
    for name in names:
        if name in EXPECTED and backend.computes(PROGRAMS[name]):
            found += _deviations(backend, kind, name)
    return found


def _deviations(backend: Library, kind: FloatType, name: str) -> list[str]:
    """Compute each case in all elements of a vector and its rest, as those may go other ways."""
    cases = EXPECTED[name]
    operands = np.tile(np.array([given for given, _ in cases]), (19, 1)).T.astype(kind.numpy)
    try:
        result = computed(
            backend, PROGRAMS[name], kind.name, [column.copy() for column in operands]
        )
    except Exception:
        return []
    results = result.astype(np.float64).reshape(19, len(cases))
    found = []
    for (given, wanted), got in zip(cases, results.T, strict=True):
        wrong = [float(one) for one in got if not _same(float(one), wanted)]
        if wrong:
            found.append(
                f"{PROGRAMS[name].text} of {', '.join(map(repr, given))} is {wrong[0]!r}"
                f"{'' if len(wrong) == len(got) else ' in some elements'}, not {wanted!r}"
            )
    return found


def _same(got: float, wanted: float) -> bool:
    if math.isnan(wanted):
        return math.isnan(got)
    return got == wanted and math.copysign(1.0, got) == math.copysign(1.0, wanted)
