"""The bound at single points, each worked out by hand: where it is 0, where infinite, how large."""

from __future__ import annotations

import math

import numpy as np
import pytest
from arithmetics import ratio, rounding

from oracle.dtypes import DTYPES, float_type

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

U = 2.0**-24
SINGLE = float_type("float32")


def single(values):
    return SINGLE.round(values)


# Where nobody can be off


@pytest.mark.parametrize("dtype", DTYPES)
def test_what_needs_no_rounding_has_no_error(dtype):
    xp = rounding(dtype)
    x, nothing = xp.array([1.5, -2.0]), xp.array([0.0, 0.0])
    for exact in (x, -x, xp.abs(x), xp.sign(x), x + nothing, x - nothing, x * nothing, x + 0):
        assert np.all(exact.error == 0)


def test_hyperparameters_that_the_type_holds_have_no_error():
    xp = rounding("float16")
    assert xp.constant(0.5).error == 0
    assert xp.constant(0.1).error == abs(float(np.float16(0.1)) - 0.1)
    assert rounding("float16", "float64").constant(0.1).error == 0
    assert rounding("float16", {"rho": "float64"}).constant(0.1, "rho").error == 0
    assert rounding("float16", {"rho": "float64"}).constant(0.1, "lr").error > 0


def test_a_decimal_string_is_off_by_its_rounding():
    error = rounding("float64").constant("0.1").error
    assert 0 < error < 2.0**-56


def test_integers_are_exact_as_far_as_the_type_counts():
    assert rounding("bfloat16").constant(256).error == 0
    assert rounding("bfloat16").constant(257).error == 1
    assert (rounding("float32").constant(7) / 7).error == 0


def test_numbers_that_the_storage_cannot_hold_enter_with_their_rounding():
    assert rounding("float16").array([0.1]).error[0] == abs(float(np.float16(0.1)) - 0.1)
    assert rounding("float32").array(np.array([0.1], np.float32)).error == 0


@pytest.mark.parametrize("special", [math.nan, math.inf, -math.inf])
def test_a_certain_nan_or_infinity_is_demanded(special):
    xp = rounding("float32")
    x, y = xp.array([special]), xp.array([2.0])
    for number in (x + y, x * y, x / y, xp.sum(x), xp.abs(x), xp.floor(x), xp.maximum(x, x)):
        assert np.all(number.error == 0)


def test_a_comparison_with_certain_nan_is_sure_to_fail():
    xp = rounding("float32")
    condition = xp.array([math.nan]) < xp.constant(0.1)
    assert condition.sure.all()
    assert not condition.true.any()


# Where everything may happen


@pytest.mark.parametrize("dtype", DTYPES)
def test_overflow_makes_the_bound_infinite(dtype):
    xp, largest = rounding(dtype), float_type(dtype).largest
    x = xp.array([largest])
    assert np.all((x + x).error == math.inf)
    assert np.all((x * 2).error == math.inf)
    assert np.all((x * 1).error < math.inf)


def test_a_divisor_that_may_be_zero_makes_the_bound_infinite():
    xp = rounding("float32")
    doubtful = xp.array([1.0]) - xp.constant("0.99999999")
    assert np.all((xp.array([1.0]) / doubtful).error == math.inf)


def test_a_root_of_what_may_be_negative_is_anybodys_guess():
    xp = rounding("float32")
    doubtful = xp.array([1.0]) - xp.constant("0.99999999")
    assert np.all(xp.sqrt(doubtful).error == math.inf)
    assert np.all(xp.sqrt(xp.abs(doubtful)).error < math.inf)


def test_an_infinity_out_of_a_doubtful_zero_stays_doubtful():
    xp = rounding("float32")
    doubtful = xp.floor(xp.constant("0.99999999"))
    assert np.all((xp.array([1.0]) / doubtful + 1).error == math.inf)


def test_the_sign_of_what_may_be_nan_is_unknown():
    xp = rounding("float32")
    overflown = xp.array([1e30]) * xp.array([1e30])
    for number in (xp.sign(overflown), xp.cos(overflown), xp.floor(overflown)):
        assert np.all(number.error == math.inf)


def test_an_angle_that_nobody_knows_has_any_cosine():
    xp = rounding("float32")
    angle = xp.array([0.0, 3.0])
    angle.charge(np.full(2, 7.0))
    assert np.all(xp.cos(angle).error >= 2)


def test_a_hyperparameter_that_is_1_makes_no_share_of_another():
    """Only of the literal 1 - h is known that a candidate may write its mean otherwise."""
    xp = rounding("float32")
    h, y, x = xp.constant(0.999), xp.array([3.0]), xp.array([1e-3])
    by_literal, by_argument = ((one - h) * y + h * x for one in map(xp.constant, (1, 1.0)))
    assert by_argument.error < by_literal.error


def test_elements_that_are_moved_about_are_an_array_that_is_stored():
    xp = rounding("bfloat16", compute_dtype="float32")
    third = xp.array([1.0, 2.0]) / xp.array([3.0, 3.0])
    turned = xp.rearranged(np.flip, third)
    kept, moved = (xp.store(number, xp.array([0.0, 0.0])) for number in (third, turned))
    assert np.array_equal(np.flip(kept.error), moved.error)


# Where candidates were found outside


def test_three_terms_may_be_added_in_any_order():
    xp, small = rounding("float32"), single(U * (1 - 2.0**-20))
    total = (xp.array([small]) + xp.array([small])) + xp.array([1.0])
    worst = single(single(1 + small) + small)
    assert 1.9 * U < abs(worst - (1 + 2 * small)) <= total.error


@pytest.mark.parametrize("h", [0.0, 0.01, 0.1, 0.25, 0.5, 0.9])
def test_a_mean_may_be_computed_as_keras_does(h):
    xp = rounding("float32")
    x, y = single(np.linspace(1, 2, 99)), single(np.geomspace(1e-9, 1, 99))
    mean = h * xp.array(x) + (1 - xp.constant(h)) * xp.array(y)
    assert ratio(single(x + single(single(y - x) * single(1 - h))), mean.value, mean.error) <= 1


@pytest.mark.parametrize("h", [1e-9, 1e-6, 0.0003, 0.01, 0.5, 0.99])
def test_a_weight_may_decay_by_one_factor(h):
    """As torch.optim.AdamW has it; 1 - h is rounded, and the product with it."""
    xp, x = rounding("float32"), single(np.linspace(1, 2, 9999))
    p = xp.array(x)
    decayed = p - p * xp.constant(h / 2) * 2
    assert ratio(single(x * single(1 - single(h))), decayed.value, decayed.error) <= 1


def test_the_rounding_of_that_factor_is_charged():
    h, x = 2.0**-12 + 2.0**-25, single(np.linspace(1, 1.1, 9999))
    xp, decayed = rounding("float32"), single(x * single(1 - h))
    p = xp.array(x)
    rest = p - xp.constant(h) * p
    assert np.max(np.abs(decayed - (1 - h) * x) / (U * (1 - h) * x)) > 1.4
    assert ratio(decayed, rest.value, rest.error) <= 1


@pytest.mark.parametrize("c", [1e-6, 0.001, 0.1, 0.5, 0.9])
def test_an_average_that_moves_may_be_written_as_a_mean(c):
    xp, share = rounding("float32"), single(c)
    x, y = single(np.linspace(1, 2, 9999)), single(np.linspace(-1, 3, 9999))
    center, p = xp.array(x), xp.array(y)
    mean = single(single(single(1 - share) * x) + single(share * y))
    for moved in (center - (center - p) * xp.constant(c), center + c * (p - center)):
        assert ratio(mean, moved.value, moved.error) <= 1


def test_a_running_product_that_is_stuck_above_zero_is_within_the_bound():
    xp, half, product = rounding("float16"), float_type("float16"), 1.0
    for _ in range(300):
        product = half.round(product * half.round(0.9))
    power = xp.constant(0.9) ** xp.constant(300)
    assert product > 1e6 * float(power.value)
    assert product - float(power.value) <= power.error


def test_many_roundings_add_up_faster_than_their_number():
    xp = rounding("bfloat16")
    power = xp.constant(0.75) ** xp.constant(200)
    assert power.error >= ((1 + 2.0**-8) ** 199 - 1) * float(power.value)


def test_squares_below_the_range_of_float64_may_be_zero():
    xp = rounding("float64")
    square = xp.array([1e-200]) ** 2
    assert float(square.value[0]) == 0 != square.value[0]
    assert square.error > 0


def test_a_hyperparameter_may_underflow_when_it_meets_an_array():
    xp = rounding("float16", "float64")
    product = xp.constant("3.3e-8") * xp.constant(1.1) * xp.array([1.0])
    assert ratio(2.0**-24, product.value, product.error) <= 1
    assert np.all((xp.constant(1e5) * xp.array([1.0])).error == math.inf)


def test_flushing_takes_a_subnormal_hyperparameter_for_zero():
    xp = rounding("float32", flushes_subnormals=True)
    product = xp.constant(1e-40) * xp.array([1e30])
    assert ratio(0.0, product.value, product.error) <= 1


def test_the_floor_of_a_large_number_may_be_off_by_one():
    xp = rounding("float32")
    floor = xp.floor(xp.array([2.0**100]) - xp.array([0.25]))
    assert ratio(2.0**100, floor.value, floor.error) <= 1


def test_one_minus_beta_is_charged_for_the_rounding_of_beta_only():
    """It is exact for beta above 1/2 (Sterbenz); charging 1 + beta made v ten times too wide."""
    xp = rounding("float32")
    rest = 1 - xp.constant(0.999)
    assert rest.error <= abs(float(np.float32(0.999)) - 0.999) + U * 0.001001


# Switches


def test_a_choice_near_its_switch_allows_both_branches():
    xp = rounding("float32")
    near = xp.array([1.0]) / xp.array([3.0])
    chosen = xp.where(near < xp.constant("0.33333333333"), xp.array([10.0]), xp.array([20.0]))
    assert ratio(10.0, chosen.value, chosen.error) <= 1
    assert ratio(20.0, chosen.value, chosen.error) <= 1


def test_a_choice_away_from_its_switch_allows_one_branch():
    xp = rounding("float32")
    third = xp.array([1.0]) / xp.array([3.0])
    assert xp.where(third < xp.constant(0.3), xp.array([10.0]), xp.array([20.0])).error == 0


@pytest.mark.parametrize(("x", "error"), [(1.0, 0.0), (0.0, 0.0)])
def test_a_sign_is_certain_for_exact_numbers(x, error):
    assert rounding("float32").sign(rounding("float32").array([x])).error == error


def test_the_sign_of_a_cancelled_difference_may_be_any():
    xp = rounding("float32")
    third = xp.array([1.0]) / xp.array([3.0])
    assert xp.sign(third * 3 - 1 + xp.array([1e-9])).error == 2


def test_the_larger_of_two_numbers_is_off_by_the_error_of_the_larger():
    xp = rounding("float32")
    third = xp.array([1.0]) / xp.array([3.0])
    assert xp.maximum(third, xp.array([1.0])).error == 0
    assert xp.maximum(third, xp.array([0.1])).error == third.error


# Storing


def test_storing_narrower_than_computing_rounds_once_more():
    xp = rounding("bfloat16", None, "float32")
    old = xp.array([1.0])
    new = old - xp.array([0.25]) * xp.array([0.25])
    assert xp.store(new, old).error >= new.error + 2.0**-8 * 0.9375


def test_what_stays_as_it_was_is_stored_without_loss():
    xp = rounding("bfloat16", None, "float32")
    old = xp.array([1.0])
    assert xp.store(old - xp.array([0.0]), old).error == 0


def test_storing_in_the_type_of_the_computation_changes_nothing():
    xp = rounding("float32")
    number = xp.array([1.0]) / 3
    assert xp.store(number, number).error == number.error


def test_a_certain_nan_is_stored_as_one():
    xp = rounding("float16", None, "float32")
    assert xp.store(xp.array([math.nan]) + 1, xp.array([1.0])).error == 0


def test_what_the_storage_cannot_hold_is_lost():
    xp = rounding("float16", None, "float32")
    assert xp.store(xp.array([300.0]) ** 2, xp.array([1.0])).error == math.inf
