"""Every rule against facts worked out by hand, each a formula of its own in mpmath."""

from __future__ import annotations

import itertools

import mpmath
import pytest
from mpmath import mpf, sqrt
from single import close, exact, last, params, run, slot

ADAMS = ["keras2/Adam", "keras3/Adam", "keras3/AdamW"]


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(60):
        yield


# Gradient descent


@pytest.mark.parametrize("spec", ["keras2/SGD", "keras3/SGD"])
def test_sgd_goes_down_the_gradient(spec):
    assert last(spec, 1.0, [2.0], learning_rate=0.25) == 0.5


@pytest.mark.parametrize("spec", ["keras2/SGD", "keras3/SGD"])
def test_momentum_under_a_constant_gradient_is_a_geometric_series(spec):
    """v_t = -lr g (1 - mu^t)/(1 - mu), and the parameter is the sum of all v."""
    mu, lr = mpf("0.5"), mpf("0.25")
    want = 1 - lr * sum((1 - mu**t) / (1 - mu) for t in range(1, 6))
    assert last(spec, 1.0, [1.0] * 5, learning_rate=0.25, momentum=0.5) == want


@pytest.mark.parametrize("spec", ["keras2/SGD", "keras3/SGD"])
def test_nesterov_is_momentum_that_is_one_velocity_ahead(spec):
    """The look-ahead parameter minus mu times the velocity is momentum's own parameter."""
    hyper = {"learning_rate": 0.25, "momentum": 0.75}
    gradients = [1.0, -2.0, 0.5]
    ahead = run(spec, 1.0, gradients, nesterov=True, **hyper)
    velocity = ahead.slots[-1]["v"][0].item()
    start = last(spec, 1.0, gradients, **hyper)
    assert ahead.params[-1][0].item() - mpf("0.75") * velocity == start


def test_the_learning_rate_is_inside_the_velocity():
    assert slot("v", "keras3/SGD", 1.0, [2.0], learning_rate=0.25, momentum=0.5) == -0.5


# Root mean squares


@pytest.mark.parametrize("g", [3.0, -0.001])
def test_rmsprop_of_keras_2_adds_epsilon_to_the_root(g):
    got = last("keras2/RMSprop", 1.0, [g], learning_rate=0.5, rho=0.75, epsilon=0.125)
    assert close(got, 1 - mpf(g) / 2 / (abs(mpf(g)) / 2 + mpf("0.125")))


@pytest.mark.parametrize("g", [3.0, -0.001])
def test_rmsprop_of_keras_3_adds_epsilon_under_the_root(g):
    got = last("keras3/RMSprop", 1.0, [g], learning_rate=0.5, rho=0.75, epsilon=0.125)
    assert close(got, 1 - mpf(g) / 2 / sqrt(mpf(g) ** 2 / 4 + mpf("0.125")))


def test_centered_rmsprop_divides_by_the_weighted_standard_deviation():
    """The weights of the last gradients are (1 - rho) rho^k, the missing weight lies at 0."""
    rho, gradients = mpf("0.75"), [1.0, 3.0, -2.0]
    weights = [(1 - rho) * rho**k for k in (2, 1, 0)]
    mean = sum(w * mpf(g) for w, g in zip(weights, gradients, strict=True))
    square = sum(w * mpf(g) ** 2 for w, g in zip(weights, gradients, strict=True))
    hyper = {"learning_rate": 0.5, "rho": 0.75, "epsilon": 0.125, "centered": True}
    *_, before, after = params("keras3/RMSprop", 1.0, gradients, **hyper)
    assert close(after - before, 1 / sqrt(square - mean**2 + mpf("0.125")))


def test_momentum_of_rmsprop_keeps_a_share_of_the_last_step():
    hyper = {"learning_rate": 0.5, "rho": 0.75, "epsilon": 0.125, "momentum": 0.5}
    first, second, third = params("keras3/RMSprop", 1.0, [1.0, 0.0, 0.0], **hyper)
    assert close(second - first, (first - 1) / 2)
    assert close(third - second, (first - 1) / 4)


def test_centered_rmsprop_with_momentum_is_both():
    hyper = {"learning_rate": 0.5, "rho": 0.75, "epsilon": 0.125, "centered": True}
    plain = last("keras3/RMSprop", 1.0, [2.0], **hyper)
    first, second = params("keras3/RMSprop", 1.0, [2.0, 0.0], momentum=0.5, **hyper)
    assert first == plain
    assert close(second - first, (first - 1) / 2)


# Adagrad and Adadelta


def test_adagrad_of_keras_2_starts_at_nothing():
    got = last("keras2/Adagrad", 1.0, [3.0, 4.0], learning_rate=1.0, epsilon=0.0)
    assert close(got, 1 - 1 - mpf(4) / 5)


def test_adagrad_of_keras_3_starts_at_the_initial_accumulator():
    hyper = {"learning_rate": 1.0, "initial_accumulator_value": 16.0, "epsilon": 0.0}
    assert close(last("keras3/Adagrad", 1.0, [3.0], **hyper), 1 - mpf(3) / 5)


def test_adagrad_places_epsilon_where_its_library_does():
    hyper = {"learning_rate": 1.0, "epsilon": 3.0}
    assert close(last("keras2/Adagrad", 0.0, [1.0], **hyper), mpf(-1) / 4)
    hyper["initial_accumulator_value"] = 0.0
    assert close(last("keras3/Adagrad", 0.0, [1.0], **hyper), mpf(-1) / 2)


@pytest.mark.parametrize("spec", ["keras2/Adadelta", "keras3/Adadelta"])
def test_adadeltas_first_step_is_the_ratio_of_epsilon_to_the_gradient(spec):
    g, epsilon, rho = mpf(3), mpf("0.125"), mpf("0.75")
    delta = g * sqrt(epsilon) / sqrt((1 - rho) * g**2 + epsilon)
    hyper = {"learning_rate": 1.0, "rho": 0.75, "epsilon": 0.125}
    assert close(last(spec, 1.0, [3.0], **hyper), 1 - delta)
    assert close(slot("d", spec, 1.0, [3.0], **hyper), (1 - rho) * delta**2)
    assert close(slot("a", spec, 1.0, [3.0], **hyper), (1 - rho) * g**2)


def test_adadeltas_updates_are_averaged_before_the_learning_rate():
    slow = slot("d", "keras3/Adadelta", 1.0, [3.0], learning_rate=0.01)
    assert slow == slot("d", "keras3/Adadelta", 1.0, [3.0], learning_rate=1.0)


# Adam and its kin


@pytest.mark.parametrize("spec", ADAMS)
@pytest.mark.parametrize("g", [1e-3, -5.0, 1e30])
def test_adams_first_step_is_the_learning_rate_but_for_epsilon(spec, g):
    decay = {"weight_decay": 0.0} if spec == "keras3/AdamW" else {}
    step = last(spec, 0.0, [g], learning_rate=0.01, epsilon=0.0, **decay)
    assert close(step, -exact(0.01) * mpmath.sign(g))


@pytest.mark.parametrize("spec", ["keras2/Adam", "keras3/Adam"])
def test_adams_epsilon_stands_beside_the_uncorrected_root(spec):
    """So that it counts as epsilon / sqrt(1 - beta_2) at the first step."""
    g, beta, epsilon = mpf(2), mpf("0.75"), mpf("0.125")
    step = last(spec, 0.0, [2.0], learning_rate=1.0, beta_2=0.75, epsilon=0.125)
    assert close(step, -g / (g + epsilon / sqrt(1 - beta)))


@pytest.mark.parametrize("spec", ["keras2/Adam", "keras3/Adam"])
def test_adam_under_a_constant_gradient_steps_evenly(spec):
    """Both corrected moments of a constant are the constant and its square."""
    steps = params(spec, 0.0, [3.0] * 6, learning_rate=0.5, epsilon=0.0)
    assert all(close(p, -mpf(t) / 2) for t, p in enumerate(steps, 1))


@pytest.mark.parametrize("spec", ["keras2/Adam", "keras3/Adam"])
def test_adams_moments_are_weighted_sums(spec):
    gradients, beta = [1.0, -2.0, 4.0], exact(0.9)
    want = sum((1 - beta) * beta ** (2 - k) * mpf(g) for k, g in enumerate(gradients))
    assert close(slot("m", spec, 0.0, gradients, beta_1=0.9), want)
    want = sum((1 - beta) * beta ** (2 - k) * mpf(g) ** 2 for k, g in enumerate(gradients))
    assert close(slot("v", spec, 0.0, gradients, beta_2=0.9), want)


@pytest.mark.parametrize("spec", ["keras2/Adam", "keras3/Adam", "keras3/AdamW"])
def test_amsgrad_keeps_the_largest_uncorrected_second_moment(spec):
    gradients, hyper = [4.0, 0.0, 0.0], {"beta_2": 0.5, "amsgrad": True}
    assert slot("v", spec, 0.0, gradients, **hyper) == 2
    assert slot("v_max", spec, 0.0, gradients, **hyper) == 8


@pytest.mark.parametrize("spec", ["keras2/Adam", "keras3/Adam"])
def test_amsgrad_divides_by_the_largest_second_moment(spec):
    hyper = {"learning_rate": 1.0, "beta_1": 0.0, "beta_2": 0.5, "epsilon": 0.0}
    before, after = params(spec, 0.0, [4.0, 1.0], amsgrad=True, **hyper)
    assert close(after - before, -sqrt(1 - mpf(1) / 4) / sqrt(mpf(8)))
    before, after = params(spec, 0.0, [4.0, 8.0], amsgrad=True, **hyper)
    assert close(after - before, -sqrt(1 - mpf(1) / 4) * 8 / sqrt(mpf(36)))


@pytest.mark.parametrize("spec", ["keras2/Adamax", "keras3/Adamax"])
def test_adamax_divides_by_the_largest_faded_gradient(spec):
    hyper = {"learning_rate": 1.0, "beta_1": 0.0, "beta_2": 0.5, "epsilon": 0.0}
    steps = [0, *params(spec, 0.0, [8.0, 1.0, 3.0], **hyper)]
    updates = [b - a for a, b in itertools.pairwise(steps)]
    assert all(map(close, updates, [mpf(-1), -mpf(1) / 4, -mpf(1)]))


@pytest.mark.parametrize("spec", ["keras2/Adamax", "keras3/Adamax"])
def test_adamax_corrects_the_bias_of_the_first_moment_only(spec):
    steps = params(spec, 0.0, [3.0] * 4, learning_rate=0.5, epsilon=0.0)
    assert all(close(p, -mpf(t) / 2) for t, p in enumerate(steps, 1))


def nadam(gradients, *, learning_rate, beta_1, beta_2, epsilon, schedule_decay=1):
    """Dozat's algorithm 2, with sums and products over the whole past instead of slots."""

    def mu(t):
        return beta_1 * (1 - mpf("0.5") * exact(0.96) ** (t * schedule_decay))

    p = mpf(0)
    for t in range(1, len(gradients) + 1):
        past = [(beta_1 ** (t - k), beta_2 ** (t - k), gradients[k - 1]) for k in range(1, t + 1)]
        m = (1 - beta_1) * sum(w * g for w, _, g in past)
        v = (1 - beta_2) * sum(w * g**2 for _, w, g in past)
        product = mpmath.fprod(mu(k) for k in range(1, t + 1))
        look_ahead = mu(t + 1) * m / (1 - product * mu(t + 1))
        now = (1 - mu(t)) * gradients[t - 1] / (1 - product)
        p -= learning_rate * (look_ahead + now) / (sqrt(v / (1 - beta_2**t)) + epsilon)
    return p


@pytest.mark.parametrize("spec", ["keras2/Nadam", "keras3/Nadam"])
def test_nadam_is_dozats_algorithm(spec):
    gradients = [1.0, -2.5, 0.25, 0.0, 4.0]
    hyper = {"learning_rate": 0.01, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
    own = {"schedule_decay": 0.25} if spec == "keras2/Nadam" else {}
    numbers = {name: exact(value) for name, value in {**hyper, **own}.items()}
    assert close(last(spec, 0.0, gradients, **hyper, **own), nadam(gradients, **numbers))


def test_nadams_product_is_that_of_the_scheduled_momenta():
    product = slot("mu_product", "keras3/Nadam", 0.0, [1.0, 1.0], beta_1=0.5)
    decay = exact(0.96)
    assert close(product, (1 - decay / 2) / 2 * (1 - decay**2 / 2) / 2)


# Everything


@pytest.mark.parametrize("special", [float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax"])
@pytest.mark.parametrize("system", ["keras2", "keras3"])
def test_a_gradient_that_is_nan_or_infinite_shows(system, name, special):
    assert not mpmath.isfinite(last(f"{system}/{name}", 1.0, [special]))
