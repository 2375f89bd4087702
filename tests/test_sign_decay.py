"""The agreement of signs that fades: the library's three functions, by hand-worked values."""

from __future__ import annotations

from itertools import pairwise

import mpmath
import pytest
from mpmath import mpf

import oracle
from oracle.errors import HyperparameterError

ADD, POWER = "tf.contrib.opt/AddSignOptimizer", "tf.contrib.opt/PowerSignOptimizer"


def fading(name, steps, **config):
    """The factors of the first steps: AddSign with alpha 0 and a rate of 1 moves by them."""
    function = {"class_name": f"get_{name}_decay_fn", "config": config}
    hyper = {"learning_rate": 1.0, "alpha": 0.0, "beta": 0.5, "sign_decay_fn": function}
    run = oracle.trajectory(ADD, [0.0], [[1.0]] * steps, hyper)
    places = [run.params[t][0].item() for t in range(steps + 1)]
    return [mpmath.mp.nstr(a - b, 12) for a, b in pairwise(places)]


def test_linear_falls_to_zero_at_decay_steps_and_stays():
    assert fading("linear", 6, decay_steps=4) == ["1.0", "0.75", "0.5", "0.25", "0.0", "0.0"]


def test_cosine_is_half_a_wave_by_default():
    """(1 + cos(pi t / 4)) / 2."""
    got = [float(x) for x in fading("cosine", 6, decay_steps=4)]
    assert got == pytest.approx([1, 0.853553390593, 0.5, 0.146446609407, 0, 0], abs=1e-11)


def test_a_whole_wave_of_cosine_ends_at_one():
    assert float(fading("cosine", 6, decay_steps=4, num_periods=1)[5]) == 1


def test_zero_after_counts_periods():
    """A wave of 8 steps; half of it is over at step 4, in whose middle the wave would rise."""
    got = fading("cosine", 7, decay_steps=8, num_periods=1, zero_after=0.5)
    assert [float(x) for x in got[4:]] == [0, 0, 0]
    assert float(fading("cosine", 7, decay_steps=8, num_periods=1)[6]) == 0.5


def test_a_restart_is_back_at_one_at_decay_steps():
    """1, (1 + cos(pi/2)) / 2, and at decay_steps the remainder is 0 again, for ever."""
    assert fading("restart", 5, decay_steps=2) == ["1.0", "0.5", "1.0", "1.0", "1.0"]


def test_two_restarts_in_four_steps():
    got = [float(x) for x in fading("restart", 4, decay_steps=4, num_periods=2)]
    assert got == pytest.approx([1, 0.5, 1, 0.5], abs=1e-12)


def test_power_sign_fades_in_its_exponent():
    """With base 4: 4^1, then 4^(1/2)."""
    function = {"class_name": "get_linear_decay_fn", "config": {"decay_steps": 2}}
    hyper = {"learning_rate": 1.0, "base": 4.0, "beta": 0.5, "sign_decay_fn": function}
    run = oracle.trajectory(POWER, [0.0], [[1.0]] * 2, hyper)
    assert abs(run.params[1][0].item() + 4) < mpf(10) ** -14
    assert abs(run.params[2][0].item() + 6) < mpf(10) ** -14


def test_near_a_restart_that_float32_may_miss_both_sides_are_allowed():
    """1.4 * 5 is 7 when it is rounded, and less in truth: the cosine may be at either end."""
    config = {"decay_steps": 7, "num_periods": 1.4}
    function = {"class_name": "get_restart_decay_fn", "config": config}
    hyper = {"learning_rate": 1.0, "alpha": 0.0, "sign_decay_fn": function}
    bounds = oracle.trajectory(ADD, [0.0], [[1.0]] * 6, hyper).bound("float32")
    assert bounds[5][0] < 1e-5
    assert bounds[6][0] >= 1


@pytest.mark.parametrize(
    ("value", "objection"),
    [
        (0.5, 'it must be None or {"class_name"'),
        ({"class_name": "get_linear_decay_fn"}, "it must be None or"),
        ({"class_name": "linear", "config": {}}, "class_name must be one of get_linear"),
        (
            {"class_name": "get_linear_decay_fn", "config": {"steps": 2}},
            "has no argument 'steps': it takes decay_steps",
        ),
        ({"class_name": "get_linear_decay_fn", "config": {}}, "decay_steps: get_linear.* needs it"),
        (
            {"class_name": "get_cosine_decay_fn", "config": {"decay_steps": 0}},
            "decay_steps: it must be an integer of at least 1",
        ),
    ],
)
def test_what_is_no_function_is_refused(value, objection):
    with pytest.raises(HyperparameterError, match=objection):
        oracle.trajectory(ADD, [0.0], [[1.0]], {"sign_decay_fn": value})
