"""`oracle.trajectory`: what goes in counts at its exact value, and what comes out is the truth."""

from __future__ import annotations

import copy
import math

import ml_dtypes
import mpmath
import numpy as np
import pytest
from single import least, takes_every_shape

import oracle
from oracle.errors import DigitsError, ShapeError
from oracle.trajectories import enclosure

ALL = [id for id in oracle.specs() if takes_every_shape(id)]
each = pytest.mark.parametrize("id", ALL)
each_alone = pytest.mark.parametrize(
    "id", [id for id in ALL if not oracle.spec(id).program(least(id)).couples_elements]
)
GRADIENTS = [[[0.5, -2.0], 1.0], [[0.25, 3.0], -1.0], [[0.0, 1e-3], 0.5]]
PARAMS = [[1.0, -0.5], 2.0]


def steps_at_a_rate(id):
    """Whether a spec has a learning rate of its own."""
    return "learning_rate" in oracle.spec(id).arguments


def close(a, b, digits):
    """Whether two trees of numbers agree to so many digits."""
    pairs = zip(np.ravel(a), np.ravel(b), strict=True)
    return all(abs(x - y) <= mpmath.mpf(10) ** -digits * max(1, abs(y)) for x, y in pairs)


# What comes out


@each
def test_the_trajectory_begins_at_the_start_and_has_a_state_after_every_step(id):
    trajectory = oracle.trajectory(id, PARAMS, GRADIENTS, least(id))
    assert len(trajectory.params) == len(trajectory.slots) == 4
    assert trajectory.params[0][0].tolist() == [1.0, -0.5]
    assert [p.shape for p in trajectory.params[3]] == [(2,), ()]
    around = set(trajectory.spec.program(least(id)).slots)
    assert set(trajectory.slots[3]) <= set(trajectory.spec.slots) | around


@each
def test_numbers_are_mpmaths_own(id):
    trajectory = oracle.trajectory(id, PARAMS, GRADIENTS, least(id))
    slots = (number for slot in trajectory.slots[3].values() for number in slot[1].flat)
    numbers = [trajectory.params[3][1].item(), *slots]
    assert all(isinstance(number, mpmath.mpf) for number in numbers)
    assert trajectory.params[3][0].dtype == object


@each
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 2)])
def test_every_shape_is_kept(id, shape):
    start = np.full(shape, 1.0)
    trajectory = oracle.trajectory(id, [start], [[start], [start]], least(id))
    assert trajectory.params[2][0].shape == shape
    assert trajectory.bound("float32")[2][0].shape == shape


@each_alone
def test_elements_do_not_know_of_each_other(id):
    hyper = least(id)
    together = oracle.trajectory(id, [[1.0, 2.0]], [[[0.5, -3.0]]] * 3, hyper).params[3][0]
    pairs = [(1, 0.5), (2, -3)]
    alone = [oracle.trajectory(id, [p], [[g]] * 3, hyper).params[3][0] for p, g in pairs]
    assert together.tolist() == [a.item() for a in alone]


def test_no_parameters_at_all_are_a_trajectory_too():
    assert oracle.trajectory("keras2/SGD", [], [[], []]).params == [[], [], []]


def test_no_steps_leave_everything_as_it_was():
    assert oracle.trajectory("keras3/Adam", [1.5], []).params[0][0].item() == 1.5


# What goes in


@pytest.mark.parametrize(
    "dtype", [np.float16, ml_dtypes.bfloat16, np.float32, np.float64, np.int32, np.int64, np.uint8]
)
def test_arrays_of_every_dtype_count_at_their_exact_values(dtype):
    param, gradient = np.array([1, 2], dtype), np.array([3, 4], dtype)
    moved = oracle.trajectory("keras2/SGD", [param], [[gradient]], {"lr": 0.5}).params
    assert moved[0][0].tolist() == [1, 2]
    assert moved[1][0].tolist() == [-0.5, 0]


def test_a_narrow_number_is_not_what_it_was_rounded_from():
    start = np.array(0.1, np.float16)
    assert oracle.trajectory("keras2/SGD", [start], []).params[0][0] == mpmath.mpf(float(start))


def test_lists_and_single_numbers_are_arrays():
    assert oracle.trajectory("keras2/SGD", [[[1, 2]], 3], []).params[0][0].shape == (1, 2)


def test_strings_count_at_their_decimal_value():
    third = oracle.trajectory("keras2/SGD", ["0.3"], [["0.1"]], {"lr": "0.1"}).params[1][0].item()
    with mpmath.workdps(60):
        assert abs(third - mpmath.mpf("0.29")) < mpmath.mpf(10) ** -49


def test_floats_count_at_their_binary_value():
    moved = oracle.trajectory("keras2/SGD", [0.0], [[1.0]], {"lr": 0.1}).params[1][0].item()
    assert -moved == mpmath.mpf(0.1)
    single = oracle.trajectory("keras2/SGD", [0.0], [[1.0]], {"lr": np.float32(0.1)})
    assert -single.params[1][0].item() == mpmath.mpf(float(np.float32(0.1)))


def test_nan_and_infinity_go_through():
    moved = oracle.trajectory("keras2/SGD", [[1.0, 1.0, 1.0]], [[[math.nan, math.inf, 0.0]]])
    assert [str(x) for x in moved.params[1][0]] == ["nan", "-inf", "1.0"]


# Manners


@each
def test_inputs_stay_as_they_are_and_results_are_not_aliases(id):
    param, gradient = np.array([1.0, 2.0]), np.array([0.5, -0.5])
    given = least(id)
    hyper = {**given, "learning_rate": 0.25} if steps_at_a_rate(id) else given
    before = copy.deepcopy(hyper)
    trajectory = oracle.trajectory(id, [param], [[gradient]], hyper)
    trajectory.params[0][0][0] = mpmath.mpf(99)
    assert param.tolist() == [1.0, 2.0]
    assert gradient.tolist() == [0.5, -0.5]
    assert hyper == before


def test_a_later_change_of_the_inputs_changes_no_bound():
    param, gradient = np.array([1.0]), np.array([0.5])
    trajectory = oracle.trajectory("keras3/Adam", [param], [[gradient]])
    before = oracle.trajectory("keras3/Adam", [1.0 * param], [[1.0 * gradient]]).bound("float32")
    param[:], gradient[:] = 1e9, 1e9
    assert trajectory.bound("float32")[1][0] == before[1][0]


@pytest.mark.parametrize("digits", [15, 40])
def test_the_users_precision_changes_nothing_and_stays(digits):
    want = oracle.trajectory("keras3/Adam", PARAMS, GRADIENTS).params[3][0].tolist()
    with mpmath.workdps(digits):
        got = oracle.trajectory("keras3/Adam", PARAMS, GRADIENTS).params[3][0].tolist()
        assert mpmath.mp.dps == digits
    assert got == want


@each
def test_more_digits_agree_with_fewer(id):
    want = oracle.trajectory(id, PARAMS, GRADIENTS, least(id), digits=100)
    with mpmath.workdps(110):
        for digits in (30, 50):
            got = oracle.trajectory(id, PARAMS, GRADIENTS, least(id), digits=digits)
            assert close(got.params[3][0], want.params[3][0], digits - 4)


@each
def test_arb_encloses_the_truth(id):
    """An independent library, to 60 digits; mpmath's 80 digits lie in each ball."""
    from oracle.arithmetic.arb import Arb, scalar

    truth = oracle.trajectory(id, PARAMS, GRADIENTS, least(id), digits=80)
    balls = enclosure(id, PARAMS, GRADIENTS, least(id))
    with Arb(90):
        for ball, number in zip(balls[3].params[0], truth.params[3][0], strict=True):
            assert ball.contains(scalar(number))
            assert ball.rel_accuracy_bits() > 120


# What is refused

WRONG = {
    "params that are no list": (1.0, [[1.0]], "params and grads must be lists"),
    "grads that are no list": ([1.0], None, "params and grads must be lists"),
    "a step that is no list": ([1.0], [1.0], "step 1: the gradients must be a list"),
    "too many gradients": ([1.0], [[1.0, 2.0]], "step 1 has 2 gradients for 1 parameters"),
    "another shape": ([[1.0, 2.0]], [[[1.0]]], "step 1: gradient 0 has shape (1,), its parameter"),
    "text": ([1.0], [["x"]], "step 1: gradient 0 has dtype <U1: give floats, integers or decimal"),
    "complex numbers": ([1j], [[1.0]], "parameter 0 has dtype complex128: give floats"),
    "nothing": ([None], [[1.0]], "parameter 0 has dtype object: give floats"),
    "dates": ([np.datetime64("2020-01-01")], [[1.0]], "parameter 0 has dtype datetime64[D]"),
    "more than double precision": ([np.longdouble(1)], [[1.0]], "parameter 0 has dtype"),
    "rows of different lengths": ([[[1], [1, 2]]], [[1.0]], "parameter 0 is ragged: all rows"),
}


@pytest.mark.parametrize(("params", "grads", "sentence"), WRONG.values(), ids=WRONG)
def test_wrong_arrays_are_refused_with_one_sentence(params, grads, sentence):
    with pytest.raises(ShapeError) as refused:
        oracle.trajectory("keras3/SGD", params, grads)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize("digits", [0, -1, 29, 50.0, None])
def test_too_few_digits_are_refused(digits):
    with pytest.raises(DigitsError) as refused:
        oracle.trajectory("keras3/SGD", [1.0], [[1.0]], digits=digits)
    assert str(refused.value) == f"digits={digits!r}: it must be an integer of at least 30"
