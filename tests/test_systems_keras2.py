"""What Keras 2.3.1 does around its rules: clip by common norm, by value, decay, update."""

from __future__ import annotations

import itertools

import mpmath
import pytest
from mpmath import mpf
from single import close, exact, last, params

import oracle
from oracle.errors import ShapeError

NAMES = [id.split("/")[1] for id in oracle.specs("keras2") if id != "keras2/TFOptimizer"]
DECAYING = [name for name in NAMES if name != "Nadam"]


def updates(**hyper):
    """By how much plain SGD with learning rate 1 moves at each step under a gradient of 1."""
    steps = [0, *params("keras2/SGD", 0.0, [1.0] * 4, learning_rate=1.0, **hyper)]
    return [a - b for a, b in itertools.pairwise(steps)]


def test_decay_divides_the_learning_rate_from_the_second_step_on():
    assert all(map(close, updates(decay=1.0), [mpf(1), mpf(1) / 2, mpf(1) / 3, mpf(1) / 4]))


@pytest.mark.parametrize("decay", [0.0, -1.0])
def test_decay_that_is_not_positive_is_ignored(decay):
    assert updates(decay=decay) == [1, 1, 1, 1]


@pytest.mark.parametrize("name", DECAYING)
def test_the_first_step_is_not_decayed(name):
    assert last(f"keras2/{name}", 1.0, [2.0], decay=0.5) == last(f"keras2/{name}", 1.0, [2.0])


def test_nadam_has_no_decay():
    assert "decay" not in oracle.spec("keras2/Nadam").arguments


def test_lr_wins_over_learning_rate():
    assert last("keras2/SGD", 0.0, [1.0], lr=0.5, learning_rate=0.25) == -0.5
    assert last("keras2/SGD", 0.0, [1.0], learning_rate=0.25) == -0.25
    assert last("keras2/SGD", 0.0, [1.0]) == -exact(0.01)


def moved(params, gradients, **hyper):
    """What one step of SGD with learning rate 1 subtracts from each parameter."""
    hyper = {"learning_rate": 1.0, **hyper}
    after = oracle.trajectory("keras2/SGD", params, [gradients], hyper).params[1]
    pairs = zip(params, after, strict=True)
    return [[p - a for p, a in zip(start, end, strict=True)] for start, end in pairs]


def test_clipnorm_takes_the_norm_over_all_parameters():
    scaled = moved([[0.0, 0.0], [0.0]], [[2.0, 3.0], [6.0]], clipnorm=3.5)
    assert scaled == [[1, 1.5], [3]]


def test_a_norm_below_the_threshold_clips_nothing():
    assert moved([[0.0]], [[2.0]], clipnorm=2.5) == [[2]]
    assert moved([[0.0]], [[2.0]], clipnorm=2.0) == [[2]]


@pytest.mark.parametrize("threshold", [0.0, -1.0, None])
def test_a_threshold_that_is_not_positive_is_off(threshold):
    assert moved([[0.0]], [[2.0]], clipnorm=threshold) == [[2]]
    assert moved([[0.0]], [[2.0]], clipvalue=threshold) == [[2]]


def test_clipvalue_cuts_on_both_sides():
    assert moved([[0.0, 0.0, 0.0]], [[-3.0, 0.25, 3.0]], clipvalue=0.5) == [[-0.5, 0.25, 0.5]]


def test_the_norm_is_clipped_before_the_values():
    first, second = moved([[0.0, 0.0]], [[3.0, 4.0]], clipnorm=1.0, clipvalue=0.75)[0]
    assert close(first, mpf(3) / 5)
    assert close(second, mpf(3) / 4)


def test_clipping_comes_before_momentum():
    steps = params("keras2/SGD", 0.0, [8.0, 0.0], learning_rate=1.0, momentum=0.5, clipvalue=1.0)
    assert steps == [-1, -1.5]


@pytest.mark.parametrize("name", NAMES)
def test_every_optimizer_clips(name):
    clipped = last(f"keras2/{name}", 1.0, [4.0], clipvalue=0.5)
    assert clipped == last(f"keras2/{name}", 1.0, [0.5])
    assert close(last(f"keras2/{name}", 1.0, [4.0], clipnorm=0.5), clipped)


def test_a_nan_norm_clips_nothing():
    after = moved([[0.0], [0.0]], [[float("nan")], [9.0]], clipnorm=1.0)
    assert after[1] == [9]


def test_an_infinite_norm_stops_the_finite_gradients():
    infinite, finite = moved([[0.0], [0.0]], [[float("inf")], [9.0]], clipnorm=1.0)
    assert mpmath.isnan(infinite[0])
    assert finite == [0]


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_gradient_is_refused(name):
    with pytest.raises(ShapeError) as refused:
        oracle.trajectory(f"keras2/{name}", [1.0, 2.0], [[1.0, 1.0], [1.0, None]])
    assert str(refused.value) == ("step 2: keras2 refuses a missing gradient; give one for each")


@pytest.mark.parametrize("name", NAMES)
def test_a_zero_gradient_at_the_start_moves_nothing(name):
    assert last(f"keras2/{name}", 1.5, [0.0]) == 1.5


DEFAULTS = {
    "SGD": {"learning_rate": 0.01, "momentum": 0.0, "nesterov": False, "decay": 0.0},
    "RMSprop": {"learning_rate": 0.001, "rho": 0.9, "epsilon": 1e-7, "decay": 0.0},
    "Adagrad": {"learning_rate": 0.01, "epsilon": 1e-7, "decay": 0.0},
    "Adadelta": {"learning_rate": 1.0, "rho": 0.95, "epsilon": 1e-7, "decay": 0.0},
    "Adam": {
        "learning_rate": 0.001,
        "beta_1": 0.9,
        "beta_2": 0.999,
        "epsilon": 1e-7,
        "decay": 0.0,
        "amsgrad": False,
    },
    "Adamax": {"learning_rate": 0.002, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "decay": 0},
    "Nadam": {
        "learning_rate": 0.002,
        "beta_1": 0.9,
        "beta_2": 0.999,
        "epsilon": 1e-7,
        "schedule_decay": 0.004,
    },
}


@pytest.mark.parametrize("name", NAMES)
def test_defaults_are_those_of_keras_2_3_1(name):
    complete = oracle.spec(f"keras2/{name}").validate({})
    assert complete == {**DEFAULTS[name], "clipnorm": None, "clipvalue": None}


def test_the_root_of_a_negative_mean_square_is_zero():
    """K.sqrt clips what it is given: nobody refuses rho or beta_2 above 1."""
    step = last("keras2/RMSprop", 0.0, [1.0], rho=1.5, learning_rate=1.0, epsilon=0.25)
    assert step == -4
    assert last("keras2/Adam", 1.0, [1.0, -2.0], beta_2=1.5) == 1
