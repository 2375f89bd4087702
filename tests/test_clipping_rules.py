"""The clipping rules at, around and beyond their thresholds, in the truth's arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest

from oracle.arithmetic.mp import Mp
from oracle.rules.transformations import clipping

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

XP = Mp(50)
NAN, INF = math.nan, math.inf


def clipped(rule, threshold, *gradients):
    """The gradients that a rule returns, as floats."""
    numbers = [XP.array(np.asarray(g, float)) for g in gradients]
    return [c.data.astype(float).tolist() for c in rule(XP, numbers, XP.constant(threshold))]


def same(got, want):
    for g, w in zip(got, want, strict=True):
        np.testing.assert_allclose(g, w, rtol=1e-15)


def if_larger(xp, gradients, threshold):
    """The rule of Keras 2, as its norm is that of the gradients themselves."""
    return clipping.if_larger(xp, gradients, clipping.global_norm(xp, gradients), threshold)


NORMS = (clipping.by_norm, clipping.by_global_norm, if_larger)
each_norm = pytest.mark.parametrize("rule", NORMS, ids=lambda rule: rule.__name__)


def test_values_are_moved_to_the_nearest_threshold():
    same(clipped(clipping.by_value, 2.0, [-3, -2, -1, 0, 1, 2, 3]), [[-2, -2, -1, 0, 1, 2, 2]])


def test_infinite_values_become_the_threshold_and_nan_stays():
    same(clipped(clipping.by_value, 2.0, [INF, -INF, NAN]), [[2, -2, NAN]])


@each_norm
def test_zero_gradients_stay_zero(rule):
    same(clipped(rule, 1.0, [0, 0]), [[0, 0]])


@each_norm
@pytest.mark.parametrize("threshold", [5.0, 5.5, 1e300])
def test_a_norm_up_to_the_threshold_changes_nothing(rule, threshold):
    same(clipped(rule, threshold, [3, 4]), [[3, 4]])


@each_norm
def test_a_larger_norm_is_scaled_down_to_the_threshold(rule):
    same(clipped(rule, 1.0, [3, 4]), [[0.6, 0.8]])


@each_norm
def test_tiny_gradients_are_not_blown_up(rule):
    same(clipped(rule, 1.0, [1e-300]), [[1e-300]])


@each_norm
def test_squares_beyond_the_range_of_float64_still_have_a_norm(rule):
    same(clipped(rule, 1.0, [3e200, 4e200]), [[0.6, 0.8]])


@each_norm
def test_empty_gradients_stay_empty(rule):
    assert clipped(rule, 1.0, []) == [[]]


@each_norm
def test_shapes_are_kept(rule):
    shapes = [np.shape(g) for g in clipped(rule, 1.0, [[3, 4], [0, 0]], 7.0)]
    assert shapes == [(2, 2), ()]


def test_each_gradient_has_its_own_norm():
    same(clipped(clipping.by_norm, 1.0, [5], [0.5]), [[1], [0.5]])


@pytest.mark.parametrize("rule", NORMS[1:], ids=lambda rule: rule.__name__)
def test_all_gradients_have_a_common_norm(rule):
    first, second = clipped(rule, 1.0, [3], [4])
    same([first, second], [[0.6], [0.8]])


def test_the_global_norm_is_the_root_of_all_squares():
    gradients = [XP.array([2.0, 3.0]), XP.array([[6.0]])]
    assert clipping.global_norm(XP, gradients).data == 7


def test_an_infinite_norm_by_itself_stops_finite_elements_and_shows_infinite_ones():
    same(clipped(clipping.by_norm, 1.0, [INF, 3], [5]), [[NAN, 0], [1]])


def test_a_nan_norm_by_itself_shows_in_its_gradient_only():
    same(clipped(clipping.by_norm, 1.0, [NAN, 3], [5]), [[NAN, NAN], [1]])


@pytest.mark.parametrize("special", [INF, -INF, NAN])
def test_a_global_norm_that_is_not_finite_shows_everywhere_in_keras_3(special):
    same(clipped(clipping.by_global_norm, 1.0, [special, 3], [5]), [[NAN, NAN], [NAN]])


def test_an_infinite_global_norm_stops_finite_elements_in_keras_2():
    same(clipped(if_larger, 1.0, [INF, 3], [5]), [[NAN, 0], [0]])


def test_a_nan_global_norm_clips_nothing_in_keras_2():
    same(clipped(if_larger, 1.0, [NAN, 3], [5]), [[NAN, 3], [5]])
