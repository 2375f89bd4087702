"""`Trajectory.bound`: infinite, 0 or honest, for every way in which a candidate may compute."""

from __future__ import annotations

import math

import numpy as np
import pytest
from single import least, takes_every_shape

import oracle
from oracle.dtypes import DTYPES, float_type
from oracle.errors import UnknownDtypeError
from oracle.specification.shapes import of_size
from oracle.truth import Truth

ALL = oracle.specs()
each = pytest.mark.parametrize("id", ALL)


ROWS = ([1.0, -0.5], [0.5, -2.0], [0.25, 3.0])
"""A parameter, and two gradients of it."""


def shape_of(id):
    """The shape of a vector, or of a row where a spec takes matrices alone."""
    return of_size(oracle.spec(id), 2)


def trajectory(id="keras3/Adam", **hyper):
    start, *grads = (np.reshape(row, shape_of(id)) for row in ROWS)
    return oracle.trajectory(id, [start], [[g] for g in grads], {**least(id), **hyper})


@each
@pytest.mark.parametrize("dtype", DTYPES)
def test_no_bound_is_nan_or_negative(id, dtype):
    run = trajectory(id)
    for bounds in (run.bound(dtype)[2], *run.slot_bound(dtype)[2].values()):
        assert all(np.all(b >= 0) for b in bounds)


@each
def test_the_start_is_exact(id):
    run = trajectory(id)
    assert np.all(run.bound("float32")[0][0] == 0)


@each
def test_the_bound_has_the_shape_of_what_it_bounds(id):
    run = trajectory(id)
    assert [b.shape for b in run.bound("float32")[1]] == [shape_of(id)]
    for name, slot in run.slots[1].items():
        assert [b.shape for b in run.slot_bound("float32")[1][name]] == [s.shape for s in slot]


@each
def test_wider_types_have_narrower_bounds(id):
    run = trajectory(id)
    worst = [np.max(run.bound(dtype)[2][0]) for dtype in ("float64", "float32", "bfloat16")]
    assert worst == sorted(worst)
    assert worst[0] <= 1e-6 * worst[1]


_WITHOUT_A_RATE = ("adam", "adan", "amsgrad", "belief", "yogi", "acprop", "ademamix")
FEW = {
    **dict.fromkeys(("adam", "adamw", "amsgrad", "adabelief", "yogi", "acprop", "ademamix"), 2e-13),
    **dict.fromkeys(("nadam", "nadamw", "lamb", "muon"), 4e-13),
    **dict.fromkeys(("optimistic_adam", "optimistic_adam_v2"), 1e-12),
    **dict.fromkeys((f"scale_by_{name}" for name in _WITHOUT_A_RATE), 1e-12),
}
"""Optax corrects by 1 - beta**t: fewer digits are left, the more often it is in a formula.

Without a rate the steps are as long as 1, and so is what they lose.
"""


@pytest.mark.parametrize("id", [id for id in ALL if takes_every_shape(id)])
def test_the_bound_in_float64_is_a_few_units_in_the_last_place(id):
    run = trajectory(id)
    assert np.all(run.bound("float64")[2][0] < FEW.get(id.rpartition("/")[2], 1e-13))


@pytest.mark.parametrize("id", [id for id in ALL if takes_every_shape(id)])
def test_a_narrow_number_that_is_not_there_widens_nothing(id):
    run = trajectory(id)
    wide, narrow = {"*": "float64"}, {"*": "float64", "of another optimizer": "float32"}
    for one, other in zip(run.bounds("float64", wide), run.bounds("float64", narrow), strict=True):
        assert all((other.arrays[n] <= one.arrays[n] * (1 + 1e-12)).all() for n in one.arrays)


def test_a_zero_gradient_leaves_no_room():
    run = oracle.trajectory("keras3/SGD", [1.0], [[0.0]])
    assert run.bound("float16")[1][0] == 0


@pytest.mark.parametrize("special", [math.nan, math.inf])
def test_a_certain_nan_or_infinity_leaves_no_room(special):
    run = oracle.trajectory("keras3/SGD", [1.0], [[special]])
    assert run.bound("float32")[1][0] == 0


def test_overflow_of_an_intermediate_makes_the_bound_infinite():
    run = oracle.trajectory("keras3/Adam", [1.0], [[1e30]])
    assert run.bound("float32")[1][0] == math.inf
    assert run.bound("float64")[1][0] < 1e-15


def test_hyperparameters_in_single_precision_widen_the_bound_of_double():
    run = trajectory()
    assert run.bound("float64", "float32")[1][0][0] > 1e6 * run.bound("float64")[1][0][0]


def test_one_argument_may_be_held_in_another_precision():
    run = trajectory("keras3/SGD")
    rate = run.bound("float64", {"learning_rate": "float32", "*": "float64"})[1][0]
    assert rate.tolist() == run.bound("float64", "float32")[1][0].tolist()
    other = run.bound("float64", {"momentum": "float32", "*": "float64"})[1][0]
    assert other.tolist() == run.bound("float64")[1][0].tolist()


def test_hyperparameters_in_double_precision_narrow_the_bound_of_single():
    run = trajectory()
    assert (
        run.slot_bound("float32", "float64")[1]["v"][0][0] < run.slot_bound("float32")[1]["v"][0][0]
    )


def test_a_wider_compute_type_narrows_the_bound_to_about_one_rounding():
    run = trajectory()
    narrow = run.bound("bfloat16", compute_dtype="float32")[1][0]
    assert np.all(narrow < run.bound("bfloat16")[1][0])
    assert np.all(narrow <= 1.1 * float_type("bfloat16").unit_roundoff)


def test_flushing_of_subnormals_widens_the_bound_where_they_are():
    run = oracle.trajectory("keras3/SGD", [1e-38], [[1e-38]], {"learning_rate": 0.25})
    gradual, flushing = run.bound("float32"), run.bound("float32", flushes_subnormals=True)
    assert gradual[1][0] < 3e-45
    assert flushing[1][0] > 2e-39


def test_keras_2_may_flush_unless_told_otherwise():
    run = oracle.trajectory("keras2/SGD", [1e-38], [[1e-38]], {"learning_rate": 0.25})
    assert run.bound("float32")[1][0] == run.bound("float32", flushes_subnormals=True)[1][0]
    assert run.bound("float32")[1][0] > run.bound("float32", flushes_subnormals=False)[1][0]


def test_the_bound_of_adams_second_moment_is_what_rounding_beta_2_loses():
    """1 - 0.999 in float32 is off by 1.3e-5 of itself; ten times that was allowed once."""
    run = oracle.trajectory("keras3/Adam", [1.0], [[1.0]])
    rounded = abs(float(np.float32(0.999)) - 0.999)
    assert rounded < run.slot_bound("float32")[1]["v"][0] < 1.1 * rounded


def keras_adam(p, gradients, beta_1, beta_2):
    """Adam in float32 in Keras' form, m + (1 - beta)*(g - m)."""
    single = np.float32
    m = v = np.zeros_like(p)
    for g in gradients:
        m = m + (g - m) * (single(1) - single(beta_1))
        v = v + (g * g - v) * (single(1) - single(beta_2))
    return m, v


@pytest.mark.parametrize("beta", [0.0, 0.01, 0.1, 0.25, 0.5, 0.9, 0.999])
def test_keras_form_of_a_moment_is_honest_for_every_beta(beta):
    random = np.random.default_rng(0)
    scale = 10.0 ** random.uniform(-3, 3, (4, 200))
    gradients = (random.normal(size=(4, 200)) * scale).astype(np.float32)
    p, hyper = np.zeros(200, np.float32), {"beta_1": beta, "beta_2": beta}
    run = oracle.trajectory("keras3/Adam", [p], [[g] for g in gradients], hyper)
    for name, got in zip("mv", keras_adam(p, gradients, beta, beta), strict=True):
        error = Truth.of(run.slots[4][name][0]).error_of(got)
        assert np.all(error <= run.slot_bound("float32")[4][name][0])


@pytest.mark.parametrize("order", ["velocity first", "gradient first"])
def test_the_terms_of_momentum_may_be_added_in_any_order(order):
    random = np.random.default_rng(1)
    p, *gradients = random.normal(size=(5, 500)).astype(np.float32)
    hyper = {"learning_rate": 0.015625, "momentum": 0.875}
    run = oracle.trajectory("keras3/SGD", [p], [[g] for g in gradients], hyper)
    rate, momentum, v = np.float32(0.015625), np.float32(0.875), np.zeros_like(p)
    for t, g in enumerate(gradients, 1):
        gradient_first = (p - rate * g) + momentum * v
        v = momentum * v - rate * g
        p = gradient_first if order == "gradient first" else p + v
        assert np.all(Truth.of(run.params[t][0]).error_of(p) <= run.bound("float32")[t][0])


@pytest.mark.parametrize("wrong", ["float8", np.float32, "double"])
def test_an_unknown_dtype_is_refused(wrong):
    with pytest.raises(UnknownDtypeError, match="use one of float16, bfloat16, float32, float64"):
        trajectory().bound(wrong)
    with pytest.raises(UnknownDtypeError):
        trajectory().bound("float32", "double")
    with pytest.raises(UnknownDtypeError):
        trajectory().bound("float32", compute_dtype="double")


def test_bounds_are_computed_once_for_each_declaration():
    run = trajectory()
    assert run.bounds("float32") is run.bounds("float32")
    assert run.bounds("float32") is not run.bounds("float32", flushes_subnormals=True)
