"""The candidate `numpy` against facts of Keras 2, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy_runs import KERAS_2, build, last, run


@pytest.mark.parametrize("name", ["lr", "learning_rate"])
def test_keras2_sgd_subtracts_the_scaled_gradient(name):
    assert last("keras2/SGD", 1.0, [2.0], **{name: 0.25}) == 0.5


def test_keras2_lr_wins_over_learning_rate():
    assert last("keras2/SGD", 1.0, [2.0], lr=0.25, learning_rate=8.0) == 0.5


def test_keras2_momentum_holds_the_learning_rate():
    optimizer = build("keras2/SGD", [np.float64(1.0)], lr=0.5, momentum=0.5)
    assert optimizer.step([np.asarray(1.0)])[0] == 0.5
    assert optimizer.slots()["v"][0] == -0.5
    assert optimizer.step([np.asarray(1.0)])[0] == 0.5 - 0.75


def test_keras2_nesterov_without_momentum_is_gradient_descent():
    assert last("keras2/SGD", 1.0, [2.0], lr=0.25, nesterov=True) == 0.5


def test_keras2_decay_reads_the_counter_before_its_increment():
    """The rates are 1 / (1 + it) for it = 0, 1, 2."""
    assert last("keras2/SGD", 0.0, [-1.0], lr=1.0, decay=1.0) == 1.0
    assert last("keras2/SGD", 0.0, [-1.0, -1.0], lr=1.0, decay=1.0) == 1.5
    assert last("keras2/SGD", 0.0, [-1.0] * 4, lr=1.0, decay=1.0) == pytest.approx(25 / 12)


def test_keras2_ignores_a_negative_decay():
    assert last("keras2/SGD", 0.0, [-1.0, -1.0], lr=1.0, decay=-0.5) == 2.0


def test_keras2_clipnorm_takes_all_parameters_as_one_vector():
    (first, second), *_ = run(
        "keras2/SGD",
        [np.zeros(1), np.zeros(1)],
        [[np.array([3.0]), np.array([4.0])]],
        lr=1.0,
        clipnorm=2.5,
    )
    assert (first[0], second[0]) == (-1.5, -2.0)


@pytest.mark.parametrize(("clipnorm", "moved"), [(5.0, 4.0), (10.0, 4.0), (0.0, 4.0), (-1.0, 4.0)])
def test_keras2_clipnorm_leaves_what_is_not_above_it(clipnorm, moved):
    grads = [[np.array([3.0, 4.0])]]
    assert run("keras2/SGD", [np.zeros(2)], grads, lr=1.0, clipnorm=clipnorm)[0][0][1] == -moved


def test_keras2_clips_the_norm_before_the_values():
    grads = [[np.array([3.0, 4.0])]]
    (new,) = run("keras2/SGD", [np.zeros(2)], grads, lr=1.0, clipnorm=2.5, clipvalue=1.75)[0]
    assert new.tolist() == [-1.5, -1.75]


def test_keras2_leaves_gradients_unclipped_by_a_norm_of_nan():
    grads = [[np.array([3.0, np.nan])]]
    (new,) = run("keras2/SGD", [np.zeros(2)], grads, lr=1.0, clipnorm=1.0)[0]
    assert new[0] == -3.0
    assert math.isnan(new[1])


@pytest.mark.parametrize("spec", KERAS_2)
def test_keras2_refuses_a_gradient_that_is_none(spec):
    with pytest.raises(ValueError, match="a gradient is None"):
        run(spec, [np.ones(2), np.ones(2)], [[np.ones(2), None]])


def test_keras2_adam_adds_epsilon_to_the_uncorrected_root():
    """With equal betas the first step is lr * sqrt(1 - b) * g / (sqrt(1 - b) * |g| + epsilon)."""
    new = last("keras2/Adam", 0.0, [-1.0], lr=1.0, beta_1=0.75, beta_2=0.75, epsilon=0.5)
    assert new == pytest.approx(0.5 / (0.5 + 0.5))


def test_keras2_adagrad_starts_from_zero_and_keras3_from_a_tenth():
    assert build("keras2/Adagrad", [np.ones(1)]).slots()["a"][0] == 0.0
    assert build("keras3/Adagrad", [np.ones(1)]).slots()["a"][0] == 0.1


@pytest.mark.parametrize("spec", ["keras2/RMSprop", "keras2/Adam"])
def test_keras2_takes_the_root_of_a_negative_number_as_zero(spec):
    """Adam with beta_2 above 1 freezes, and RMSprop divides by epsilon alone."""
    name = "rho" if spec.endswith("RMSprop") else "beta_2"
    moved = last(spec, 1.0, [1.0], lr=0.5, epsilon=1.0, **{name: 1.5})
    assert moved == (0.5 if name == "rho" else 1.0)


def test_amsgrad_keeps_a_maximum_only_when_asked():
    assert "v_max" not in build("keras2/Adam", [np.ones(1)]).slots()
    optimizer = build("keras2/Adam", [np.ones(1)], amsgrad=True, beta_2=0.5)
    optimizer.step([np.array([4.0])])
    optimizer.step([np.array([0.0])])
    assert optimizer.slots()["v"][0] == 4.0
    assert optimizer.slots()["v_max"][0] == 8.0


@pytest.mark.parametrize(("spec", "decay"), [("keras2/Nadam", 0.004), ("keras3/Nadam", 1.0)])
def test_nadam_shares_one_product_of_momenta(spec, decay):
    optimizer = build(spec, [np.ones(2), np.ones(3)])
    for _ in range(2):
        optimizer.step([np.ones(2), np.ones(3)])
    mu = [0.9 * (1 - 0.5 * 0.96 ** (decay * t)) for t in (1, 2)]
    assert [a.tolist() for a in optimizer.slots()["mu_product"]] == [
        pytest.approx(mu[0] * mu[1]) for _ in range(2)
    ]
