"""The truth: exact at ordinary numbers, and as float64 in numpy at the special ones."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import ml_dtypes
import mpmath
import numpy as np
import pytest

from oracle.arithmetic.mp import Mp

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

XP = Mp(50)
SPECIAL = (0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 0.5, -0.5, 2.0, -2.0, 3.0, -2.5)
PAIRS = list(itertools.product(SPECIAL, SPECIAL))
BINARY = ("add", "subtract", "multiply", "divide", "power", "maximum", "minimum")
UNARY = ("square", "negative", "sqrt", "exp", "log", "cos", "floor", "ceil", "abs", "sign")


def same(got, want):
    """Equal to float64's last digit, NaN to NaN; the sign of zero counts nothing."""
    got = float(got.data)
    return got == pytest.approx(want, rel=1e-15, abs=0, nan_ok=True)


def in_numpy(name, *operands):
    with np.errstate(all="ignore"):
        return float(getattr(np, name)(*operands))


@pytest.mark.parametrize("name", BINARY)
def test_binary_operations_treat_special_values_as_numpy_does(name):
    for a, b in PAIRS:
        if (name, a, b) == ("power", -math.inf, 0.5):
            continue  # numpy takes the root, which is NaN; C's pow and IEEE 754 say infinity
        got = getattr(XP, name)(XP.array(a), XP.array(b))
        assert same(got, in_numpy(name, a, b)), (a, b)


def test_nothing_but_0_has_no_magnitude():
    tiny = XP.context.mpf("1e-400")
    size = XP.values.magnitude(np.array([tiny, XP.context.mpf(0), XP.context.mpf(-3)], object))
    assert size.tolist() == [5e-324, 0, 3]


@pytest.mark.parametrize("arrays", [([1.0, 3.0], [2.0]), ([[-1.0], [-2.0]],), ([1.0, 3.0, 2.0],)])
def test_the_largest_of_all_elements(arrays):
    assert float(XP.max(*map(XP.array, arrays)).data) == max(np.max(a) for a in arrays)


def test_the_largest_of_no_elements_is_below_all():
    assert float(XP.max(XP.array([])).data) == -math.inf


@pytest.mark.parametrize("name", UNARY)
def test_functions_treat_special_values_as_numpy_does(name):
    for a in SPECIAL:
        assert same(getattr(XP, name)(XP.array(a)), in_numpy(name, a)), a


@pytest.mark.parametrize("name", ["less", "less_equal"])
def test_comparisons_treat_special_values_as_numpy_does(name):
    for a, b in PAIRS:
        condition = getattr(XP, name)(XP.array(a), XP.array(b))
        assert bool(condition.true) == bool(in_numpy(name, a, b)), (a, b)
        assert condition.sure.all(), (a, b)


def test_reductions_treat_special_values_as_numpy_does():
    for pair in map(np.array, PAIRS):
        assert same(XP.sum(XP.array(pair)), in_numpy("sum", pair)), pair
        norm = in_numpy("sqrt", in_numpy("dot", pair, pair))
        assert same(XP.norm(XP.array(pair)), norm), pair


def test_a_choice_takes_the_first_where_the_comparison_holds():
    a, b = XP.array([1.0, 2.0, math.nan]), XP.array([2.0, 1.0, 1.0])
    assert XP.where(a < b, 10, 20).data.tolist() == [10, 20, 20]
    assert XP.where(a >= b, 10, 20).data.tolist() == [20, 10, 20]


def test_products_of_matrices_are_those_of_fractions():
    a, b = np.array([[0.1, 0.2], [0.3, 0.4]]), np.array([[0.5], [0.6]])
    got = XP.matmul(XP.array(a), XP.array(b)).data[1, 0]
    want = Fraction(0.3) * Fraction(0.5) + Fraction(0.4) * Fraction(0.6)
    assert abs(got * want.denominator - want.numerator) <= abs(want.numerator) * 10.0**-49


def test_sums_are_rounded_once():
    assert XP.sum(XP.array([1e60, 1.0, -1e60])).data == 1


def test_nothing_at_all_sums_to_zero():
    assert XP.sum(XP.array(np.zeros(0))).data == 0
    assert XP.norm(XP.array(np.zeros((0, 3)))).data == 0


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int64", "uint8"])
def test_arrays_enter_at_the_values_that_they_have(dtype):
    values = np.array([0, 1, 3, 100], dtype)
    assert XP.array(values).data.tolist() == [0, 1, 3, 100]


def test_bfloat16_enters_at_the_value_that_it_has():
    assert XP.array(np.array([0.1], ml_dtypes.bfloat16)).data[0] == mpmath.mpf("0.10009765625")


def test_integers_beyond_float64_enter_exactly():
    assert int(XP.array(np.array([2**62 + 1])).data[0]) == 2**62 + 1


def test_floats_count_at_their_binary_value_and_strings_at_their_decimal_one():
    assert XP.constant(0.1).data == mpmath.mpf(0.1)
    assert XP.constant("0.1").data * 10 == 1
    assert XP.constant(0.1).data * 10 != 1


def test_the_users_own_precision_is_neither_used_nor_changed():
    before = mpmath.mp.dps
    third = Mp(80).constant(1) / Mp(80).constant(3)
    assert mpmath.mp.dps == before
    assert abs(third.data * 3 - 1) < mpmath.mpf(10) ** -75


def test_literals_stand_on_either_side_of_an_operator():
    x = XP.array([2.0])
    results = (1 + x, x + 1, 1 - x, x - 1, 3 * x, x * 3, 1 / x, x / 1, 2**x, x**2, -x)
    assert [float(r.data[0]) for r in results] == [3, 3, -1, 1, 6, 6, 0.5, 2, 4, 4, -2]
