"""The schedules of the candidate `numpy` against facts worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from oracle.adapters.numpy import schedules


def rates(class_name, steps, **config):
    schedule = {"class_name": class_name, "config": {"name": "any", **config}}
    schedules.check(schedule)
    return [float(schedules.learning_rate_at(schedule, step, np.float64)) for step in steps]


def test_exponential_decay_multiplies_by_the_rate_and_may_wait_for_whole_periods():
    config = {"initial_learning_rate": 1.0, "decay_steps": 2, "decay_rate": 0.25}
    assert rates("ExponentialDecay", [0, 1, 2, 3], **config) == [1.0, 0.5, 0.25, 0.125]
    assert rates("ExponentialDecay", [0, 1, 2, 3], staircase=True, **config) == [1, 1, 0.25, 0.25]


def test_inverse_time_decay_divides_by_a_growing_number():
    config = {"initial_learning_rate": 1.0, "decay_steps": 2, "decay_rate": 2.0}
    assert rates("InverseTimeDecay", [0, 1, 2, 3], **config) == [1, 1 / 2, 1 / 3, 1 / 4]
    assert rates("InverseTimeDecay", [0, 1, 2, 3], staircase=True, **config) == [1, 1, 1 / 3, 1 / 3]


def test_piecewise_constant_decay_includes_its_boundaries():
    config = {"boundaries": [1, 3], "values": [4.0, 2.0, 1.0]}
    assert rates("PiecewiseConstantDecay", range(6), **config) == [4, 4, 2, 2, 1, 1]


def test_polynomial_decay_stops_at_the_end_or_starts_a_longer_cycle():
    config = {"initial_learning_rate": 5.0, "decay_steps": 2, "end_learning_rate": 1.0}
    assert rates("PolynomialDecay", range(5), **config) == [5, 3, 1, 1, 1]
    assert rates("PolynomialDecay", range(5), cycle=True, **config) == [5, 3, 1, 2, 1]
    assert rates("PolynomialDecay", range(3), power=2.0, **config) == [5, 2, 1]


def test_cosine_decay_goes_down_to_alpha_and_may_warm_up_first():
    config = {"initial_learning_rate": 1.0, "decay_steps": 2, "alpha": 0.5}
    assert rates("CosineDecay", range(4), **config) == pytest.approx([1.0, 0.75, 0.5, 0.5])
    warm = rates("CosineDecay", range(6), warmup_target=3.0, warmup_steps=2, **config)
    assert warm == pytest.approx([1.0, 2.0, 3.0, 2.25, 1.5, 1.5])


def test_cosine_decay_restarts_with_longer_and_lower_periods():
    config = {"initial_learning_rate": 1.0, "first_decay_steps": 2, "alpha": 0.0}
    same = rates("CosineDecayRestarts", range(5), t_mul=1.0, m_mul=0.5, **config)
    assert same == pytest.approx([1.0, 0.5, 0.5, 0.25, 0.25])
    longer = rates("CosineDecayRestarts", [0, 1, 2, 4, 6], t_mul=2.0, m_mul=0.5, **config)
    assert longer == pytest.approx([1.0, 0.5, 0.5, 0.25, 0.25])


@pytest.mark.parametrize("config", [{"decay_steps": 0}, {"decay_steps": -2}])
def test_a_schedule_needs_a_positive_length(config):
    with pytest.raises(ValueError, match="must be above 0"):
        rates("ExponentialDecay", [0], initial_learning_rate=1.0, decay_rate=0.5, **config)


def test_piecewise_constant_decay_needs_one_value_more_than_boundaries():
    with pytest.raises(ValueError, match="one entry more"):
        rates("PiecewiseConstantDecay", [0], boundaries=[1, 2], values=[1.0, 2.0])
