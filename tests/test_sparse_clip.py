"""Sparse gradients of TensorFlow's clip functions: what the norm is of, and what comes back."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import oracle
from oracle import Sparse

START = [[9.0], [9.0], [9.0]]
THREE_AND_FOUR = Sparse([1, 1], [[3.0], [4.0]])


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(50):
        yield


def shown(function, *grads, starts=None, **hyper):
    params = starts or [START for _ in grads]
    states = oracle.trajectory(f"tf/{function}", params, [list(grads)], hyper)
    return [p.ravel().tolist() for p in states.params[1]]


def near(got, want):
    return all(abs(a - mpf(b)) < mpf(10) ** -40 for a, b in zip(got, want, strict=True))


def test_each_occurrence_is_clipped_by_value_and_no_row_appears():
    """3 and 4 become 2 each, beyond the upper end together; 0 is below the lower end, and stays."""
    assert shown("clip_by_value", THREE_AND_FOUR, clip_value_min=1.0, clip_value_max=2.0) == [
        [0, 4, 0]
    ]


def test_the_norm_is_of_all_occurrences():
    """3 and 4 in one row have the norm 5, not 7; a half of each is left, 7/2 in all."""
    assert near(shown("clip_by_norm", THREE_AND_FOUR, clip_norm=2.5)[0], [0, 3.5, 0])
    assert near(shown("clip_by_global_norm", THREE_AND_FOUR, clip_norm=2.5)[0], [0, 3.5, 0])
    assert shown("global_norm", THREE_AND_FOUR) == [[5, 5, 5]]


def test_a_sparse_gradient_shares_the_norm_with_a_dense_one():
    """3, 4 and 12 have the norm 13, and a half of it is wanted."""
    dense = np.array([[12.0], [0.0], [0.0]])
    clipped = shown("clip_by_global_norm", THREE_AND_FOUR, dense, clip_norm=6.5)
    assert near(clipped[0], [0, 3.5, 0])
    assert near(clipped[1], [6, 0, 0])


def test_the_average_norm_is_of_the_sums_over_all_elements():
    """The sum 7 has a norm of 7/3 per element of three; 7/6 is a half of that."""
    threshold = 7 / 6
    clipped = shown("clip_by_average_norm", THREE_AND_FOUR, clip_norm=threshold)[0]
    assert near(clipped, [0, 3 * mpf(threshold), 0])


@pytest.mark.parametrize(
    ("axes", "want"),
    [
        ([1], [[0, 0], [0.6 + 1, 0.8]]),
        ([-2], [[0, 0], [3 / 5 + 4 / 5, 1]]),
        ([], [[0, 0], [2, 1]]),
    ],
)
def test_along_axes_an_occurrence_or_a_column_has_a_norm(axes, want):
    """(3, 4) and (4, 0) have the norms 5 and 4, their columns 5 and 4, their elements their own."""
    gradient = Sparse([1, 1], [[3.0, 4.0], [4.0, 0.0]])
    starts = [[[9.0, 9.0], [9.0, 9.0]]]
    clipped = shown("clip_by_norm", gradient, starts=starts, clip_norm=1.0, axes=axes)[0]
    assert np.allclose([float(x) for x in clipped], np.ravel(want), rtol=1e-15)


def test_nothing_is_not_a_number_in_rows_that_do_not_occur():
    """An infinite norm fills the rows that occur with NaN; 0 / 0 is no row's either."""
    infinite = Sparse([1], [[float("inf")]])
    filled = shown("clip_by_global_norm", infinite, clip_norm=1.0)[0]
    assert [float(x) for x in filled[::2]] == [0, 0]
    assert np.isnan(float(filled[1]))
    zeros = shown("clip_by_norm", Sparse([1], [[0.0]]), clip_norm=0.0)[0]
    assert np.isnan(float(zeros[1]))
    assert [float(x) for x in zeros[::2]] == [0, 0]


def test_without_rows_nothing_comes_back():
    nothing = Sparse([], np.zeros((0, 1)))
    assert shown("clip_by_norm", nothing, clip_norm=1.0) == [[0, 0, 0]]
    assert shown("global_norm", nothing) == [[0, 0, 0]]


def test_wrong_ways_are_outside_of_the_bounds():
    """Clip the sum instead of its parts, or take the norm of the sums: 7 and 5 differ."""
    for function, hyper, wrong in (
        ("clip_by_value", {"clip_value_min": -2.0, "clip_value_max": 2.0}, 2.0),
        ("clip_by_norm", {"clip_norm": 2.5}, 2.5),
        ("clip_by_global_norm", {"clip_norm": 2.5}, 2.5),
        ("global_norm", {}, 7.0),
    ):
        states = oracle.trajectory(f"tf/{function}", [START], [[THREE_AND_FOUR]], hyper)
        away = abs(states.params[1][0][1, 0] - wrong)
        assert away > states.bound("float32")[1][0][1, 0]
