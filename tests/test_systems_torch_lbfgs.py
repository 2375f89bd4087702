"""PyTorch's L-BFGS, one iteration a step, against facts worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import oracle
from oracle.errors import HyperparameterError

LBFGS = "torch/LBFGS"
ONE = {"max_iter": 1}


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(60):
        yield


def run(start, gradients, **hyper):
    """The exact trajectory of scalars, each step with a gradient for every one of them."""
    return oracle.trajectory(LBFGS, start, gradients, {**ONE, **hyper})


def last(start, gradients, **hyper):
    """Where a single scalar ends."""
    return run([start], [[g] for g in gradients], **hyper).params[-1][0][()]


def test_a_first_step_is_the_rate_over_the_sum_of_all_magnitudes():
    """3 and -1 come to 4, all parameters together: each moves by a fourth of its gradient."""
    ends = run([1.0, 1.0], [[3.0, -1.0]]).params[-1]
    assert [end[()] for end in ends] == [mpf("0.25"), mpf("1.25")]


def test_a_first_step_is_not_longer_than_the_rate():
    assert last(1.0, [0.5], lr=2.0) == 0


def test_a_second_step_is_a_secant():
    """From 4 along 2 to 3.5; the gradient fell by 1 in that half: the step is 1 / 2 * lr."""
    assert last(4.0, [2.0, 1.0], lr=0.5) == mpf("3.25")


def test_a_gradient_that_rises_along_the_way_is_not_remembered():
    """From 4 along 2 to 3, where it is 3: the direction is the gradient, and the step is whole."""
    assert last(4.0, [2.0, 3.0]) == 0


def test_small_gradients_are_nothing_and_the_next_step_is_the_first():
    trajectory = run([1.0], [[2.0], [4.0]], tolerance_grad=2.0)
    assert trajectory.params[1][0] == 1
    assert trajectory.slots[1]["prev_flat_grad"][0] == 0
    assert trajectory.params[2][0] == 0


def test_what_leads_down_too_little_is_remembered_as_if_it_had_been_gone():
    """2 * -2 is not below -4.25, so it rests at 4; s is -1 all the same, and y -8: 1/8 of -6."""
    trajectory = run([4.0], [[2.0], [-6.0]], tolerance_change=4.25)
    assert trajectory.params[1][0] == 4
    assert trajectory.slots[1]["d"][0] == -2
    assert trajectory.slots[1]["t"][0] == mpf("0.5")
    assert trajectory.params[2][0] == mpf("4.75")


def test_a_parameter_without_a_gradient_moves_with_the_others():
    """Both loops by hand: s = (-1, -1) / 2, y = (-1, -2) / 2, gamma = 3 / 5, rho = 4 / 3."""
    first, second = run([0.0, 0.0], [[1.0, 1.0], [0.5, None]]).params[-1]
    assert abs(first[()] - (mpf(-1) / 2 - mpf(13) / 30)) < mpf(10) ** -45
    assert abs(second[()] - (mpf(-1) / 2 - mpf(1) / 30)) < mpf(10) ** -45


def inverse_hessian(pairs, gamma):
    """The matrix itself: V^T H V + rho s s^T for every pair (Nocedal & Wright 2006, 7.16)."""
    identity = np.array([[Fraction(int(i == j)) for j in range(2)] for i in range(2)])
    found = gamma * identity
    for s, y in pairs:
        rho = 1 / (s @ y)
        v = identity - rho * np.outer(y, s)
        found = v.T @ found @ v + rho * np.outer(s, s)
    return found


@pytest.mark.parametrize("history_size", [1, 2, 3])
def test_the_last_pairs_make_the_matrix_of_the_paper(history_size):
    """Four gradients that fade make three pairs, of which as many count as are remembered."""
    gradients = [[8.0, -4.0], [3.0, -2.0], [1.0, -1.0], [0.25, -0.5]]
    g, *later = (np.array([Fraction(x) for x in row]) for row in gradients)
    pairs, s = [], -Fraction(1, 2) / 12 * g
    place = 1 + s
    for g_next in later:
        y, g = g_next - g, g_next
        pairs.append((s, y))
        matrix = inverse_hessian(pairs[-history_size:], (s @ y) / (y @ y))
        s = -Fraction(1, 2) * (matrix @ g)
        place = place + s
    found = run([1.0, 1.0], gradients, lr=0.5, history_size=history_size).params[-1]
    for x, want in zip(found, place, strict=True):
        assert abs(x[()] - mpf(want.numerator) / want.denominator) < mpf(10) ** -40


@pytest.mark.parametrize("max_iter", [20, 0, 1.0, True])
def test_more_than_one_iteration_is_refused(max_iter):
    with pytest.raises(HyperparameterError, match="it must be 1: with more, 20 by default"):
        oracle.spec(LBFGS).validate({"max_iter": max_iter})


def test_the_iterations_have_to_be_given():
    with pytest.raises(HyperparameterError, match="needs max_iter: it has no default"):
        oracle.spec(LBFGS).validate()
