"""PyTorch's clips against facts worked out by hand."""

from __future__ import annotations

import math

import mpmath
import pytest
from mpmath import mpf
from single import close, exact

import oracle
from oracle.errors import HyperparameterError

NAN, INF = float("nan"), math.inf
TINY = exact(1e-6)


def clipped(name, *gradients, **hyper):
    """What is left of some gradients, as lists of numbers."""
    start = [[0.0] * len(g) for g in gradients]
    with mpmath.workdps(60):
        found = oracle.trajectory(f"torch/{name}", start, [list(gradients)], hyper).params[1]
    return [list(one) for one in found]


def norm(*gradients, **hyper):
    return clipped("get_total_norm", *gradients, **hyper)[0][0]


@pytest.mark.parametrize(
    ("order", "wanted"),
    [(1.0, 9), (2.0, 5), (INF, 4), (-INF, 0), (0.0, 2), (-1.0, 0), (3.0, None)],
)
def test_a_norm_of_every_order(order, wanted):
    """Of (3, 0, 4) and (0, 0): nothing is longer by what is 0, and two tensors are counted once."""
    got = norm([3.0, 0.0, 4.0], [2.0 if order in (0.0, 1.0) else 0.0, 0.0], norm_type=order)
    if wanted is None:
        assert close(got, mpmath.cbrt(mpf(91))) or abs(got**3 - 91) < mpf(10) ** -40
    else:
        assert got == wanted


def test_the_order_may_be_a_word():
    assert norm([3.0, -4.0], norm_type="inf") == 4


def test_a_half_order_sums_roots():
    assert close(norm([1.0, 4.0], norm_type=0.5), mpf(9))


def test_the_norm_is_made_longer_by_a_millionth():
    (got,) = clipped("clip_grad_norm_", [3.0, 4.0], max_norm=1.0)
    with mpmath.workdps(60):
        assert close(got[0], 3 / (5 + TINY))
        assert close(got[1], 4 / (5 + TINY))


def test_what_is_shorter_stays_as_it_is():
    assert clipped("clip_grad_norm_", [3.0], [4.0], max_norm=5.5) == [[3], [4]]


def test_a_norm_that_is_given_takes_the_place_of_the_own_one():
    (got,) = clipped("clip_grads_with_norm_", [3.0, 4.0], max_norm=1.0, total_norm=2.0)
    with mpmath.workdps(60):
        assert close(got[0], 3 / (2 + TINY))


def test_an_infinite_norm_leaves_zeros_and_nan():
    (got,) = clipped("clip_grad_norm_", [3.0, INF], max_norm=1.0)
    assert got[0] == 0
    assert mpmath.isnan(got[1])


def test_what_is_refused_is_left_alone():
    (got,) = clipped("clip_grad_norm_", [3.0, INF], max_norm=1.0, error_if_nonfinite=True)
    assert got == [3, INF]


def test_elements_are_clamped_and_nan_stays():
    (got,) = clipped("clip_grad_value_", [3.0, -4.0, 0.5, NAN], clip_value=1.0)
    assert got[:3] == [1, -1, 0.5]
    assert mpmath.isnan(got[3])


def test_a_negative_size_makes_everything_itself():
    assert clipped("clip_grad_value_", [3.0, -4.0], clip_value=-1.0) == [[-1, -1]]


def test_an_order_that_is_no_number_is_refused():
    with pytest.raises(HyperparameterError, match="must not be NaN"):
        oracle.spec("torch/get_total_norm").validate({"norm_type": NAN})
