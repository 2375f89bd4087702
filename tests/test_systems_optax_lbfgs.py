"""Optax's L-BFGS without a line search, against facts worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from single import close, last

import oracle
from oracle.errors import HyperparameterError

LBFGS, SCALE = "optax/lbfgs", "optax/scale_by_lbfgs"
NO_SEARCH = {"linesearch": None}


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(60):
        yield


def test_first_gradients_are_scaled_to_a_norm_of_one_at_most():
    """3 and 4 have the norm 5, all parameters together; what is added is the direction."""
    run = oracle.trajectory(SCALE, [0.0, 0.0], [[3.0, 4.0]])
    first, second = run.params[-1]
    assert close(first[()], mpf("0.6"))
    assert close(second[()], mpf("0.8"))
    assert last(SCALE, 1.0, [0.5]) == mpf("1.5")


def test_without_a_scale_the_first_gradient_is_the_direction():
    assert last(SCALE, 1.0, [3.0], scale_init_precond=False) == 4


def test_a_second_direction_is_a_secant():
    """The gradient rose by 3/2 along 1/2: a third of 2."""
    assert close(last(SCALE, 1.0, [0.5, 2.0]), mpf("1.5") + mpf(2) / 3)


def test_a_pair_that_curves_down_is_remembered_and_leads_up():
    """From 0 along 2 to -1, where it is 3: the inverse is -1, and the step 3."""
    assert last(LBFGS, 0.0, [2.0, 3.0], **NO_SEARCH) == 2


def test_a_gradient_that_stays_says_nothing():
    """From 0 along 2 to -1; then by the gradient itself, not scaled any more."""
    assert last(LBFGS, 0.0, [2.0, 2.0], **NO_SEARCH) == -3


def test_a_learning_rate_scales_the_step():
    assert last(LBFGS, 0.0, [2.0], learning_rate=0.5, **NO_SEARCH) == mpf("-0.5")


def inverse_hessian(pairs, gamma):
    """The matrix itself, from the pairs (Nocedal & Wright 2006, 7.16)."""
    identity = np.array([[Fraction(int(i == j)) for j in range(2)] for i in range(2)])
    found = gamma * identity
    for s, y in pairs:
        rho = 1 / (s @ y)
        v = identity - rho * np.outer(y, s)
        found = v.T @ found @ v + rho * np.outer(s, s)
    return found


@pytest.mark.parametrize("scaled", [True, False])
@pytest.mark.parametrize("memory_size", [1, 2, 3])
def test_the_last_pairs_make_the_matrix_of_the_paper(memory_size, scaled):
    gradients = [[3.0, -4.0], [1.0, -2.0], [0.5, 0.25], [0.25, -0.5]]
    g, *later = (np.array([Fraction(x) for x in row]) for row in gradients)
    pairs, s = [], -(g / 5 if scaled else g) / 2
    place = 1 + s
    for g_next in later:
        y, g = g_next - g, g_next
        pairs.append((s, y))
        gamma = (s @ y) / (y @ y) if scaled else Fraction(1)
        s = -(inverse_hessian(pairs[-memory_size:], gamma) @ g) / 2
        place = place + s
    hyper = {"learning_rate": 0.5, "memory_size": memory_size, "scale_init_precond": scaled}
    found = oracle.trajectory(LBFGS, [1.0, 1.0], gradients, {**hyper, **NO_SEARCH}).params[-1]
    for x, want in zip(found, place, strict=True):
        assert close(x[()], mpf(want.numerator) / want.denominator)


def test_a_line_search_is_refused():
    with pytest.raises(HyperparameterError, match="it must be None: a line search"):
        oracle.spec(LBFGS).validate({"linesearch": "zoom"})
    with pytest.raises(HyperparameterError, match="needs linesearch: it has no default"):
        oracle.spec(LBFGS).validate()
