"""`oracle.bulk`: the same numbers as the trajectory's, in float64 and for many elements."""

from __future__ import annotations

import numpy as np
import pytest
from joined import joined
from single import least, takes_every_shape, takes_vectors

import oracle
from oracle.bulk import bulk
from oracle.errors import HyperparameterError, ShapeError, UnknownDtypeError, UnknownSpecError
from oracle.specification.shapes import of_size, takes_missing
from oracle.truth import Truth

ALL = [id for id in oracle.specs() if takes_every_shape(id)]
each = pytest.mark.parametrize("id", ALL)
each_alone = pytest.mark.parametrize(
    "id", [id for id in ALL if not oracle.spec(id).program(least(id)).couples_elements]
)
FORMS = [
    ("keras2/SGD", {"nesterov": True, "momentum": 0.5, "decay": 0.1, "clipnorm": 1.0}),
    ("keras3/SGD", {"momentum": 0.9, "nesterov": True, "weight_decay": 0.01, "clipvalue": 0.5}),
    ("keras3/RMSprop", {"centered": True, "momentum": 0.5, "epsilon": 0.01}),
    ("keras3/Adam", {"amsgrad": True, "use_ema": True, "ema_overwrite_frequency": 2}),
    ("keras3/Adam", {"gradient_accumulation_steps": 2, "global_clipnorm": 1.0}),
    ("keras3/Ftrl", {"l1_regularization_strength": 0.1, "beta": 0.5, "loss_scale_factor": 8.0}),
    *((id, least(id)) for id in oracle.specs() if takes_vectors(id)),
]
in_every_form = pytest.mark.parametrize(("id", "hyper"), FORMS)


def problem(seed=0, steps=3, id="keras3/Adam"):
    """Two parameters, of shapes that a spec takes, and their gradients, in float32."""
    random = np.random.default_rng(seed)
    shapes = ((2, 3), of_size(oracle.spec(id), 4))
    draw = [[random.normal(size=s).astype(np.float32) for s in shapes] for _ in range(steps + 1)]
    return draw[0], draw[1:]


@in_every_form
def test_bulk_differs_from_the_truth_by_less_than_its_bound(id, hyper):
    params, gradients = problem(id=id)
    truth = oracle.trajectory(id, params, gradients, hyper)
    got = joined(bulk(id, params, gradients, hyper, dtype="float32"))
    for t in range(1, 4):
        assert got[t].arrays.keys() == truth.records[t].arrays.keys()
        for name, interval in got[t].arrays.items():
            error = Truth.of(truth.records[t].arrays[name]).error_of(interval.truth.hi)
            assert np.all(error <= interval.bound)


@in_every_form
@pytest.mark.parametrize("declared", [("float32", "float64"), ("bfloat16", None, "float32")])
def test_bulk_bounds_are_those_of_the_trajectory_and_a_little_more(id, hyper, declared):
    params, gradients = problem(id=id)
    want = oracle.trajectory(id, params, gradients, hyper).bound(*declared)
    names = dict(zip(("dtype", "hyper_dtype", "compute_dtype"), declared, strict=False))
    got = joined(bulk(id, params, gradients, hyper, **names))
    for t in range(1, 4):
        for interval, bound in zip(got[t].params, want[t], strict=True):
            np.testing.assert_allclose(interval.bound, bound, rtol=1e-5, atol=1e-14)


@each_alone
def test_many_elements_are_put_together_in_their_shape(id):
    """More than one piece of work, of different sizes for different parameters."""
    random = np.random.default_rng(0)
    params = [random.normal(size=(5, 7000)), random.normal(size=()), random.normal(size=20000)]
    gradients = [[random.normal(size=p.shape) for p in params] for _ in range(2)]
    got = joined(bulk(id, params, gradients, least(id), dtype="float32"))[2].params
    for k, part in ((0, (4, slice(6990, 7000))), (1, ()), (2, slice(16380, 16390))):
        few = [
            [a[part] if i == k else np.zeros(0) for i, a in enumerate(row)]
            for row in (params, *gradients)
        ]
        *_, record = bulk(id, few[0], few[1:], least(id), dtype="float32")
        alone = record.params[k]
        np.testing.assert_array_equal(got[k].truth.hi[part], alone.truth.hi)
        np.testing.assert_allclose(got[k].bound[part], alone.bound, rtol=1e-9)
        assert got[k].shape == got[k].bound.shape == params[k].shape


def test_lars_takes_its_norms_over_all_elements_however_many():
    """Norms 200 and 100: half of 200 over 100 is a trust ratio of 1."""
    hyper = {"learning_rate": 1.0, "weight_decay": 0.0, "eeta": 0.5}
    params, gradients = [np.ones((400, 100)), 1.0], [[np.full((400, 100), 0.5), 0.5]]
    [got] = bulk("tf.contrib.opt/LARSOptimizer", params, gradients, hyper, dtype="float32")
    moved, number = (interval.truth.hi for interval in got.params)
    assert moved.shape == (400, 100)
    assert (moved == 0.5).all()
    assert number == 0.5


@pytest.mark.parametrize("clip", ["clipnorm", "global_clipnorm"])
def test_a_norm_is_taken_over_all_elements_however_many(clip):
    gradient = np.full(40000, 0.5)
    [got] = bulk(
        "keras3/SGD",
        [0 * gradient],
        [[gradient]],
        {"learning_rate": 1.0, clip: 1.0},
        dtype="float32",
    )
    np.testing.assert_allclose(got.params[0].truth.hi, -1 / 200, rtol=1e-12)


@each
def test_missing_gradients_are_passed_on(id):
    if not takes_missing(oracle.spec(id)):
        with pytest.raises(ShapeError):
            bulk(id, [1.0, 2.0], [[1.0, None]], least(id), dtype="float32")
    else:
        [got] = bulk(id, [1.0, 2.0], [[1.0, None]], least(id), dtype="float32")
        assert got.params[1].truth.hi == 2


@each
def test_empty_parameters_are_parameters_too(id):
    nothing = np.zeros((0, 3))
    [got] = bulk(id, [nothing, 1.0], [[nothing, 1.0]], least(id), dtype="float32")
    assert got.params[0].shape == got.params[0].bound.shape == (0, 3)


def test_inputs_stay_as_they_are():
    param, gradient = np.ones(3, np.float32), np.ones(3, np.float32)
    [got] = bulk("keras3/Adam", [param], [[gradient]], dtype="float32")
    got.params[0].truth.hi[:] = 99
    assert param.tolist() == gradient.tolist() == [1, 1, 1]


def test_wrong_input_is_refused_as_by_the_trajectory():
    with pytest.raises(UnknownSpecError):
        bulk("keras3/Adm", [1.0], [[1.0]], dtype="float32")
    with pytest.raises(UnknownDtypeError):
        bulk("keras3/Adam", [1.0], [[1.0]], dtype="float8")
    with pytest.raises(HyperparameterError):
        bulk("keras3/Adam", [1.0], [[1.0]], {"rho": 0.5}, dtype="float32")
    with pytest.raises(ShapeError):
        bulk("keras3/Adam", [1.0], [[1.0, 2.0]], dtype="float32")
