"""In which type sums and matrix products accumulate, and whether operands are rounded first."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oracle.dtypes import DTYPES, FloatType, float_type
from oracle.measuring.backends import Library, computed
from oracle.measuring.exact import error_in_ulp
from oracle.measuring.programs import PROGRAMS

Numbers = npt.NDArray[np.generic]

TERMS = 2**6
"""Small terms beside the large one and its opposite; few, so that one that is lost shows."""
SIDE = 128
"""Rows and columns of matrices: what a device has special units for, they can do."""
WIDER = "a type wider than float64"
SHUFFLES = 8
TO_SHUFFLE = 2**14 + 3


@dataclass
class Summed:
    """What sums, or matrix products, show of themselves."""

    accumulator: str
    """A dtype, or `WIDER`."""
    operands: str
    """The type that operands are rounded to, or how many bits are left of them."""


def accumulator_of_sums(backend: Library, kind: FloatType) -> str:
    """Return the type in which the terms of a sum are added up."""

    def totals(rows: Numbers) -> Numbers:
        return np.array(
            [computed(backend, PROGRAMS["sum"], kind.name, [row.copy()]) for row in rows]
        )

    return _accumulator(kind, totals)


def of_matrices(backend: Library, kind: FloatType) -> Summed:
    """Return the same of the products of a matrix, and to what their operands are rounded."""

    def totals(rows: Numbers) -> Numbers:
        ones = np.ones((SIDE, SIDE), kind.numpy)
        product = computed(backend, PROGRAMS["matmul"], kind.name, [_square(rows), ones])
        return product[: len(rows)]

    return Summed(_accumulator(kind, totals), _operands(backend, kind))


def _accumulator(kind: FloatType, totals: object) -> str:
    """Find the narrowest type in which small terms get lost beside a large one.

    The terms are a large number, its opposite, and small ones of an eighth of its last place in the
    type that is tried: what is added to it first is lost. In a wider type nothing is, and the total
    is exact. The large one and its opposite stand at several places, as nobody knows the order.
    """
    for tried in sorted(map(float_type, DTYPES), key=lambda each: each.precision):
        rows, exact = _terms(kind, tried)
        if rows.size and (totals(rows).astype(np.float64) != exact).any():  # type: ignore[operator]
            return tried.name
    return "float64" if kind.bits == 16 else WIDER


def _terms(kind: FloatType, tried: FloatType) -> tuple[Numbers, float]:
    top = min(kind.max_exponent - 3, 15)
    small = 2.0 ** (top - tried.precision - 2)
    if small < kind.smallest_subnormal:
        return np.empty(0, kind.numpy), 0.0
    rows = np.full((8, TERMS + 2), small)
    places = [(0, -1), (-1, 0), (TERMS // 2, -1), (0, TERMS // 2)]
    for row, (plus, minus) in enumerate(places * 2):
        rows[row, plus], rows[row, minus] = 2.0**top, -(2.0**top)
    return rows.astype(kind.numpy), TERMS * small


def _operands(backend: Library, kind: FloatType) -> str:
    """Multiply numbers by 1 which have ever more bits, and see of which the last bit is kept."""
    bits = np.arange(1, kind.precision)
    numbers = _square(np.diag(1.0 + 2.0**-bits).astype(kind.numpy))
    one = np.eye(SIDE, dtype=kind.numpy)
    kept = bits.size
    for pair in ([numbers, one], [one, numbers]):
        got = computed(backend, PROGRAMS["matmul"], kind.name, pair)
        exact = (np.diag(got) == np.diag(numbers))[: bits.size]
        kept = min(kept, bits.size if exact.all() else int(np.argmin(exact)))
    if kept == bits.size:
        return kind.name
    names = {7: "bfloat16", 10: "tfloat32", 23: "float32"}
    return names.get(kept, f"{kept + 1} bits")


def _square(rows: Numbers) -> Numbers:
    """Return the rows with zeros around them."""
    filled = np.zeros((SIDE, SIDE), rows.dtype)
    filled[: rows.shape[0], : rows.shape[1]] = rows
    return filled


def spread(backend: Library, kind: FloatType) -> str:
    """Return what the order of terms changes in a sum, and whether a run repeats itself."""
    rng = np.random.default_rng(0)
    terms = rng.uniform(0.5, 1.5, TO_SHUFFLE).astype(kind.numpy)
    exact = np.array([math.fsum(terms.astype(np.float64))])
    orders = [rng.permutation(terms) for _ in range(SHUFFLES)]
    sums = np.array([_sum(backend, kind, order) for order in orders])
    again = {_sum(backend, kind, orders[0]) for _ in range(SHUFFLES)}
    error = error_in_ulp(kind, exact, np.zeros(()), sums)
    repeats = "the same in each run" if len(again) == 1 else f"{len(again)} results in 8 runs"
    return (
        f"sum of {TO_SHUFFLE} numbers from 0.5 to 1.5: {error.min():.3g} to {error.max():.3g} ulp "
        f"off in {SHUFFLES} orders; {repeats}"
    )


def _sum(backend: Library, kind: FloatType, terms: Numbers) -> float:
    return float(computed(backend, PROGRAMS["sum"], kind.name, [terms.copy()]))
