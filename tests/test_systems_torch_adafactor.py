"""PyTorch's Adafactor against facts worked out by hand."""

from __future__ import annotations

import mpmath
import pytest
from mpmath import mpf
from single import close, last, params, slot

import oracle
from oracle.errors import HyperparameterError

ADAFACTOR = "torch/Adafactor"
NONE = {"eps": (0.0, 0.0), "beta2_decay": -1.0}
"""No epsilon, and a second moment that is the mean of all squares so far."""
NAN = float("nan")


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(60):
        yield


def matrix(start, gradient, **hyper):
    """What one step makes of a matrix."""
    return oracle.trajectory(ADAFACTOR, [start], [[gradient]], {"lr": 0.5, **hyper})


def test_a_first_step_is_as_long_as_the_weight_and_the_rate_say():
    """The direction is 1: 2 - 2 * 1/4, and 2 - 1 * 1/4 where the weight is less than epsilon_2."""
    assert last(ADAFACTOR, 2.0, [3.0], lr=0.25, **NONE) == mpf("1.5")
    assert last(ADAFACTOR, 0.5, [3.0], lr=0.25, **{**NONE, "eps": (0.0, 1.0)}) == mpf("0.25")


def test_the_rate_is_at_most_one_over_the_root_of_t():
    """4 - 4 * 1 is 0, where steps are as long as epsilon_2: 1 over the root of 2."""
    steps = params(ADAFACTOR, 4.0, [1.0, 1.0], lr=8.0, **{**NONE, "eps": (0.0, 1.0)})
    assert steps[0] == 0
    assert close(steps[1], -1 / mpmath.sqrt(2))


def test_the_second_moment_is_a_mean_whose_share_falls():
    """The mean of 4 and 16 is 10; with the power -2 it is 3/4 of 4 and 1/4 of 16."""
    assert slot("v", ADAFACTOR, 1.0, [2.0, 4.0], **NONE) == 10
    assert slot("v", ADAFACTOR, 1.0, [2.0, 4.0], **{**NONE, "beta2_decay": -2.0}) == 7


def test_an_update_is_limited_by_its_root_mean_square():
    """The direction is 4 over the root of 10: d = 1 makes it 1, and d = 5/4 makes it 5/4."""
    before = params(ADAFACTOR, 1.0, [2.0], lr=0.5, **NONE)[0]
    assert close(last(ADAFACTOR, 1.0, [2.0, 4.0], lr=0.5, **NONE), before / 2)
    limited = last(ADAFACTOR, 1.0, [2.0, 4.0], lr=0.5, d=1.25, **NONE)
    assert close(limited, before * mpf("0.375"))
    free = last(ADAFACTOR, 1.0, [2.0, 4.0], lr=0.5, d=2.0, **NONE)
    assert close(free, before * (1 - 2 / mpmath.sqrt(10)))


def test_a_small_second_moment_is_that_of_the_first_epsilon():
    """A gradient of 1/4 is one half of an epsilon of 1/2, and moves by one half of the rate."""
    hyper = {**NONE, "eps": (0.5, 0.0)}
    assert last(ADAFACTOR, 1.0, [0.25], lr=0.5, **hyper) == mpf("0.75")
    assert last(ADAFACTOR, 1.0, [0.5], lr=0.5, **hyper) == mpf("0.5")


def test_a_gradient_of_rank_one_moves_all_elements_of_a_matrix_alike():
    """Its squares are the outer product of [1, 4] with [1, 4], whose means are 2.5."""
    after = matrix([[1.0, 1.0], [1.0, 1.0]], [[1.0, -2.0], [2.0, -4.0]], **NONE)
    assert [after.slots[1][n][0].tolist() for n in "rc"] == [[2.5, 10], [2.5, 10]]
    wanted = [mpf("0.5"), mpf("1.5"), mpf("0.5"), mpf("1.5")]
    assert all(close(x, y) for x, y in zip(after.params[1][0].flat, wanted, strict=True))


def test_the_mean_of_a_matrix_is_at_least_the_first_epsilon():
    """A row and a column of 1/2 make 1/4 over 1/2, not over their mean of 1/4."""
    after = matrix([[1.0, 1.0], [1.0, 1.0]], [[1.0, 0.0], [0.0, 0.0]], **NONE | {"eps": (0.5, 0.0)})
    moved = after.params[1][0]
    assert close(moved[0, 0], 1 - mpmath.sqrt(2) / 2)
    assert moved.flat[1:].tolist() == [1, 1, 1]


def test_the_second_moment_of_a_matrix_is_at_least_the_square_of_the_first_epsilon():
    """Rows and columns of 4 make 16 over 8, below 64: the direction is 2 over 8."""
    after = matrix([[1.0, 1.0], [1.0, 1.0]], [[2.0, 2.0], [2.0, 2.0]], **NONE | {"eps": (8.0, 0.0)})
    assert after.params[1][0].tolist() == [[0.875, 0.875], [0.875, 0.875]]


def test_matrices_of_a_tensor_are_factored_each_by_itself():
    """The first has rows of 1 and 4, the second of 9 and 16: nobody's mean is another's."""
    gradient = [[[1.0], [2.0]], [[3.0], [4.0]]]
    ones = [[[1.0], [1.0]], [[1.0], [1.0]]]
    after = matrix(ones, gradient, **NONE)
    assert [after.slots[1][n][0].tolist() for n in "rc"] == [[[1, 4], [9, 16]], [[2.5], [12.5]]]
    assert all(close(x, mpf("0.5")) for x in after.params[1][0].flat)


def test_weights_decay_in_proportion_to_the_rate_after_their_scale_was_taken():
    """2 * (1 - 1/2 * 1/2), and a step of 2 * 1/2, not of 1.5 * 1/2."""
    assert last(ADAFACTOR, 2.0, [3.0], lr=0.5, weight_decay=0.5, **NONE) == mpf("0.5")


def test_maximize_goes_the_other_way():
    down = params(ADAFACTOR, 1.0, [2.0, -1.0, 3.0], lr=0.25, **NONE)
    assert params(ADAFACTOR, 1.0, [-2.0, 1.0, -3.0], lr=0.25, maximize=True, **NONE) == down


def test_a_parameter_without_a_gradient_neither_moves_nor_counts():
    hyper = {"lr": 0.25, **NONE}
    resting = oracle.trajectory(ADAFACTOR, [1.0], [[2.0], [None], [3.0]], hyper)
    plain = oracle.trajectory(ADAFACTOR, [1.0], [[2.0], [3.0]], hyper)
    assert resting.params[2] == resting.params[1]
    assert resting.params[3] == plain.params[2]


def test_nan_is_passed_over_where_sizes_are_compared():
    """An element of NaN is alone: others move as if the weights had no scale, or d no limit."""
    hyper = {"lr": 0.5, **NONE, "eps": (0.0, 0.25)}
    moved = oracle.trajectory(ADAFACTOR, [[1.0, NAN]], [[[1.0, 1.0]]], hyper).params[1][0]
    assert moved[0] == mpf("0.875")
    moved = oracle.trajectory(ADAFACTOR, [[1.0, 1.0]], [[[1.0, NAN]]], hyper).params[1][0]
    assert moved[0] == mpf("0.5")
    assert mpmath.isnan(moved[1])


def test_the_first_epsilon_has_no_default_here():
    with pytest.raises(HyperparameterError, match="needs eps: it has no default"):
        oracle.spec(ADAFACTOR).validate({})
    with pytest.raises(HyperparameterError, match="by default it is the epsilon of a dtype"):
        oracle.spec(ADAFACTOR).validate({"eps": (None, 1e-3)})


@pytest.mark.parametrize("wrong", [{"d": 0.5}, {"d": NAN}, {"beta2_decay": 0.5}])
def test_what_the_library_refuses_is_refused(wrong):
    with pytest.raises(HyperparameterError, match="is refused"):
        oracle.spec(ADAFACTOR).validate({"eps": (1e-3, 1e-3), **wrong})
