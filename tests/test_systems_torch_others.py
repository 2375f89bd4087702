"""PyTorch's ASGD, Rprop and SparseAdam against facts worked out by hand."""

from __future__ import annotations

import mpmath
import pytest
from mpmath import mpf
from single import close, last, params, run, slot

import oracle
from oracle.errors import HyperparameterError

ASGD, RPROP, SPARSE_ADAM = "torch/ASGD", "torch/Rprop", "torch/SparseAdam"
ALL = [ASGD, RPROP, SPARSE_ADAM]
NAN = float("nan")


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(60):
        yield


@pytest.mark.parametrize("id", ALL)
def test_maximize_goes_the_other_way(id):
    down = params(id, 0.0, [2.0, -1.0, 3.0], lr=0.25)
    assert params(id, 0.0, [-2.0, 1.0, -3.0], lr=0.25, maximize=True) == down


@pytest.mark.parametrize("id", ALL)
def test_a_parameter_without_a_gradient_neither_moves_nor_counts(id):
    resting = oracle.trajectory(id, [1.0], [[2.0], [None], [3.0]], {"lr": 0.25})
    plain = oracle.trajectory(id, [1.0], [[2.0], [3.0]], {"lr": 0.25})
    assert resting.params[2] == resting.params[1]
    assert resting.params[3] == plain.params[2]


def test_asgd_decays_and_lets_its_rate_fall_for_the_next_step():
    """(1 - 1/2 * 1/2) 2 - 1/2 * 1; then the rate is 1/2 over (1 + 1/2 * 1/2)**2 = 8/25."""
    hyper = {"lr": 0.5, "lambd": 0.5, "alpha": 2.0}
    assert params(ASGD, 2.0, [1.0], **hyper) == [1]
    assert close(slot("eta", ASGD, 2.0, [1.0], **hyper), mpf(8) / 25)
    assert close(last(ASGD, 2.0, [1.0, 0.0], **hyper), 1 - mpf(4) / 25)


def test_asgd_averages_from_t0_on():
    """Of 1, 0 and -1, the last two are averaged: the third step is one half of two."""
    hyper = {"lr": 1.0, "lambd": 0.0, "t0": 0.0}
    assert params(ASGD, 2.0, [1.0, 1.0, 1.0], **hyper) == [1, 0, -1]
    averages = [step["ax"][0].item() for step in run(ASGD, 2.0, [1.0, 1.0, 1.0], **hyper).slots]
    assert averages == [0, 1, 0, mpf("-0.5")]
    assert slot("ax", ASGD, 2.0, [1.0, 1.0, 1.0], **{**hyper, "t0": 5.0}) == -1


def test_asgds_weight_decay_is_coupled():
    assert last(ASGD, 2.0, [1.0], lr=0.5, weight_decay=0.5) == last(ASGD, 2.0, [2.0], lr=0.5)


def test_rprop_grows_while_a_sign_stays_and_rests_where_it_turns():
    """Sizes of 1/4, 3/8 and 3/16; at the turn nothing moves, and the next sign meets a 0."""
    hyper = {"lr": 0.25, "etas": (0.5, 1.5)}
    steps = params(RPROP, 1.0, [3.0, 0.1, -7.0, -7.0], **hyper)
    assert steps == [mpf("0.75"), mpf("0.375"), mpf("0.375"), mpf("0.5625")]
    assert slot("prev", RPROP, 1.0, [3.0, 0.1, -7.0], **hyper) == 0


def test_rprop_keeps_sizes_within_bounds_at_once():
    assert last(RPROP, 1.0, [3.0], lr=4.0, step_sizes=(0.25, 0.5)) == mpf("0.5")
    assert last(RPROP, 1.0, [3.0], lr=0.0, step_sizes=(0.25, 0.5)) == mpf("0.75")


def test_nan_has_no_sign_for_rprop():
    assert last(RPROP, 1.0, [NAN], lr=0.25) == 1


@pytest.mark.parametrize("wrong", [(1.0, 1.5), (0.5, 1.0), (0.0, 1.5), (1.5, 0.5)])
def test_rprops_factors_lie_around_one(wrong):
    with pytest.raises(HyperparameterError, match="between 0 and 1, and the second above 1"):
        oracle.spec(RPROP).validate({"etas": wrong})


def test_sparse_adam_has_its_epsilon_beside_the_uncorrected_root():
    """m = 1/2 * 2 and v = 1/4 * 4: the rate is 1/2 * sqrt(1/4) over 1/2."""
    hyper = {"lr": 0.5, "betas": (0.5, 0.75), "eps": 1.0}
    assert last(SPARSE_ADAM, 1.0, [2.0], **hyper) == mpf("0.75")


@pytest.mark.parametrize("maximize", [False, True])
def test_rows_that_do_not_occur_rest_with_their_moments(maximize):
    grads = [[[1.0, 1.0]], [oracle.Sparse([1], [1.0])]]
    found = oracle.trajectory(SPARSE_ADAM, [[0.0, 0.0]], grads, {"maximize": maximize})
    assert found.params[2][0][0] == found.params[1][0][0]
    assert found.slots[2]["m"][0][0] == found.slots[1]["m"][0][0]
    assert found.params[2][0][1] != found.params[1][0][1]


def test_sparse_adam_takes_no_rate_of_0():
    with pytest.raises(HyperparameterError, match="is refused"):
        oracle.spec(SPARSE_ADAM).validate({"lr": 0.0})
