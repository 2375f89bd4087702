"""Every branch of every schedule, against values worked out by hand; the first step sees 0."""

from __future__ import annotations

import itertools

import mpmath
import pytest
from mpmath import cos, mpf, pi
from single import close, exact

import oracle
from oracle.arithmetic.mp import Mp
from oracle.errors import HyperparameterError
from oracle.systems.keras3.schedules import learning_rate

XP = Mp(50)


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(60):
        yield


def rate(name, step, **config):
    """The learning rate of a serialized schedule after ``step`` steps."""
    schedule = {"class_name": name, "config": config}
    return learning_rate(XP, schedule, step).data.item()


def rates(name, steps, **config):
    return [rate(name, step, **config) for step in steps]


def all_close(got, want):
    return len(got) == len(want) and all(map(close, got, want))


DECAY = {"initial_learning_rate": 2.0, "decay_steps": 4, "decay_rate": 0.25}


def test_exponential_decay_is_continuous():
    got = rates("ExponentialDecay", [0, 2, 4, 6], **DECAY)
    assert all_close(got, [mpf(2), mpf(1), mpf(1) / 2, mpf(1) / 4])


def test_exponential_decay_on_a_staircase_waits_for_whole_periods():
    got = rates("ExponentialDecay", [0, 3, 4, 7, 8], **DECAY, staircase=True)
    assert all_close(got, [mpf(2), mpf(2), mpf(1) / 2, mpf(1) / 2, mpf(1) / 8])


def test_inverse_time_decay_is_continuous():
    got = rates("InverseTimeDecay", [0, 8, 16], **{**DECAY, "decay_rate": 0.5})
    assert all_close(got, [mpf(2), mpf(1), mpf(2) / 3])


def test_inverse_time_decay_on_a_staircase_waits_for_whole_periods():
    got = rates("InverseTimeDecay", [3, 4, 11], **{**DECAY, "decay_rate": 1.0}, staircase=True)
    assert all_close(got, [mpf(2), mpf(1), mpf(2) / 3])


POLYNOMIAL = {"initial_learning_rate": 2.0, "decay_steps": 4, "end_learning_rate": 1.0}


def test_polynomial_decay_ends_at_its_end():
    got = rates("PolynomialDecay", [0, 1, 4, 9], **POLYNOMIAL)
    assert all_close(got, [mpf(2), mpf(7) / 4, mpf(1), mpf(1)])


def test_the_power_of_polynomial_decay_bends_it():
    got = rates("PolynomialDecay", [1, 2], **POLYNOMIAL, power=2.0)
    assert all_close(got, [1 + mpf(9) / 16, 1 + mpf(1) / 4])


def test_polynomial_decay_that_cycles_stretches_its_period():
    got = rates("PolynomialDecay", [0, 4, 5, 8, 9], **POLYNOMIAL, cycle=True)
    assert all_close(got, [mpf(2), mpf(1), 2 - mpf(5) / 8, mpf(1), 2 - mpf(9) / 12])


def test_polynomial_decay_has_the_defaults_of_keras():
    got = rate("PolynomialDecay", 9, initial_learning_rate=1.0, decay_steps=4)
    assert close(got, exact(0.0001))


COSINE = {"initial_learning_rate": 2.0, "decay_steps": 4}


def test_cosine_decay_falls_along_half_a_wave():
    got = rates("CosineDecay", [0, 1, 2, 4, 9], **COSINE)
    assert all_close(got, [mpf(2), 1 + cos(pi / 4), mpf(1), mpf(0), mpf(0)])


def test_alpha_is_the_share_at_which_cosine_decay_ends():
    assert all_close(
        rates("CosineDecay", [0, 2, 4], **COSINE, alpha=0.5), [mpf(2), mpf(1.5), mpf(1)]
    )


def test_cosine_decay_with_a_warm_up_rises_in_a_straight_line_first():
    warm = {"warmup_target": 4.0, "warmup_steps": 2}
    got = rates("CosineDecay", [0, 1, 2, 4, 6, 9], **COSINE, **warm)
    assert all_close(got, [mpf(2), mpf(3), mpf(4), mpf(2), mpf(0), mpf(0)])


def test_warm_up_steps_without_a_target_warm_up_nothing():
    assert rate("CosineDecay", 0, **COSINE, warmup_steps=2) == 2


RESTARTS = {"initial_learning_rate": 2.0, "first_decay_steps": 4}


def test_restarts_of_equal_length_begin_anew():
    got = rates("CosineDecayRestarts", [0, 2, 3, 4, 6, 8], **RESTARTS, t_mul=1.0)
    assert all_close(got, [mpf(2), mpf(1), 1 + cos(3 * pi / 4), mpf(2), mpf(1), mpf(2)])


def test_restarts_of_equal_length_lose_height():
    got = rates("CosineDecayRestarts", [0, 4, 8, 10], **RESTARTS, t_mul=1.0, m_mul=0.5)
    assert all_close(got, [mpf(2), mpf(1), mpf(1) / 2, mpf(1) / 4])


def test_restarts_double_their_length_by_default():
    """Periods begin at 0, 4 and 12, halves lie at 2, 8 and 20."""
    got = rates("CosineDecayRestarts", [2, 5, 8, 13, 20], **RESTARTS)
    want = [mpf(1), 1 + cos(pi / 8), mpf(1), 1 + cos(pi / 16), mpf(1)]
    assert all_close(got, want)


def test_restarts_of_growing_length_lose_height_and_end_at_alpha():
    got = rates("CosineDecayRestarts", [2, 8], **RESTARTS, m_mul=0.5, alpha=0.25)
    assert all_close(got, [2 * (mpf(3) / 8 + mpf(1) / 4), 2 * (mpf(3) / 16 + mpf(1) / 4)])


def test_a_boundary_belongs_to_the_interval_before_it():
    got = rates("PiecewiseConstantDecay", range(6), boundaries=[1, 3], values=[4.0, 2.0, 1.0])
    assert got == [4, 4, 2, 2, 1, 1]


def test_a_fractional_boundary_is_cut_to_an_integer_towards_zero():
    """Keras casts the boundaries to the type of the step counter."""
    got = rates("PiecewiseConstantDecay", range(4), boundaries=[-0.5, 2.5], values=[4.0, 2.0, 1.0])
    assert got == [4, 2, 2, 1]


def test_the_schedule_drives_the_optimizer():
    schedule = {"class_name": "ExponentialDecay", "config": DECAY}
    steps = oracle.trajectory("keras3/SGD", [0.0], [[1.0]] * 3, {"learning_rate": schedule}).params
    moved = [a[0].item() - b[0].item() for a, b in itertools.pairwise(steps)]
    assert all_close(moved, [2 * mpf("0.25") ** (mpf(t) / 4) for t in range(3)])


def test_numbers_of_a_schedule_may_be_decimal_strings():
    config = {**DECAY, "initial_learning_rate": "0.1"}
    assert close(rate("ExponentialDecay", 0, **config) * 10, mpf(1))


WRONG = {
    "a name that Keras does not have": (
        {"class_name": "StepDecay", "config": {}},
        "the schedules are ExponentialDecay, InverseTimeDecay, PolynomialDecay, CosineDecay, "
        "CosineDecayRestarts, PiecewiseConstantDecay",
    ),
    "another form": (
        {"name": "CosineDecay"},
        'a schedule must be {"class_name": ..., "config": {...}}',
    ),
    "a missing argument": (
        {"class_name": "CosineDecay", "config": {"decay_steps": 4}},
        "CosineDecay needs initial_learning_rate",
    ),
    "an argument of another schedule": (
        {"class_name": "CosineDecay", "config": {**COSINE, "power": 1.0}},
        "CosineDecay takes initial_learning_rate, decay_steps, alpha, warmup_target, "
        "warmup_steps, not 'power'",
    ),
    "no steps": (
        {"class_name": "CosineDecay", "config": {**COSINE, "decay_steps": 0}},
        "CosineDecay: decay_steps=0: it must lie in (0, inf]",
    ),
    "as many values as boundaries": (
        {"class_name": "PiecewiseConstantDecay", "config": {"boundaries": [1], "values": [1.0]}},
        "PiecewiseConstantDecay needs one value more than boundaries",
    ),
    "no boundaries": (
        {"class_name": "PiecewiseConstantDecay", "config": {"boundaries": [], "values": [1.0]}},
        "PiecewiseConstantDecay: boundaries=[]: it must be a list that is not empty",
    ),
}


@pytest.mark.parametrize(("schedule", "remedy"), WRONG.values(), ids=WRONG)
def test_a_wrong_schedule_is_refused_with_one_sentence(schedule, remedy):
    with pytest.raises(HyperparameterError) as refused:
        oracle.spec("keras3/SGD").validate({"learning_rate": schedule})
    assert str(refused.value) == (f"keras3/SGD: learning_rate={schedule!r} is refused: {remedy}")
