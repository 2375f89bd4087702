"""Sparse gradients of wrapping optimizers: what each wrapper makes of rows, by hand."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import oracle
from oracle import Sparse
from oracle.errors import ShapeError

START = [[3.0, 4.0], [6.0, 8.0], [0.5, 0.0]]
ROW = [[0.0, 0.0]]


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(50):
        yield


def wrapped(name, **config):
    return {"class_name": name, "config": config}


DESCENT = wrapped("GradientDescentOptimizer", learning_rate=1.0)
MOMENTUM = wrapped("MomentumOptimizer", learning_rate=1.0, momentum=0.5)
ADAM = wrapped("AdamOptimizer", learning_rate=0.5)


def run(name, grads, start=START, **hyper):
    steps = [[gradient] for gradient in grads]
    return oracle.trajectory(name, [start], steps, hyper)


def rows(array):
    return [[float(x) for x in row] for row in array]


def clipping(axes, indices, max_norm=1.0):
    grads = [Sparse(indices, ROW * len(indices))]
    dims = {"vars_to_clip_dims": {"0": axes}, "max_norm": max_norm}
    name = "tf.contrib.opt/VariableClippingOptimizer"
    return run(name, grads, opt=DESCENT, **dims).params[1][0]


def test_a_clipped_row_that_occurs_twice_loses_twice_what_exceeds_the_norm():
    """(3, 4) of norm 5 loses four fifths twice: it is left with -3/5 of itself."""
    clipped = clipping([1], [0, 0])
    wanted = (mpf(-9) / 5, mpf(-12) / 5)
    assert max(abs(x - want) for x, want in zip(clipped[0], wanted, strict=True)) < mpf(10) ** -40


def test_a_row_that_does_not_occur_keeps_any_norm():
    """(6, 8) of norm 10 becomes (6, 8) / 10; (3, 4) is not looked at."""
    clipped = clipping([1], [1])
    assert rows(clipped[[0, 2]]) == [[3, 4], [0.5, 0]]
    assert abs(clipped[1, 0] - mpf(3) / 5) < mpf(10) ** -40


def test_axis_0_clips_the_whole_parameter_and_from_the_end_the_occurrences():
    """Column 0 is (3, 6, 1/2); the occurrences of row 0 alone are (3, 3)."""
    whole = clipping([0], [0])
    assert abs(whole[1, 0] - 6 / mpmath.sqrt(mpf("45.25"))) < mpf(10) ** -40
    occurring = clipping([-2], [0, 0])
    assert abs(occurring[0, 0] - (3 - 2 * (3 - 1 / mpmath.sqrt(2)))) < mpf(10) ** -40
    assert rows(occurring[1:]) == START[1:]


def test_no_axes_clip_each_element_of_the_rows_that_occur():
    assert rows(clipping([], [2, 0])) == [[1, 1], [6, 8], [0.5, 0]]


def test_rows_that_cancel_let_adam_rest_but_gradient_descent_takes_its_steps():
    """1 and -1 add up to 0: Multitask's Adam does nothing, not even with what it remembers."""
    grads = [Sparse([0], [[1.0, 1.0]]), Sparse([1, 1], [[1.0, 1.0], [-1.0, -1.0]])]
    multitask = "tf.contrib.opt/MultitaskOptimizerWrapper"
    states = run(multitask, grads, opt=ADAM)
    assert rows(states.params[2][0]) == rows(states.params[1][0]) != START
    assert rows(states.slots[2]["m"][0]) == rows(states.slots[1]["m"][0])
    bare = oracle.trajectory("tf.train/AdamOptimizer", [START], [[g] for g in grads])
    assert rows(bare.params[2][0]) != rows(bare.params[1][0])
    bound = run(multitask, grads, opt=DESCENT).bound("float32")[2][0]
    assert bound[1, 0] > 0, "its steps of 1 and of -1 are both rounded"


def test_the_average_of_every_row_moves():
    """Row 0 took a step of 2 and rests; its average goes on halving the distance."""
    grads = [Sparse([0], [[2.0, 2.0]]), Sparse([1], [[2.0, 2.0]])]
    states = run("tf.contrib.opt/MovingAverageOptimizer", grads, opt=DESCENT, average_decay=0.5)
    assert [states.params[t][0][0, 0] for t in (1, 2)] == [1, 1]
    assert [states.slots[t]["average"][0][0, 0] for t in (1, 2)] == [2, mpf("1.5")]


def test_the_pull_of_the_center_makes_a_gradient_dense():
    """Momentum's buffer of row 0 halves while row 0 does not occur; a lazy one would rest."""
    grads = [Sparse([0], [[2.0, 2.0]]), Sparse([1], [[2.0, 2.0]])]
    alone = {"num_worker": 1, "rho": 0.0, "moving_rate": 0.5}
    states = run("tf.contrib.opt/ElasticAverageOptimizer", grads, opt=MOMENTUM, **alone)
    assert [states.slots[t]["b"][0][0, 0] for t in (1, 2)] == [2, 1]
    lazy = run("tf.contrib.opt/DropStaleGradientOptimizer", grads, opt=MOMENTUM, staleness=0)
    assert [lazy.slots[t]["b"][0][0, 0] for t in (1, 2)] == [2, 2]


def test_the_center_of_agn_moves_by_the_sum_of_a_period():
    """Rows 0 and 1 moved by 2 and 4 within the period, the center by half of each."""
    grads = [Sparse([0], [[2.0, 2.0]]), Sparse([1, 1], [[2.0, 2.0], [2.0, 2.0]])]
    alone = {"num_worker": 1, "communication_period": 2}
    states = run("tf.contrib.opt/AGNOptimizer", grads, optimizer=DESCENT, **alone)
    assert rows(states.slots[1]["accumulated_gradient"][0]) == [[2, 2], [0, 0], [0, 0]]
    assert rows(states.params[2][0]) == [[2, 3], [4, 6], [0.5, 0]]


def replicas(grads, group):
    hyper = {"replicas_to_aggregate": group, "total_num_replicas": 1}
    states = run("tf.train/SyncReplicasOptimizer", grads, opt=DESCENT, **hyper)
    return [[Fraction(float(x)) for x in np.subtract(START, p[0])[:, 0]] for p in states.params]


def test_the_mean_of_a_row_is_over_the_gradients_in_which_it_occurs():
    """Row 0 is in one gradient of two, row 1 in both: 4, and (2 + 4) / 2."""
    grads = [Sparse([0, 1], [[4.0, 0.0], [2.0, 0.0]]), Sparse([1], [[4.0, 0.0]])]
    assert replicas(grads, 2)[1:] == [[0, 0, 0], [4, 3, 0]]


def test_rows_out_of_order_miss_each_other_in_the_merge():
    """(2, 0, 2) and (0, 2): 0 is put in front, 2 meets 2, and 0 and 2 are left over.

    Row 0 gets 8 + 2 and row 2 gets (1 + 16) / 2 + 4; TensorFlow 1.15.5 was seen to do so.
    """
    first = Sparse([2, 0, 2], [[1.0, 0.0], [2.0, 0.0], [4.0, 0.0]])
    second = Sparse([0, 2], [[8.0, 0.0], [16.0, 0.0]])
    assert replicas([first, second], 2)[2] == [10, 0, Fraction(25, 2)]


def test_an_accumulator_holds_either_kind_of_gradient():
    with pytest.raises(ShapeError, match="gradient 0 is sparse in some steps only"):
        replicas([Sparse([0], ROW), np.zeros((3, 2))], 2)


def test_kerass_wrapper_leaves_rows_to_the_wrapped_optimizer():
    grads = [Sparse([0], [[2.0, 2.0]]), Sparse([2, 2], [[1.0, 1.0], [1.0, 1.0]])]
    states = run("keras2/TFOptimizer", grads, optimizer=MOMENTUM)
    assert rows(states.params[2][0]) == [[1, 2], [6, 8], [-1.5, -2]]


ONCE = [3 - (3 - 0.6), 4 - (4 - 0.8)]
"""What a row (3, 4) becomes that occurs twice and is clipped once."""


def test_wrong_ways_are_outside_of_the_bounds():
    """Clip a repeated row once; divide a row by all gradients; keep the momentum of a row lazy."""
    dims = {"opt": DESCENT, "vars_to_clip_dims": {"0": [1]}, "max_norm": 1.0}
    twice = run("tf.contrib.opt/VariableClippingOptimizer", [Sparse([0, 0], ROW * 2)], **dims)
    mean = run(
        "tf.train/SyncReplicasOptimizer",
        [Sparse([0, 1], [[4.0, 4.0], [2.0, 2.0]]), Sparse([1], [[4.0, 4.0]])],
        opt=DESCENT,
        replicas_to_aggregate=2,
        total_num_replicas=1,
    )
    pulled = run(
        "tf.contrib.opt/ElasticAverageOptimizer",
        [Sparse([0], [[2.0, 2.0]]), Sparse([1], [[2.0, 2.0]])],
        opt=MOMENTUM,
        num_worker=1,
        rho=0.0,
        moving_rate=0.5,
    )
    by_all, at_rest = [1.0, 2.0], [1.0, 2.0]
    for states, step, wrong in ((twice, 1, ONCE), (mean, 2, by_all), (pulled, 2, at_rest)):
        away = abs(states.params[step][0][0] - np.array(wrong))
        assert (away > states.bound("float32")[step][0][0]).all()
