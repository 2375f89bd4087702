"""Products and quotients in any order: a part of them that is subnormal is within the bound."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from arithmetics import examples
from hypothesis import given
from hypothesis import strategies as st

from oracle.arithmetic.bounded import Bounded
from oracle.arithmetic.model import Model
from oracle.arithmetic.native import native
from oracle.dtypes import float_type

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

Formula = Callable[..., np.ndarray]

ADAMAX: dict[str, Formula] = {
    "as in the paper": lambda a, c, m, d: a / c * m / d,
    "both products first (Keras 3)": lambda a, c, m, d: a * m / (c * d),
    "the quotient first": lambda a, c, m, d: a * (m / d) / c,
    "one divisor after the other": lambda a, c, m, d: a * m / d / c,
    "corrected before it is scaled": lambda a, c, m, d: a * (m / c) / d,
}
"""Step size a over bias correction c, times moment m, over its norm d."""

SCALED_SQUARE: dict[str, Formula] = {
    "the square first": lambda c, g: c * (g * g),
    "one factor after the other": lambda c, g: c * g * g,
}


def spread(rng: np.random.Generator, kind, low: int, high: int):
    """Numbers of every magnitude between two powers of two, as the dtype holds them."""
    numbers = np.exp2(rng.uniform(low, high, 64)) * rng.choice([-1.0, 1.0], 64)
    return kind.round(numbers)


def bounded(formula: Formula, dtype: str, *arrays, flushes: bool = False) -> Bounded:
    xp = native(Model.declared(dtype, flushes_subnormals=flushes))
    return formula(*map(xp.array, arrays))


def computed(formula: Formula, kind, *arrays) -> np.ndarray:
    return np.asarray(formula(*(a.astype(kind.numpy) for a in arrays))).astype(np.float64)


@pytest.mark.parametrize("dtype", ["float16", "float32"])
@pytest.mark.parametrize("order", ADAMAX)
@examples(100)
@given(seed=st.integers(0, 2**32 - 1))
def test_every_order_of_a_quotient_lies_in_the_bound_of_any(dtype: str, order: str, seed: int):
    """Where numbers are so small that parts of it are subnormal in one order only."""
    kind, rng = float_type(dtype), np.random.default_rng(seed)
    least = kind.min_exponent
    a, m = spread(rng, kind, least // 2, 0), spread(rng, kind, least, 0)
    c, d = np.abs(spread(rng, kind, -6, 0)), np.abs(spread(rng, kind, least, 0))
    for formula in ADAMAX.values():
        number = bounded(formula, dtype, a, c, m, d)
        error = np.abs(computed(ADAMAX[order], kind, a, c, m, d) - number.value)
        assert np.all((error <= number.error) | np.isinf(number.value) | np.isinf(number.error))


@pytest.mark.parametrize("order", SCALED_SQUARE)
def test_a_square_is_a_product_like_any_other(order: str):
    """A gradient whose square is subnormal may meet its factor before."""
    kind = float_type("float16")
    g = kind.round(np.exp2(np.linspace(-13, -6, 64)))
    c = np.full(64, 0.125)
    for formula in SCALED_SQUARE.values():
        number = bounded(formula, "float16", c, g)
        error = np.abs(computed(SCALED_SQUARE[order], kind, c, g) - number.value)
        assert np.all(error <= number.error)


def test_what_another_order_loses_is_charged_once():
    """A step size times a moment that is subnormal, over a small norm: half a subnormal over it."""
    kind = float_type("float16")
    a, m, d = np.array([2.0**-12]), np.array([2.0**-8]), np.array([2.0**-6])
    number = bounded(lambda a, m, d: a * (m / d), "float16", a, m, d)
    lost = kind.smallest_subnormal / 2 / d
    assert lost <= number.error <= 1.5 * lost
    assert bounded(lambda a, m: a * m, "float16", a, m).error <= kind.smallest_subnormal


def test_nothing_is_lost_of_zero_and_of_normal_numbers():
    """The bound is what it was before parts could be subnormal."""
    a, m, d = np.array([0.5, 0.5]), np.array([0.0, 0.25]), np.array([2.0**-12, 0.125])
    number = bounded(lambda a, m, d: a * m / d, "float16", a, m, d)
    unit = float_type("float16").unit_roundoff
    assert number.error[0] <= float_type("float16").smallest_subnormal
    assert number.error[1] == pytest.approx(3 * unit * 1.0, rel=1e-2)


def test_a_divisor_that_may_vanish_bounds_nothing():
    """Two small divisors that are multiplied first come to 0."""
    small = np.array([2.0**-13])
    number = bounded(lambda m, c, d: m / c / d, "float16", small, small, small)
    assert np.isinf(number.error)


def test_a_candidate_that_flushes_loses_all_of_a_subnormal_part():
    a, m, d = np.array([2.0**-70]), np.array([2.0**-70]), np.array([2.0**-60])
    right = bounded(lambda a, m, d: a * (m / d), "float32", a, m, d)
    flushing = bounded(lambda a, m, d: a * (m / d), "float32", a, m, d, flushes=True)
    assert right.error < 1e-2 * np.abs(right.value)
    assert flushing.error >= np.abs(flushing.value)


@pytest.mark.parametrize("stray", [np.nan, np.inf, 0.0])
def test_what_is_not_a_number_does_not_hide_its_neighbours(stray: float):
    a, d = np.array([2.0**-12, 2.0**-12]), np.array([1.0, 2.0**-6])
    m = np.array([stray, 2.0**-8])
    together = bounded(lambda a, m, d: a * (m / d), "float16", a, m, d)
    alone = bounded(lambda a, m, d: a * (m / d), "float16", a[1:], m[1:], d[1:])
    assert together.error[1] == alone.error[0] > 0
