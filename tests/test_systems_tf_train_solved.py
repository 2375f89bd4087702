"""The optimizers of tf.train that solve for the weights anew, or threshold them, against hand."""

from __future__ import annotations

import mpmath
import pytest
from mpmath import mpf, sqrt
from single import close, exact, last, params, slot

import oracle

DA = "tf.train/AdagradDAOptimizer"
FTRL = "tf.train/FtrlOptimizer"
PROXIMAL = "tf.train/ProximalGradientDescentOptimizer"
PROXIMAL_ADAGRAD = "tf.train/ProximalAdagradOptimizer"
SQUARES = "initial_gradient_squared_accumulator_value"
L1, L2 = "l1_regularization_strength", "l2_regularization_strength"
SHRINKAGE = "l2_shrinkage_regularization_strength"
NAN, INFINITY = float("nan"), float("inf")


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(60):
        yield


def forms(id, **hyper):
    """The name of the rule that the hyperparameters choose."""
    return oracle.spec(id).program({"learning_rate": 0.5, **hyper}).rule.name


# AdagradDA


def test_dual_averaging_divides_the_sum_of_gradients_by_the_root_of_their_squares():
    """-1/2 * 3/5, then -1/2 * (3 - 5)/sqrt(25 + 25)."""
    first, second = params(DA, 7.0, [3.0, -5.0], learning_rate=0.5, **{SQUARES: 16.0})
    assert close(first, mpf("-0.3"))
    assert close(second, 1 / sqrt(mpf(50)))


def test_dual_averaging_forgets_where_it_began():
    assert last(DA, 7.0, [0.0], learning_rate=0.5) == 0
    assert last(DA, 7.0, [3.0], learning_rate=0.5) == last(DA, -1.0, [3.0], learning_rate=0.5)


def test_dual_averagings_slots_start_at_zero_and_a_tenth():
    assert slot("z", DA, 1.0, [0.0], learning_rate=0.5) == 0
    assert slot("a", DA, 1.0, [0.0], learning_rate=0.5) == exact(0.1)


def test_dual_averagings_l1_penalty_grows_with_the_steps():
    """Of the sum 3, 1/2 is cut at the first step and 1 at the second, all from the sixth on."""
    hyper = {"learning_rate": 0.5, SQUARES: 16.0, L1: 0.5}
    steps = params(DA, 0.0, [-3.0, 0.0, 0.0, 0.0, 0.0, 0.0], **hyper)
    assert all(map(close, steps[:3], [mpf("0.25"), mpf("0.2"), mpf("0.15")]))
    assert steps[5] == 0


def test_dual_averagings_l2_penalty_grows_with_the_steps():
    """2 * 1/2 joins the root 5 at the first step, twice that at the second."""
    first, second = params(DA, 0.0, [3.0, 0.0], learning_rate=0.5, **{SQUARES: 16.0, L2: 2.0})
    assert first == mpf("-0.25")
    assert close(second, mpf("-1.5") / 7)


# FTRL


def test_ftrl_takes_the_old_weight_along_in_its_sum():
    """Of 3 at n = 9: z = 3 - (3 - 0)/(1/2) * 1, over 3/(1/2)."""
    hyper = {"learning_rate": 0.5, "initial_accumulator_value": 0.0}
    assert slot("z", FTRL, 1.0, [3.0], **hyper) == -3
    assert last(FTRL, 1.0, [3.0], **hyper) == 0.5


def test_ftrl_counts_the_l2_penalty_twice():
    """3 over 3/(1/2) + 2 * 1."""
    hyper = {"learning_rate": 0.5, "initial_accumulator_value": 0.0, L2: 1.0}
    assert last(FTRL, 0.0, [3.0], **hyper) == mpf(-3) / 8


@pytest.mark.parametrize(("g", "want"), [(3.0, "-0.25"), (-3.0, "0.25"), (1.0, "0")])
def test_ftrl_cuts_its_sum_by_the_l1_penalty(g, want):
    """3 - 3/2 over 3/(1/2); 1 lies below 3/2."""
    hyper = {"learning_rate": 0.5, "initial_accumulator_value": 0.0, L1: 1.5}
    assert last(FTRL, 0.0, [g], **hyper) == mpf(want)


def test_ftrls_shrinkage_is_in_the_sum_but_not_in_the_squares():
    """z = 3 + 2 * 1/4 * 2 - 3/(1/2) * 2."""
    hyper = {"learning_rate": 0.5, "initial_accumulator_value": 0.0, SHRINKAGE: 0.25}
    assert slot("n", FTRL, 2.0, [3.0], **hyper) == 9
    assert slot("z", FTRL, 2.0, [3.0], **hyper) == 3 + 1 - 12


def test_ftrls_power_is_the_exponent_of_the_squares():
    """16 to the power 1/4 is 2."""
    hyper = {"learning_rate": 0.5, "learning_rate_power": -0.25, "initial_accumulator_value": 0.0}
    assert last(FTRL, 0.0, [4.0], **hyper) == -1


def test_ftrl_with_a_power_of_zero_has_a_fixed_rate():
    hyper = {"learning_rate": 0.5, "learning_rate_power": 0.0}
    assert params(FTRL, 8.0, [4.0, 2.0], **hyper) == [-2, -3]


def test_a_weight_whose_gradients_were_zero_becomes_zero():
    assert last(FTRL, 0.75, [0.0], learning_rate=0.5) == 0
    assert last(FTRL, 0.75, [0.0], learning_rate=0.5, initial_accumulator_value=0.0) == 0


def test_a_nan_gradient_turns_an_ftrl_weight_to_zero_for_ever():
    assert params(FTRL, 0.75, [NAN, 1.0, -2.0], learning_rate=0.5) == [0, 0, 0]


def test_an_infinite_gradient_is_nan_once_and_zero_then():
    """Against the sign of the weight z is infinite, inf/inf; z is NaN from then on."""
    first, second = params(FTRL, -0.75, [INFINITY, 1.0], learning_rate=0.5)
    assert mpmath.isnan(first)
    assert second == 0
    assert last(FTRL, 0.75, [INFINITY], learning_rate=0.5) == 0


# Proximal methods


def test_the_proximal_step_cuts_the_rate_times_the_l1_penalty():
    """|1 - 1/4 * 2| = 1/2 less 1/4 * 1; nothing is left of 1/8."""
    hyper = {"learning_rate": 0.25, L1: 1.0}
    assert last(PROXIMAL, 1.0, [2.0], **hyper) == 0.25
    assert last(PROXIMAL, -1.0, [-2.0], **hyper) == -0.25
    assert last(PROXIMAL, 0.625, [2.0], **hyper) == 0


def test_the_proximal_step_divides_by_one_and_the_rate_times_the_l2_penalty():
    assert last(PROXIMAL, 1.0, [2.0], learning_rate=0.25, **{L2: 4.0}) == 0.25
    assert last(PROXIMAL, 1.0, [2.0], learning_rate=0.25, **{L1: 1.0, L2: 4.0}) == 0.125


def test_with_a_negative_rate_the_threshold_pushes_away_from_zero():
    hyper = {"learning_rate": -1.0, L1: 0.5}
    assert last(PROXIMAL, 1.0, [0.0], **hyper) == 1.5
    assert last(PROXIMAL, -2.0, [0.0], **hyper) == -2.5


def test_proximal_adagrad_has_a_rate_for_each_element():
    """eta is 1/4 over sqrt(16 + 9) and over sqrt(16 + 0)."""
    hyper = {"learning_rate": 5.0, "initial_accumulator_value": 16.0, L1: 0.5, L2: 1.0}
    run = oracle.trajectory(PROXIMAL_ADAGRAD, [[8.0, 8.0]], [[[3.0, 0.0]]], hyper)
    moved, still = run.params[1][0]
    assert moved == (8 - 3 - mpf("0.5")) / 2
    assert close(still, (8 - mpf("0.625")) / mpf("2.25"))


def test_proximal_adagrads_sum_of_squares_starts_at_a_tenth():
    assert slot("a", PROXIMAL_ADAGRAD, 1.0, [0.0], learning_rate=0.5) == exact(0.1)


# The choice of forms


@pytest.mark.parametrize(
    ("id", "form"),
    [
        (DA, "adagrad_da"),
        (PROXIMAL, "proximal_gradient_descent"),
        (PROXIMAL_ADAGRAD, "proximal_adagrad"),
    ],
)
def test_only_a_positive_l1_penalty_chooses_the_form_with_it(id, form):
    assert forms(id) == form
    assert forms(id, **{L1: 0.5}) == f"{form}_l1"
    if id != PROXIMAL_ADAGRAD:
        assert forms(id, **{L1: -0.5}) == form


def test_a_negative_l1_penalty_counts_as_none():
    for id in (DA, PROXIMAL):
        plain = last(id, 1.0, [2.0], learning_rate=0.25)
        assert last(id, 1.0, [2.0], learning_rate=0.25, **{L1: -0.5}) == plain


def test_shrinkage_has_a_form_of_its_own():
    assert forms(FTRL) == "ftrl_or_zero"
    assert forms(FTRL, **{SHRINKAGE: 0.5}) == "ftrl_or_zero_shrinking"
