"""FTRL-Proximal against its closed form, and Lion against hand."""

from __future__ import annotations

import mpmath
import pytest
from mpmath import mpf, sqrt
from single import close, last, params, slot


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(60):
        yield


def ftrl(n, z, *, learning_rate=1, power=0.5, l1=0, l2=0, beta=0):
    """The minimizer of z*w + l1*|w| + (n^power/lr + 2 l2 + beta/lr) w^2 / 2."""
    curvature = n**power / learning_rate + 2 * mpf(l2) + mpf(beta) / learning_rate
    return mpf(0) if abs(z) <= l1 else -(z - mpmath.sign(z) * l1) / curvature


def test_ftrl_solves_for_the_weight_in_closed_form():
    """From 0, with no weight to subtract: z is the gradient."""
    hyper = {"learning_rate": 1.0, "initial_accumulator_value": 0.0}
    assert close(last("keras3/Ftrl", 0.0, [3.0], **hyper), ftrl(mpf(9), mpf(3)))


@pytest.mark.parametrize("name", ["l1", "l2", "beta"])
def test_each_penalty_of_ftrl_enters_the_closed_form(name):
    argument = {"l1": "l1_regularization_strength", "l2": "l2_regularization_strength"}
    hyper = {"learning_rate": 0.5, "initial_accumulator_value": 0.0}
    hyper[argument.get(name, name)] = 0.75
    want = ftrl(mpf(9), mpf(3), learning_rate=mpf("0.5"), **{name: mpf("0.75")})
    assert close(last("keras3/Ftrl", 0.0, [3.0], **hyper), want)


def test_ftrls_l1_penalty_cuts_small_weights_to_zero():
    assert last("keras3/Ftrl", 0.5, [0.0], l1_regularization_strength=9.0) == 0


def test_ftrl_over_three_steps_is_the_closed_form_of_its_sums():
    gradients, lr, start = [mpf(3), mpf(-1), mpf(2)], mpf("0.5"), mpf("0.25")
    n, z, w = start, mpf(0), mpf(1)
    for g in gradients:
        z += g - (sqrt(n + g**2) - sqrt(n)) / lr * w
        n += g**2
        w = ftrl(n, z, learning_rate=lr)
    hyper = {"learning_rate": 0.5, "initial_accumulator_value": 0.25}
    assert close(last("keras3/Ftrl", 1.0, [3.0, -1.0, 2.0], **hyper), w)


def test_ftrls_exponent_may_be_any():
    hyper = {"learning_rate": 1.0, "learning_rate_power": -0.25, "initial_accumulator_value": 0.0}
    want = ftrl(mpf(16), mpf(4), power=mpf("0.25"))
    assert close(last("keras3/Ftrl", 0.0, [4.0], **hyper), want)


def test_ftrls_shrinkage_adds_twice_the_weight_to_the_sum_but_not_to_the_squares():
    hyper = {"l2_shrinkage_regularization_strength": 0.25, "initial_accumulator_value": 0.0}
    start = {"learning_rate": 1.0, **hyper}
    assert slot("n", "keras3/Ftrl", 2.0, [3.0], **start) == 9
    assert slot("z", "keras3/Ftrl", 2.0, [3.0], **start) == 3 + 1 - 3 * 2


def test_a_weight_whose_gradients_were_zero_becomes_zero_in_ftrl():
    assert last("keras3/Ftrl", 0.75, [0.0]) == 0


@pytest.mark.parametrize(("g", "step"), [(3.0, -0.5), (-1e-30, 0.5), (0.0, 0.0)])
def test_lions_first_step_is_the_sign_of_the_gradient(g, step):
    assert last("keras3/Lion", 0.0, [g], learning_rate=0.5) == step


def test_lion_interpolates_with_one_beta_and_remembers_with_the_other():
    hyper = {"learning_rate": 1.0, "beta_1": 0.75, "beta_2": 0.5}
    assert slot("m", "keras3/Lion", 0.0, [4.0], **hyper) == 2
    assert params("keras3/Lion", 0.0, [4.0, -4.0], **hyper) == [-1, 0 - 1 - mpmath.sign(1.5 - 1)]
    assert params("keras3/Lion", 0.0, [4.0, -8.0], **hyper) == [-1, 0]
