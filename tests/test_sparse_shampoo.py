"""Sparse gradients of Shampoo: dense along a short first axis, row by row along a long one."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import oracle
from oracle import Sparse
from oracle.errors import ShapeError

SHAMPOO = "tf.contrib.opt/ShampooOptimizer"
VECTOR, MATRIX = [1.0, 2.0, 3.0], [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]
ROWS = [Sparse([2, 0, 2], [[1.0, 2.0], [2.0, 0.0], [4.0, 1.0]]), Sparse([0, 1], [[1.0, 3.0]] * 2)]
LONG = {"max_matrix_size": 2}
SHARP = {"learning_rate": 0.5, "epsilon": 0.25}


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(50):
        yield


def run(start, grads, **hyper):
    return oracle.trajectory(SHAMPOO, [start], [[g] for g in grads], {**SHARP, **hyper})


def near(got, want):
    return all(abs(a - b) < mpf(10) ** -40 for a, b in zip(np.ravel(got), want, strict=True))


@pytest.mark.parametrize("hyper", [{}, {"gbar_decay": 0.5}, {"gbar_decay": 0.5, **LONG}], ids=str)
def test_a_short_axis_or_a_sum_of_gradients_makes_it_dense(hyper):
    dense = [g.dense((3, 2)) for g in ROWS]
    sparse = run(MATRIX, ROWS, **hyper).params[2][0]
    assert near(sparse, run(MATRIX, dense, **hyper).params[2][0].ravel())


def test_a_long_vector_is_adagrad_in_the_rows_that_occur():
    """Row 2 sums up to 5 and has seen 25: one whole step. Row 0 has seen 4, then 4 + 4."""
    grads = [Sparse([2, 0, 2], [1.0, 2.0, 4.0]), Sparse([0], [2.0])]
    states = run(VECTOR, grads, **LONG)
    assert near(states.params[1][0], [mpf("0.5"), 2, mpf("2.5")])
    assert near(states.params[2][0], [mpf("0.5") - 1 / mpmath.sqrt(8), 2, mpf("2.5")])


def test_no_long_axis_divides_what_it_has_seen():
    """(3, 4) in row 0 has seen 25 along the rows, and 9 and 16 along the columns."""
    states = run(MATRIX, [Sparse([0], [[3.0, 4.0]])], max_matrix_size=1)
    root = mpmath.sqrt(5)
    want = [1 - mpf("1.5") / (root * mpmath.sqrt(3)), 1 - 2 / (root * 2), 2, 2, 3, 3]
    assert near(states.params[1][0], want)


def test_the_weight_of_a_gradient_has_no_effect_along_a_long_axis():
    plain, weighted = (run(MATRIX, ROWS, **LONG, gbar_weight=w).params[2][0] for w in (1.0, 0.25))
    assert near(weighted, plain.ravel())
    dense = [g.dense((3, 2)) for g in ROWS]
    assert not near(run(MATRIX, dense, **LONG, gbar_weight=0.25).params[2][0], plain.ravel())


def test_rows_that_do_not_occur_rest_to_the_last_bit():
    states = run(MATRIX, ROWS[:1], **LONG)
    assert states.params[1][0][1].tolist() == [2, 2]
    assert states.bound("float32")[1][0][1].tolist() == [0, 0]


def test_a_long_axis_that_forgets_takes_no_sparse_gradient():
    with pytest.raises(ShapeError, match="no sparse gradient of 3 rows, more than max_matrix_size"):
        run(MATRIX, ROWS, **LONG, mat_gbar_decay=0.5)


def test_a_dense_step_of_a_long_axis_is_outside_of_the_bound():
    """It divides by the rows what it has seen: a step that is larger by a root of the rows."""
    sparse = run(MATRIX, ROWS[:1], max_matrix_size=1)
    dense = run(MATRIX, [ROWS[0].dense((3, 2))], max_matrix_size=1)
    away = abs(sparse.params[1][0] - dense.params[1][0])[[0, 2]]
    beyond = away > sparse.bound("float32")[1][0][[0, 2]]
    assert beyond.sum() == 3, "all but the 0 of row 0"
