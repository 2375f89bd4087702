"""MultiOptimizer: each parameter goes the way that its own optimizer would take it alone."""

from __future__ import annotations

import numpy as np
import pytest

import oracle
from oracle.errors import HyperparameterError, ShapeError

SPEC = "keras3/MultiOptimizer"
START = [np.array([1.0, -2.0]), np.array([[0.5, 4.0]]), np.array(3.0)]
GRADS = [[k * p + 0.25 for p in START] for k in (1, -2, 3)]
MOMENTUM = {"learning_rate": 0.5, "momentum": 0.5}
NADAM = {"learning_rate": 0.25}


def optimizer(name, config):
    return {"class_name": name, "config": config}


def side_by_side(default, others, **more):
    """Run three parameters, some with an optimizer of their own."""
    chosen = {"default_optimizer": default, "optimizer_map": others}
    return oracle.trajectory(SPEC, START, GRADS, {"optimizer_map": chosen, **more})


def alone(name, hyper, *indices):
    """Run some of the parameters by one optimizer."""
    grads = [[row[k] for k in indices] for row in GRADS]
    return oracle.trajectory(f"keras3/{name}", [START[k] for k in indices], grads, hyper)


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_every_parameter_moves_as_its_optimizer_moves_it_alone():
    run = side_by_side(optimizer("SGD", MOMENTUM), {"1": optimizer("Nadam", NADAM)})
    rest, own = alone("SGD", MOMENTUM, 0, 2), alone("Nadam", NADAM, 1)
    assert same(run.params[-1], [rest.params[-1][0], own.params[-1][0], rest.params[-1][1]])
    assert same(run.slots[-1]["1.m"][1:2], own.slots[-1]["m"])
    assert run.slots[-1]["1.mu_product"][1] == own.slots[-1]["mu_product"][0]


def test_a_parameter_lacks_the_slots_of_the_other_optimizer():
    slots = side_by_side(optimizer("SGD", MOMENTUM), {"1": optimizer("Nadam", NADAM)}).slots[-1]
    assert [np.shape(v) for v in slots["v"]] == [(2,), (0,), ()]
    assert [np.shape(m) for m in slots["1.m"]] == [(0,), (1, 2), (0,)]
    assert [np.shape(mu) for mu in slots["1.mu_product"]] == [(0,), (), (0,)]


def test_two_of_one_class_keep_their_own_rates():
    run = side_by_side(
        optimizer("SGD", {"learning_rate": 1.0}), {"0": optimizer("SGD", {"learning_rate": 0.5})}
    )
    assert same(
        run.params[1], [START[0] - GRADS[0][0] / 2, START[1] - GRADS[0][1], START[2] - 3.25]
    )


def test_a_common_norm_is_that_of_the_own_parameters():
    clipped = {"learning_rate": 1.0, "global_clipnorm": 0.5}
    run = side_by_side(optimizer("SGD", clipped), {"1": optimizer("SGD", {"learning_rate": 1.0})})
    rest = alone("SGD", clipped, 0, 2)
    assert same([run.params[1][0], run.params[1][2]], rest.params[1])


def test_one_collects_gradients_while_the_other_steps():
    collecting = {"learning_rate": 1.0, "gradient_accumulation_steps": 2}
    run = side_by_side(
        optimizer("SGD", {"learning_rate": 1.0}), {"2": optimizer("SGD", collecting)}
    )
    own = alone("SGD", collecting, 2)
    assert [p[2].item() for p in run.params] == [p[0].item() for p in own.params]
    assert run.params[1][0].tolist() == (START[0] - GRADS[0][0]).tolist()


def test_what_one_collects_is_no_business_of_the_other():
    """The bound of a mean asks which gradients came: those of its own parameters and group."""
    two = {"learning_rate": 1.0, "gradient_accumulation_steps": 2}
    three = {"learning_rate": 1.0, "gradient_accumulation_steps": 3}
    bounds = side_by_side(optimizer("SGD", two), {"1": optimizer("SGD", three)}).bound("float32")
    rest, own = alone("SGD", two, 0, 2).bound("float32"), alone("SGD", three, 1).bound("float32")
    for got, want in zip(bounds[-1], [rest[-1][0], own[-1][0], rest[-1][1]], strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-9)


@pytest.mark.parametrize(("given", "factor"), [({}, 1), ({"loss_scale_factor": 4.0}, 4)])
def test_the_scales_of_the_wrapped_are_overwritten(given, factor):
    scaled = optimizer("SGD", {"learning_rate": 1.0, "loss_scale_factor": 8.0})
    run = side_by_side(scaled, {"1": scaled}, **given)
    assert same(run.params[1], [p - g / factor for p, g in zip(START, GRADS[0], strict=True)])


def test_a_precision_is_declared_for_a_class_whoever_has_it():
    chosen = {"default_optimizer": optimizer("SGD", {"learning_rate": 0.3}), "optimizer_map": {}}
    chosen["optimizer_map"]["1"] = chosen["default_optimizer"]
    run = oracle.trajectory(SPEC, START, GRADS, {"optimizer_map": chosen})
    wide = run.bound("float64")
    narrow = run.bound("float64", {"SGD.learning_rate": "float32"})
    assert all((n > 1000 * w).all() for n, w in zip(narrow[1], wide[1], strict=True))


def test_an_index_that_no_parameter_has_says_nothing():
    other = {"7": optimizer("Nadam", NADAM)}
    run = side_by_side(optimizer("SGD", MOMENTUM), other)
    assert same(run.params[-1], alone("SGD", MOMENTUM, 0, 1, 2).params[-1])


def test_all_gradients_are_needed():
    chosen = {"default_optimizer": optimizer("SGD", MOMENTUM), "optimizer_map": {}}
    with pytest.raises(ShapeError, match="all gradients"):
        oracle.trajectory(SPEC, START, [[None, *GRADS[0][1:]]], {"optimizer_map": chosen})


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "it must be {'default_optimizer'"),
        ({"default_optimizer": optimizer("SGD", {}), "optimizer_map": {"a": 1}}, "indices"),
        ({"default_optimizer": optimizer("SDG", {}), "optimizer_map": {}}, "SGD"),
        (
            {"default_optimizer": optimizer("SGD", {}), "optimizer_map": {"0": 1}},
            "as Keras serializes one",
        ),
    ],
)
def test_what_is_no_map_of_optimizers_is_refused_in_a_sentence(given, told):
    with pytest.raises(HyperparameterError, match=told):
        oracle.spec(SPEC).validate({"optimizer_map": given})
