"""What no rounding can take away: bounds are finite where a candidate cannot go anywhere."""

from __future__ import annotations

import math

import numpy as np
import pytest
from arithmetics import ratio, rounding

from oracle.dtypes import float_type

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

HALF = float_type("float16")


def underflows(xp):
    """The root of nothing, and an epsilon that float16 may take for 0."""
    return xp.sqrt(xp.array([0.0, 0.0])) + xp.constant(2e-8)


def test_nothing_stays_nothing_over_an_epsilon_that_underflows():
    xp = rounding("float16")
    step = xp.array([0.0, 1.0]) / underflows(xp)
    assert step.error[0] == 0
    assert step.error[1] == math.inf


def test_a_nan_for_nothing_over_an_epsilon_that_underflows_is_outside():
    xp = rounding("float16")
    step = xp.constant(0.5) * xp.array([0.0, 0.0]) / underflows(xp)
    assert ratio(np.array([math.nan, 0.0]), step.value, step.error) == math.inf
    assert ratio(np.array([0.0, 0.0]), step.value, step.error) == 0


def test_nothing_over_what_may_overflow_stays_anybodys_guess():
    xp = rounding("float16")
    overflows = xp.array([60000.0]) * xp.array([2.0]) - xp.array([60000.0])
    assert (xp.array([0.0]) / overflows).error == math.inf


def test_nothing_over_nothing_is_a_certain_nan():
    xp = rounding("float32")
    assert (xp.array([0.0]) / xp.array([0.0])).error == 0


def test_what_is_taken_off_and_put_back_counts_once():
    """``p - (p - clipped)`` is as far off as what is clipped, not three times as far as p."""
    xp = rounding("float32")
    p = xp.array(np.linspace(1.0, 2.0, 99))
    for _ in range(20):
        p = p / 3 * 3
    clipped = p * xp.constant(0.5)
    assert np.all((p - (p - clipped)).error < p.error)
    assert np.all((p - (clipped - p)).error > p.error + clipped.error)


def test_a_candidate_that_takes_it_off_and_puts_it_back_lies_in_the_bound():
    xp, kind = rounding("float16"), HALF
    x = kind.round(np.linspace(0.5, 2.0, 999))
    third = kind.round(x / kind.round(3.0))
    clipped = kind.round(third * 0.375)
    p = xp.array(x) / 3
    again = p - (p - p * xp.constant(0.375))
    assert ratio(kind.round(third - kind.round(third - clipped)), again.value, again.error) <= 1


def test_a_threshold_keeps_the_larger_of_two_numbers_from_zero():
    xp = rounding("bfloat16")
    vague = xp.abs(xp.array([1.0, 2.0]) / 3 * 3 - xp.array([1.0, 2.0]))
    larger = xp.maximum(vague * 100, xp.constant(0.5))
    assert np.all(larger.error >= larger.size)
    assert np.all((xp.array([1.0, 1.0]) / larger).error < math.inf)
    assert np.all(larger.low == 0.5)


def test_a_power_of_a_number_of_periods_is_never_zero():
    """How many are over may be a matter of rounding; each is of some length all the same."""
    xp = rounding("bfloat16")
    periods = xp.floor(xp.constant(0.999) * 3 + xp.constant("0.003"))
    length = xp.constant(2.0) ** periods
    assert length.error >= length.size
    assert 0 < length.low <= float(length.value) / 2
    assert (xp.constant(0.9) / length).error < math.inf


def test_products_of_matrices_lose_nothing_where_there_is_nothing():
    xp = rounding("float32")
    a, b = xp.array([[1e-30, 0.0], [0.0, 0.0]]), xp.array([[1e-30, 1.0], [1.0, 1.0]])
    assert np.array_equal(xp.matmul(a, b).error > 0, [[True, True], [False, False]])


def test_a_column_of_zeros_is_one_whatever_the_matrix_is():
    xp = rounding("float32")
    unknown = xp.array(np.zeros((2, 2)))
    power = xp.matrix_power(unknown, -0.5, xp.array([[0.0, 1.0], [0.0, 1.0]]))
    assert np.array_equal(power.error, [[0.0, math.inf], [0.0, math.inf]])


def test_an_infinite_hyperparameter_of_a_wider_type_is_as_infinite_in_a_narrow_one():
    xp = rounding("float16", "float64")
    kept = xp.minimum(xp.array([1.5]), xp.constant(math.inf))
    assert kept.value[0] == 1.5
    assert kept.error[0] == 0
    assert (xp.array([1.0]) * xp.constant(1e300)).error == math.inf
