"""Shampoo and GGT of TensorFlow 1: against numpy, in float64 and float32, with their surprises."""

from __future__ import annotations

import numpy as np
import pytest
from matrices import Ggt, Shampoo, power_by_eigh, power_by_svd

import oracle
from oracle.errors import HyperparameterError, ShapeError
from oracle.specification.shapes import takes_shape

SHAMPOO, GGT = "tf.contrib.opt/ShampooOptimizer", "tf.contrib.opt/GGTOptimizer"
BOTH = pytest.mark.parametrize("id", [SHAMPOO, GGT])

SHAMPOOS = [
    {},
    {"gbar_decay": 0.5, "gbar_weight": 0.25, "epsilon": 0.25},
    {"mat_gbar_decay": 0.5, "mat_gbar_weight": 2.0, "epsilon": 0.25, "alpha": 1.0},
    {"max_matrix_size": 2, "epsilon": 0.25},
    {"max_matrix_size": 0, "mat_gbar_decay": 0.5},
    {"svd_interval": 2, "precond_update_interval": 3, "epsilon": 0.25},
    {"mat_gbar_decay": 0.0, "precond_update_interval": 2, "epsilon": 0.25},
    {"svd_interval": 3, "learning_rate": 0.25, "epsilon": 0.25},
]
GGTS = [
    {},
    {"window": 3, "svd_eps": 0.25, "sigma_eps": 0.5, "learning_rate": 0.5},
    {"window": 2, "beta1": 0.5, "eps": 4.0, "svd_eps": 0.25, "sigma_eps": 0.0},
    {"window": 1, "svd_eps": 0.5, "learning_rate": 0.25},
]


def problem(shapes, steps=5, seed=0):
    """Parameters and gradients that float32 holds."""
    rng = np.random.default_rng(seed)

    def numbers(shape):
        return rng.normal(size=shape).astype(np.float32).astype(float)

    params = [numbers(s) for s in shapes]
    return params, [[numbers(s) for s in shapes] for _ in range(steps)]


def worst(trajectory, runs, dtype):
    """The largest error over the bound of parameters by step, and how many bounds see anything."""
    ratios, seen, seeable = [0.0], 0, 0
    for step, params in enumerate(runs, start=1):
        bounds = trajectory.bound(dtype)[step]
        for exact, start, bound, got in zip(
            trajectory.params[step], trajectory.params[0], bounds, params, strict=True
        ):
            error = np.abs((got.astype(object) - exact).astype(float))
            outside = np.where(error == 0, 0, error / bound)
            ratios.append(float(np.max(outside, initial=0)))
            seen += np.count_nonzero(bound < np.abs((exact - start).astype(float)))
            seeable += bound.size
    return max(ratios), seen / seeable


def shampoo_runs(params, grads, dtype, *, hyper, **more):
    """What numpy's Shampoo makes of every tensor."""
    made = [Shampoo(p.astype(dtype), **hyper, **more) for p in params]
    return [[one.step(g.astype(dtype)) for one, g in zip(made, row, strict=True)] for row in grads]


def ggt_runs(params, grads, dtype, *, hyper):
    """What numpy's GGT makes of all tensors."""
    made = Ggt([p.astype(dtype) for p in params], **hyper)
    return [made.step([g.astype(dtype) for g in row]) for row in grads]


@pytest.mark.parametrize("hyper", SHAMPOOS, ids=str)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("power", [power_by_svd, power_by_eigh])
def test_shampoo_is_what_numpy_computes(hyper, dtype, power):
    """Vector, matrix and three axes; in float64 the eigenvalues show in 1e-9 of a step."""
    params, grads = problem([(3,), (2, 3), (2, 2, 2)])
    exact = oracle.trajectory(SHAMPOO, params, grads, hyper)
    runs = shampoo_runs(params, grads, dtype, hyper=hyper, power=power)
    largest, seen = worst(exact, runs, dtype)
    assert largest <= 1
    assert seen > 0.9
    if dtype == "float64":
        last = zip(runs[-1], exact.params[-1], strict=True)
        assert all(np.allclose(got, want.astype(float), rtol=1e-9) for got, want in last)


@pytest.mark.parametrize("hyper", GGTS, ids=str)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_ggt_is_what_numpy_computes(hyper, dtype):
    """The defaults need float64: 1e-6 on the diagonal drowns in float32."""
    params, grads = problem([(3,), (2, 3), (0,)])
    exact = oracle.trajectory(GGT, params, grads, hyper)
    runs = ggt_runs(params, grads, dtype, hyper=hyper)
    largest, seen = worst(exact, runs, dtype)
    assert largest <= 1
    assert seen > 0.9 or (not hyper and dtype == "float32")
    if dtype == "float64":
        last = zip(runs[-1], exact.params[-1], strict=True)
        assert all(np.allclose(got, want.astype(float), rtol=1e-6) for got, want in last)


@pytest.mark.parametrize(
    ("hyper", "wrong"),
    [
        ({}, {"alpha": 0.6}),
        ({}, {"epsilon": 0.3}),
        ({}, {"mat_gbar_decay": 0.9}),
        ({}, {"svd_interval": 2}),
        ({}, {"gbar_weight": 0.9}),
        ({"gbar_decay": 0.5}, {"gbar_decay": 0.4}),
        ({"precond_update_interval": 2}, {"precond_update_interval": 1}),
        ({"max_matrix_size": 2}, {"max_matrix_size": 3}),
    ],
    ids=str,
)
def test_a_wrong_shampoo_is_outside(hyper, wrong):
    given = {"epsilon": 0.25, **hyper}
    params, grads = problem([(3,), (2, 3)])
    exact = oracle.trajectory(SHAMPOO, params, grads, given)
    for dtype in ("float32", "float64"):
        runs = shampoo_runs(params, grads, dtype, hyper={**given, **wrong})
        assert worst(exact, runs, dtype)[0] > 1


@pytest.mark.parametrize(
    "wrong",
    [{"window": 3}, {"beta1": 0.52}, {"eps": 4.0}, {"svd_eps": 0.3}, {"sigma_eps": 0.45}],
    ids=str,
)
def test_a_wrong_ggt_is_outside(wrong):
    given = {"learning_rate": 0.5, "beta1": 0.5, "window": 2, "svd_eps": 0.25, "sigma_eps": 0.5}
    params, grads = problem([(3,), (2, 3)])
    exact = oracle.trajectory(GGT, params, grads, given)
    for dtype in ("float32", "float64"):
        runs = ggt_runs(params, grads, dtype, hyper={**given, **wrong})
        assert worst(exact, runs, dtype)[0] > 1


def test_a_short_vector_of_one_place_is_adagrad_with_epsilon():
    """g / sqrt(g**2 + epsilon)."""
    run = oracle.trajectory(SHAMPOO, [[1.0]], [[[2.0]]], {"epsilon": 0.25})
    assert float(run.params[1][0][0]) == pytest.approx(1 - 2 / 4.25**0.5, rel=1e-15)


def test_an_axis_divides_by_its_own_length():
    """A row of 2: the axis of 1 sees 25, that of 2 sees [[9, 12], [12, 16]] / 2."""
    run = oracle.trajectory(SHAMPOO, [[[0.0, 0.0]]], [[[[3.0, 4.0]]]], {"epsilon": 0.5})
    want = -np.array([3.0, 4.0]) / (25.5**0.25 * (12.5 + 0.5) ** 0.25)
    assert np.allclose(run.params[1][0].astype(float), [want], rtol=1e-15)


def test_a_window_of_one_steps_along_the_moment_and_through_the_rest():
    """m = 1: one eigenvalue 1 + 3, of root 2: 1 / (2 + 2)**3, and (1 - 1/4) / 2."""
    hyper = {"learning_rate": 1.0, "beta1": 0.5, "window": 1, "svd_eps": 3.0, "sigma_eps": 2.0}
    run = oracle.trajectory(GGT, [[0.0]], [[[2.0]]], hyper)
    assert float(run.params[1][0][0]) == pytest.approx(-(1 / 64 + 3 / 8), rel=1e-15)


def test_a_variable_of_shampoo_without_a_gradient_rests():
    params, grads = problem([(3,), (2, 3)], steps=3)
    grads[1][1] = None
    run = oracle.trajectory(SHAMPOO, params, grads)
    assert np.all(run.params[2][1] == run.params[1][1])
    alone = oracle.trajectory(SHAMPOO, params[1:], [grads[0][1:], grads[2][1:]])
    assert np.all(run.params[3][1] == alone.params[2][0])


def test_what_a_gradient_is_refused_for_is_said():
    with pytest.raises(ShapeError, match="step 1: gradient 0 is a scalar: Shampoo takes none"):
        oracle.trajectory(SHAMPOO, [1.0], [[1.0]])
    with pytest.raises(ShapeError, match="step 1: gradient 0 is empty: Shampoo takes no empty"):
        oracle.trajectory(SHAMPOO, [np.zeros((0, 2))], [[np.zeros((0, 2))]])
    with pytest.raises(ShapeError, match="step 1: gradient 1 is missing: GGT lays all variables"):
        oracle.trajectory(GGT, [[1.0], [1.0]], [[[1.0], None]])
    with pytest.raises(ShapeError, match="step 1: gradient 0 is a scalar: GGT takes none"):
        oracle.trajectory(GGT, [1.0], [[1.0]])


def test_the_shapes_that_a_spec_takes_are_known():
    assert [takes_shape(oracle.spec(SHAMPOO), s) for s in ((), (0,), (3,))] == [False, False, True]
    assert [takes_shape(oracle.spec(GGT), s) for s in ((), (0,), (3,))] == [False, True, True]
    assert takes_shape(oracle.spec("tf.train/AdamOptimizer"), ())


@BOTH
def test_what_is_kept_in_other_shapes_is_not_shown(id):
    run = oracle.trajectory(
        id, *problem([(3,)], steps=2), {"gbar_decay": 0.5} if id == SHAMPOO else {}
    )
    assert list(run.slots[2]) == list(oracle.spec(id).slots) == ([] if id == SHAMPOO else ["m"])
    assert oracle.spec(id).program().couples_elements


@pytest.mark.parametrize(
    ("id", "hyper"),
    [
        (SHAMPOO, {"epsilon": 0}),
        (SHAMPOO, {"svd_interval": 0}),
        (SHAMPOO, {"alpha": -0.5}),
        (SHAMPOO, {"mat_gbar_weight": -1}),
        (GGT, {"window": 0}),
        (GGT, {"svd_eps": 0.0}),
    ],
    ids=str,
)
def test_what_leaves_no_positive_matrix_is_refused(id, hyper):
    with pytest.raises(HyperparameterError):
        oracle.spec(id).validate(hyper)
