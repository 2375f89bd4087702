"""PyTorch's Muon against facts worked out by hand."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from single import close

import oracle
from oracle.errors import HyperparameterError, ShapeError

MUON = "torch/Muon"
PLAIN = {
    "lr": 1.0,
    "weight_decay": 0.0,
    "momentum": 0.0,
    "nesterov": False,
    "ns_coefficients": (2.0, -3.0, 4.0),
    "ns_steps": 1,
}
"""One step of f(x) = 2 x - 3 x^3 + 4 x^5 on the singular values of the gradient itself."""


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(60):
        yield


def f(x):
    return 2 * x - 3 * x**3 + 4 * x**5


def moved(*gradients, **hyper):
    """How far a matrix of zeros has come."""
    start = np.zeros(np.shape(gradients[0]))
    run = oracle.trajectory(MUON, [start], [[g] for g in gradients], {**PLAIN, **hyper})
    return run.params[-1][0]


def test_the_only_singular_value_of_a_row_is_one():
    """(4, 3) over 5, times f(1) = 3."""
    first, second = moved([[4.0, 3.0]])[0]
    assert close(first, mpf("-2.4"))
    assert close(second, mpf("-1.8"))


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_each_singular_value_goes_through_the_polynomial(steps):
    """3 and 4 over their norm, as often as there are steps."""
    found = moved([[3.0, 0.0], [0.0, -4.0]], ns_steps=steps)
    for got, value in ((found[0, 0], mpf("0.6")), (-found[1, 1], mpf("0.8"))):
        want = value
        for _ in range(steps):
            want = f(want)
        assert close(got, -want)


def test_a_small_norm_counts_as_eps():
    """1/2 over 2 is 1/4."""
    assert close(moved([[0.5]], eps=2.0)[0, 0], -f(mpf("0.25")))
    assert close(moved([[0.5]], eps=0.25)[0, 0], -f(mpf(1)))


def test_no_gradient_is_no_direction():
    assert moved([[0.0, 0.0]], eps=0.125).tolist() == [[0, 0]]


def test_the_momentum_is_an_average_and_may_look_ahead():
    """The average of (1, 0) and (0, 1) is (1/4, 1/2); looking ahead (1/8, 3/4)."""
    hyper = {"momentum": 0.5, "ns_steps": 0}
    first = moved([[1.0, 0.0]], **hyper)
    for nesterov, u in ((False, ("0.25", "0.5")), (True, ("0.125", "0.75"))):
        way = moved([[1.0, 0.0]], [[0.0, 1.0]], nesterov=nesterov, **hyper) - first
        norm = mpmath.sqrt(sum(mpf(x) ** 2 for x in u))
        assert all(close(got, -mpf(x) / norm) for got, x in zip(way[0], u, strict=True))


@pytest.mark.parametrize(
    ("shape", "way", "times"),
    [
        ((4, 1), None, 2),
        ((4, 1), "original", 2),
        ((1, 4), "original", 1),
        ((4, 1), "match_rms_adamw", "0.4"),
        ((1, 4), "match_rms_adamw", "0.4"),
    ],
)
def test_the_rate_depends_on_the_shape(shape, way, times):
    """Each of four equal elements is half of a unit vector."""
    found = moved(np.ones(shape), ns_steps=0, adjust_lr_fn=way)
    tolerance = mpf(2) ** -52 if way == "match_rms_adamw" else mpf(10) ** -45
    assert all(abs(x + mpf(times) / 2) < tolerance for x in found.ravel())


def test_weights_decay_before_they_move_and_no_shape_says_how_fast():
    hyper = {**PLAIN, "lr": 0.5, "weight_decay": 0.25, "ns_steps": 0}
    start, gradient = np.full((4, 1), 8.0), np.ones((4, 1))
    run = oracle.trajectory(MUON, [start], [[gradient]], hyper)
    assert all(close(x, mpf("6.5")) for x in run.params[-1][0].ravel())


def test_a_matrix_without_a_gradient_stays():
    run = oracle.trajectory(MUON, [[[1.0]], [[1.0]]], [[[[1.0]], None]], PLAIN)
    assert run.params[-1][1].tolist() == [[1]]


@pytest.mark.parametrize("shape", [(), (3,), (1, 2, 2)])
def test_what_is_no_matrix_is_refused(shape):
    with pytest.raises(ShapeError, match="Muon takes matrices alone"):
        oracle.trajectory(MUON, [np.ones(shape)], [[np.ones(shape)]], PLAIN)


@pytest.mark.parametrize(
    ("argument", "value", "wanted"),
    [
        ("ns_steps", 100, "it must be an integer from 0 to 99"),
        ("ns_coefficients", (1.0, 2.0), "it must be three numbers"),
        ("adjust_lr_fn", "other", "it must be None, 'original', 'match_rms_adamw'"),
        ("lr", -1.0, "it must lie in"),
    ],
)
def test_what_the_library_refuses_is_refused(argument, value, wanted):
    with pytest.raises(HyperparameterError, match=wanted):
        oracle.spec(MUON).validate({argument: value})


def test_newton_schulz_steps_in_bfloat16_widen_the_parameter_and_not_the_momentum():
    run = oracle.trajectory(MUON, [np.zeros((2, 2))], [[np.eye(2) * 0.75]], PLAIN)
    wide = run.bounds("float32", {"*": "float64", "ns_steps": "bfloat16"})[1]
    narrow = run.bounds("float32", "float64")[1]
    assert (wide.params[0] > 1000 * narrow.params[0]).all()
    assert (wide.slots["m"][0] == narrow.slots["m"][0]).all()
