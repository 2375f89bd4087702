"""Sparse gradients: which rows move, how repetitions add up, and what is refused."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from single import least

import oracle
from oracle import Sparse
from oracle.errors import ShapeError
from oracle.specification.sparse import Places

TAKING = [id for id in oracle.specs() if oracle.spec(id).sparse is not None]
CLIPPING_OCCURRENCES = [
    f"tf/{name}" for name in ("clip_by_value", "clip_by_norm", "clip_by_global_norm", "global_norm")
]
"""What looks at each occurrence of a row, before they are added up: see test_sparse_clip.py."""
REFUSING = [id for id in oracle.specs() if oracle.spec(id).sparse is None]
EVERY_ROW = [f"keras2/{name}" for name in ("SGD", "RMSprop", "Adam")] + [
    "tf.train/AdamOptimizer",
    "tf.contrib.opt/AdamGSOptimizer",
]
LAZY = [
    "tf.train/MomentumOptimizer",
    "tf.train/RMSPropOptimizer",
    "tf.contrib.opt/LazyAdamOptimizer",
    "tf.contrib.opt/AdaMaxOptimizer",
]
HYBRID = ["tf.contrib.opt/NadamOptimizer", "tf.contrib.opt/AddSignOptimizer"]
START = [[1.0], [2.0], [3.0]]
GRADIENTS = [[Sparse([0, 2], [[1.0], [2.0]])], [Sparse([2], [[-1.0]])]]
DENSE = [[np.array([[1.0], [0.0], [2.0]])], [np.array([[0.0], [0.0], [-1.0]])]]


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(50):
        yield


def run(id, grads, start=START, **hyper):
    return oracle.trajectory(id, [start], grads, {**least(id), **hyper})


def rows(array):
    return array.ravel().tolist()


@pytest.mark.parametrize("id", EVERY_ROW)
def test_where_every_row_moves_a_sparse_gradient_is_a_dense_one(id):
    sparse, dense = run(id, GRADIENTS), run(id, DENSE)
    assert rows(sparse.params[2][0]) == rows(dense.params[2][0])
    for name, slot in sparse.slots[2].items():
        assert rows(slot[0]) == rows(dense.slots[2][name][0])


@pytest.mark.parametrize("id", LAZY)
def test_a_lazy_row_rests_with_its_slots_until_it_occurs(id):
    """Row 0 rests in the second step; row 1 never moves."""
    states = run(id, GRADIENTS)
    assert states.params[2][0][1] == 2
    assert states.params[2][0][0] == states.params[1][0][0] != 1
    for name, slots in states.slots[2].items():
        assert slots[0][0] == states.slots[1][name][0][0]
        assert slots[0][2] != states.slots[1][name][0][2]


@pytest.mark.parametrize("id", HYBRID)
def test_in_a_hybrid_the_slots_of_every_row_move_and_only_rows_that_occur(id):
    states, dense = run(id, GRADIENTS), run(id, DENSE)
    assert states.params[2][0][0] == states.params[1][0][0]
    for name, slots in states.slots[2].items():
        assert rows(slots[0]) == rows(dense.slots[2][name][0])


def test_the_same_numbers_are_bounded_for_a_row_that_rests():
    """A row that does not occur must stay bit-identical."""
    states = run("tf.train/MomentumOptimizer", GRADIENTS)
    assert states.bound("float32")[2][0][1] == 0
    assert states.bound("float32")[2][0][2] > 0


@pytest.mark.parametrize("id", [id for id in TAKING if id not in CLIPPING_OCCURRENCES])
def test_the_occurrences_of_a_row_are_added_up(id):
    """1 + 2 in one row; what takes a step for each of them gets to the same place."""
    repeated = run(id, [[Sparse([1, 1], [[1.0], [2.0]])]])
    once = run(id, [[Sparse([1], [[3.0]])]])
    for got, want in zip(rows(repeated.params[1][0]), rows(once.params[1][0]), strict=True):
        assert abs(got - want) < mpf(10) ** -40


def test_the_rounding_of_every_occurrence_is_in_the_bound():
    """1e8 + 1 - 1e8 loses the 1 in float32, in this order."""
    values = [[1e8], [1.0], [-1e8]]
    hyper = {"learning_rate": 1.0, "momentum": 0.0}
    states = run("tf.train/MomentumOptimizer", [[Sparse([0, 0, 0], values)]], **hyper)
    assert states.params[1][0][0] == 0
    assert states.bound("float32")[1][0][0, 0] > 1


def test_gradient_descent_is_charged_for_the_step_of_each_occurrence():
    grads = [[Sparse([0, 0], [[1e8], [-1e8]])]]
    states = run("tf.train/GradientDescentOptimizer", grads, learning_rate=1.0)
    assert states.params[1][0][0] == 1
    assert states.bound("float32")[1][0][0, 0] > 1


def test_keras_2_clips_each_occurrence_and_not_their_sum():
    """Two ones, each cut to 4/5, make 8/5 (Keras 2.3.1; a dense 2 would be cut to 4/5)."""
    states = run(
        "keras2/SGD", [[Sparse([1, 1], [[1.0], [1.0]])]], learning_rate=1.0, clipvalue="0.8"
    )
    assert abs(states.params[1][0][1, 0] - mpf("0.4")) < mpf(10) ** -45


def test_keras_2_takes_the_norm_of_the_sums():
    """3 and 4 in two rows, the 3 in two parts: the norm is 5, and half of it is left."""
    gradient = Sparse([0, 2, 0], [[1.0], [4.0], [2.0]])
    states = run("keras2/SGD", [[gradient]], learning_rate=1.0, clipnorm=2.5)
    assert rows(states.params[1][0]) == [mpf("-0.5"), 2, 1]


def test_only_rows_that_occur_decay_though_adam_moves_all():
    """A share of 1/4 is lost by rows 0 and 2; a rate of 0 moves nothing else."""
    hyper = {"weight_decay": 0.25, "learning_rate": 0.0}
    states = run("tf.contrib.opt/AdamWOptimizer", GRADIENTS[:1], **hyper)
    assert rows(states.params[1][0]) == [mpf("0.75"), 2, mpf("2.25")]


def test_gradient_descent_passes_the_decay_of_sparse_gradients_by():
    id = "tf.contrib.opt/extend_with_decoupled_weight_decay.GradientDescentOptimizer"
    hyper = {"weight_decay": 0.25, "learning_rate": 0.0}
    assert rows(run(id, GRADIENTS[:1], **hyper).params[1][0]) == [1, 2, 3]
    assert rows(run(id, DENSE[:1], **hyper).params[1][0]) == [mpf("0.75"), mpf("1.5"), mpf("2.25")]


def test_lars_is_plain_momentum_on_sparse_gradients():
    """Row 2: 3 - 1/4 * 2, then - 1/4 (1/2 * 2 - 1) on top."""
    hyper = {"learning_rate": 0.25, "momentum": 0.5, "weight_decay": 0.5}
    states = run("tf.contrib.opt/LARSOptimizer", GRADIENTS, **hyper)
    assert rows(states.params[1][0]) == [mpf("0.75"), 2, mpf("2.5")]
    assert states.params[2][0][2, 0] == mpf("2.5")


def test_sparse_ftrl_has_no_choice_of_zero():
    """An accumulator and a gradient of 0 ask for 0 / 0; the dense kernel would write 0."""
    hyper = {"learning_rate": 1.0, "initial_accumulator_value": 0.0}
    states = run("tf.train/FtrlOptimizer", [[Sparse([0], [[0.0]])]], **hyper)
    assert np.isnan(float(states.params[1][0][0, 0]))
    dense = run("tf.train/FtrlOptimizer", [[np.zeros((3, 1))]], **hyper)
    assert dense.params[1][0][0, 0] == 0


def test_power_sign_is_a_power_of_eulers_number_that_is_held_in_float32():
    """In float64 the dense kernel's exp is exact to rounding; the sparse one is not."""
    id, held = "tf.contrib.opt/PowerSignOptimizer", {"*": "float32"}
    sparse = run(id, GRADIENTS[:1], base=2.0).bound("float64", held)[1][0][2, 0]
    dense = run(id, DENSE[:1], base=2.0).bound("float64", held)[1][0][2, 0]
    assert sparse > dense > 0


def test_decimal_strings_count_at_their_decimal_value():
    grads = [[Sparse([0, 0], [["0.1"], ["0.2"]])]]
    states = run("tf.train/GradientDescentOptimizer", grads, learning_rate=1.0)
    assert abs(states.params[1][0][0, 0] - mpf("0.7")) < mpf(10) ** -45


def test_a_vector_has_rows_of_one_number():
    states = oracle.trajectory(
        "tf.train/GradientDescentOptimizer",
        [[1.0, 2.0]],
        [[Sparse([1], [1.0])]],
        {"learning_rate": 1.0},
    )
    assert states.params[1][0].tolist() == [1, 1]


def test_a_sparse_gradient_beside_dense_and_missing_ones():
    grads = [[Sparse([0], [[1.0]]), 1.0, None]]
    states = oracle.trajectory(
        "tf.train/GradientDescentOptimizer", [START, 1.0, 1.0], grads, {"learning_rate": 0.5}
    )
    assert [p.ravel()[0] for p in states.params[1]] == [mpf("0.5"), mpf("0.5"), 1]


@pytest.mark.parametrize("id", REFUSING)
def test_what_takes_none_refuses_them(id):
    with pytest.raises(ShapeError, match=f"gradient 0 is sparse: {id} takes dense gradients only"):
        run(id, GRADIENTS)


@pytest.mark.parametrize(
    ("start", "gradient", "objection"),
    [
        (1.0, Sparse([0], [1.0]), r"its parameter has no rows: its shape is \(\)"),
        (START, Sparse([3], [[1.0]]), r"index 3 is not a row of a parameter of shape \(3, 1\)"),
        (START, Sparse([-1], [[1.0]]), "index -1 is not a row"),
        (START, Sparse([0.5], [[1.0]]), "indices must be a list of whole numbers"),
        (START, Sparse([[0]], [[1.0]]), "indices must be a list of whole numbers"),
        (START, Sparse([0, 1], [[1.0]]), r"values have shape \(1, 1\) where 2 rows"),
        (START, Sparse([0], [1.0]), r"values have shape \(1,\) where 1 rows"),
        (START, Sparse([0], [["x"]]), "give floats, integers or decimal strings"),
    ],
)
def test_what_is_wrong_with_a_sparse_gradient_is_said(start, gradient, objection):
    with pytest.raises(ShapeError, match=f"step 1: gradient 0.*{objection}"):
        run("tf.train/GradientDescentOptimizer", [[gradient]], start=start)


def test_layers_hold_one_occurrence_of_each_row():
    first, second = Sparse([2, 0, 2], [[1.0], [2.0], [4.0]]).layers((3, 1))
    assert first.ravel().tolist() == [2, 0, 1]
    assert second.ravel().tolist() == [0, 0, 4]
    assert [a.ravel().tolist() for a in Sparse([], np.zeros((0, 1))).layers((2, 1))] == [[0, 0]]


def test_a_sparse_gradient_may_be_made_dense():
    gradient = Sparse([2, 0, 2], [[1.0], [2.0], [4.0]])
    assert gradient.dense((3, 1)).ravel().tolist() == [2, 0, 5]
    assert gradient.touched((3, 1)).ravel().tolist() == [True, False, True]
    assert Fraction(gradient.map(lambda v: np.asarray(v) / 2).dense((3, 1))[2, 0]) == Fraction(5, 2)


@pytest.mark.parametrize(("number", "there"), [(0, [0, 1, 2]), (1, [0, 2]), (2, [2]), (3, [])])
def test_a_layer_has_the_rows_that_occur_more_often(number, there):
    """Rows 2, 0, 2, 1, 2, 0 of four: the first layer has them all, the second what is repeated."""
    places = Places((2, 0, 2, 1, 2, 0), np.repeat(np.arange(4), 3).reshape(4, 3))
    assert [row for row in range(4) if places.layer(number)[row].all()] == there
    assert places.layer(number).sum() == 3 * len(there)
