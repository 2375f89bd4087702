"""PyTorch's optimizers against facts worked out by hand, each in mpmath's own numbers."""

from __future__ import annotations

import mpmath
import pytest
from mpmath import mpf, sqrt
from single import close, exact, last, params, run, slot

import oracle
from oracle.errors import HyperparameterError

SGD, ADAM, ADAMW, ADAMAX = "torch/SGD", "torch/Adam", "torch/AdamW", "torch/Adamax"
NADAM, RADAM, RMSPROP = "torch/NAdam", "torch/RAdam", "torch/RMSprop"
ADAGRAD, ADADELTA = "torch/Adagrad", "torch/Adadelta"
OPTIMIZERS = [SGD, ADAM, ADAMW, ADAMAX, NADAM, RADAM, RMSPROP, ADAGRAD, ADADELTA]
each = pytest.mark.parametrize("id", OPTIMIZERS)


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(60):
        yield


# What all have in common


@each
def test_maximize_goes_the_other_way(id):
    down = run(id, 0.0, [2.0, -1.0, 3.0], lr=0.25, weight_decay=0.0)
    up = run(id, 0.0, [-2.0, 1.0, -3.0], lr=0.25, weight_decay=0.0, maximize=True)
    assert [step[0].item() for step in up.params] == [step[0].item() for step in down.params]


@each
def test_a_parameter_without_a_gradient_neither_moves_nor_counts(id):
    """Resting in the second step, it is where another one is that never heard of that step."""
    resting = oracle.trajectory(id, [1.0], [[2.0], [None], [3.0]], {"lr": 0.25})
    plain = oracle.trajectory(id, [1.0], [[2.0], [3.0]], {"lr": 0.25})
    assert resting.params[2] == resting.params[1]
    assert resting.params[3] == plain.params[2]


@each
def test_a_step_without_any_gradient_is_taken_by_nobody(id):
    assert oracle.trajectory(id, [1.0], [[None]], {}).params[1] == [1]


@pytest.mark.parametrize("id", [id for id in OPTIMIZERS if id != ADAMW])
def test_the_weight_decay_is_coupled(id):
    decayed = last(id, 2.0, [1.0], lr=0.25, weight_decay=0.5)
    assert decayed == last(id, 2.0, [2.0], lr=0.25)


@pytest.mark.parametrize("id", [ADAM, NADAM, RADAM])
def test_a_decoupled_decay_shrinks_the_weight_by_the_rate_first(id):
    hyper = {"lr": 0.25, "weight_decay": 0.5, "decoupled_weight_decay": True}
    assert last(id, 2.0, [1.0], **hyper) == last(id, 1.75, [1.0], lr=0.25)


@pytest.mark.parametrize(
    ("id", "wrong"),
    [
        (SGD, {"lr": -1.0}),
        (SGD, {"momentum": -0.5}),
        (SGD, {"weight_decay": -0.5}),
        (SGD, {"nesterov": True}),
        (SGD, {"nesterov": True, "momentum": 0.5, "dampening": 0.5}),
        (ADAM, {"lr": float("nan")}),
        (ADAM, {"betas": (1.0, 0.5)}),
        (ADAM, {"betas": (0.5, 1.0)}),
        (ADAM, {"betas": (0.5, -0.5)}),
        (ADAM, {"betas": (0, 0.5)}),
        (ADAM, {"betas": 0.5}),
        (ADAM, {"betas": (0.5, 0.5, 0.5)}),
        (ADAM, {"eps": -1e-8}),
        (NADAM, {"momentum_decay": -1.0}),
        (RMSPROP, {"alpha": -0.5}),
        (ADAGRAD, {"lr_decay": -1.0}),
        (ADAGRAD, {"initial_accumulator_value": -1.0}),
        (ADADELTA, {"rho": 1.5}),
    ],
)
def test_what_pytorch_refuses_is_refused(id, wrong):
    with pytest.raises(HyperparameterError, match="is refused"):
        oracle.spec(id).validate(wrong)


@pytest.mark.parametrize("given", [(0.0, 0.0), [0.5, 0.25]])
def test_betas_are_a_pair_of_floats_at_least_0_and_below_1(given):
    assert oracle.spec(ADAM).validate({"betas": given})["betas"] == given


# Gradient descent


def test_the_buffer_sums_gradients_without_the_rate():
    """1 - 1/4 * 2, then 1/2 - 1/4 (3 + 1/2 * 2)."""
    hyper = {"lr": 0.25, "momentum": 0.5}
    assert slot("b", SGD, 1.0, [2.0, 3.0], **hyper) == 4
    assert params(SGD, 1.0, [2.0, 3.0], **hyper) == [0.5, -0.5]


def test_dampening_spares_the_first_gradient():
    """The buffer is 2, then 2/2 + 3/4 * 4."""
    hyper = {"lr": 0.25, "momentum": 0.5, "dampening": 0.25}
    assert params(SGD, 1.0, [2.0, 4.0], **hyper) == [0.5, -0.5]


def test_the_first_gradient_of_a_parameter_is_spared_whenever_it_comes():
    hyper = {"lr": 0.25, "momentum": 0.5, "dampening": 0.25}
    late = oracle.trajectory(SGD, [1.0, 1.0], [[2.0, None], [4.0, 2.0]], hyper)
    assert [p.item() for p in late.params[2]] == [-0.5, 0.5]


def test_nesterov_adds_a_share_of_the_new_buffer():
    """1 - 1/4 (2 + 1/2 * 2), then 1/4 - 1/4 (3 + 1/2 * 4)."""
    hyper = {"lr": 0.25, "momentum": 0.5, "nesterov": True}
    assert params(SGD, 1.0, [2.0, 3.0], **hyper) == [0.25, -1]


def test_a_weight_decay_and_maximize_pull_apart():
    """The gradient is turned around, and the decay is not: 2 - 1/4 (-1 + 1/2 * 2)."""
    assert last(SGD, 2.0, [1.0], lr=0.25, weight_decay=0.5, maximize=True) == 2


# Adam and its kin


def test_adams_epsilon_stands_beside_the_corrected_root():
    """m_hat is 2 and v_hat is 4 after one step: 1 - 1/2 * 2 / (2 + 2)."""
    assert close(last(ADAM, 1.0, [2.0], lr=0.5, eps=2.0), mpf("0.75"))


def test_adams_second_step():
    """m = 3/8 + 1/2 over 1 - 1/4, v = 3/16 + 1/4 over 1 - 9/16, with gradients of 1 and 1."""
    hyper = {"lr": 0.5, "eps": 1.0, "betas": (0.5, 0.75)}
    assert params(ADAM, 1.0, [1.0, 1.0], **hyper) == [0.75, 0.5]


def test_amsgrad_keeps_the_largest_second_moment_uncorrected():
    """v is 2, then 1, and the largest one over 1 - 1/4 is 8/3."""
    hyper = {"lr": 0.5, "eps": 0.0, "betas": (0.0, 0.5), "amsgrad": True}
    assert slot("v", ADAM, 0.0, [2.0, 0.0], **hyper) == 1
    assert slot("v_max", ADAM, 0.0, [2.0, 0.0], **hyper) == 2
    two = last(ADAM, 0.0, [2.0, 1.0], **hyper) - last(ADAM, 0.0, [2.0], **hyper)
    assert close(two, -1 / sqrt(mpf(8) / 3) / 2)


def test_adamw_decays_by_a_hundredth_of_the_rate_by_default():
    assert close(last(ADAMW, 2.0, [0.0], lr=0.25), 2 * (1 - exact(0.01) / 4))


def test_adamax_has_its_epsilon_in_the_maximum():
    """u = 2 + 2, then the larger of 3/4 * 4 and 0 + 2; m_hat is 2, then 1/2 over 3/4."""
    hyper = {"lr": 0.5, "eps": 2.0, "betas": (0.5, 0.75)}
    assert params(ADAMAX, 1.0, [2.0], **hyper) == [0.75]
    assert slot("u", ADAMAX, 1.0, [2.0, 0.0], **hyper) == 3
    assert close(last(ADAMAX, 1.0, [2.0, 0.0], **hyper), mpf("0.75") - mpf(2) / 3 / 3 / 2)


def test_nadam_without_a_warming_momentum():
    """With momentum_decay=0 mu is beta_1 / 2 = 1/4 for ever.

    Their products are 1/4 and 1/16, m is 1, and v_hat 4: 3/4 * 2 / (3/4) + 1/4 / (15/16).
    """
    hyper = {"lr": 0.5, "eps": 0.0, "betas": (0.5, 0.75), "momentum_decay": 0.0}
    assert slot("mu_product", NADAM, 1.0, [2.0], **hyper) == mpf("0.25")
    assert close(last(NADAM, 1.0, [2.0], **hyper), 1 - (2 + mpf(4) / 15) / 2 / 2)


def test_nadams_products_belong_to_the_parameters():
    late = oracle.trajectory(NADAM, [1.0, 1.0], [[2.0, None], [2.0, 2.0]], {"lr": 0.5})
    one, other = late.slots[2]["mu_product"]
    assert other == slot("mu_product", NADAM, 1.0, [2.0])
    assert one == slot("mu_product", NADAM, 1.0, [2.0, 2.0])
    assert late.params[2][1] == late.params[1][0]


def test_radam_begins_with_momentum_alone():
    """m_hat is 2, whatever the second moment is."""
    assert last(RADAM, 1.0, [2.0], lr=0.25) == mpf("0.5")


def test_radam_rectifies_from_the_sixth_step_on_by_default():
    """rho is t minus nearly nothing: 5 steps are not above 5, and the sixth one is."""
    steps = params(RADAM, 0.0, [2.0] * 6, lr=0.25)
    assert all(close(step, -k * mpf("0.5")) for k, step in enumerate(steps[:5], 1))
    beta, t = exact(0.999), 6
    inf = 2 / (1 - beta) - 1
    rho = inf - 2 * t * beta**t / (1 - beta**t)
    rect = sqrt((rho - 4) * (rho - 2) * inf / ((inf - 4) * (inf - 2) * rho))
    v = 4 * (1 - beta**t)
    went = 2 * rect * sqrt(1 - beta**t) / (sqrt(v) + exact(1e-8)) / 4
    assert close(steps[5] - steps[4], -went)


# RMSprop, Adagrad and Adadelta


def test_rmsprop_has_its_epsilon_outside_the_root():
    """v = 1/4 * 4, so that the direction is 2 / (1 + 1)."""
    assert last(RMSPROP, 1.0, [2.0], lr=0.5, alpha=0.75, eps=1.0) == mpf("0.5")


def test_centered_rmsprop_divides_by_the_deviation():
    """v = 1/2 * 4 and its mean 1/2 * 2: the deviation is 1."""
    hyper = {"lr": 0.5, "alpha": 0.5, "eps": 1.0, "centered": True}
    assert slot("mg", RMSPROP, 1.0, [2.0], **hyper) == 1
    assert last(RMSPROP, 1.0, [2.0], **hyper) == mpf("0.5")


@pytest.mark.parametrize("centered", [False, True])
def test_rmsprops_buffer_gathers_directions_without_the_rate(centered):
    """The direction is 1, and then 0 / something + 1/2."""
    hyper = {"lr": 0.5, "alpha": 0.5 if centered else 0.75, "eps": 1.0, "momentum": 0.5}
    assert slot("b", RMSPROP, 1.0, [2.0], centered=centered, **hyper) == 1
    assert last(RMSPROP, 1.0, [2.0, 0.0], centered=centered, **hyper) == mpf("0.25")


def test_adagrad_sums_from_zero_with_its_epsilon_outside_the_root():
    assert last(ADAGRAD, 1.0, [2.0], lr=0.5, eps=2.0) == mpf("0.75")
    assert slot("a", ADAGRAD, 1.0, [2.0], initial_accumulator_value=0.5) == mpf("4.5")


def test_adagrads_rate_falls_from_the_second_step_on():
    """1 - 1/2, and then by 4 / 5 of a half of 2/3 of the rate."""
    steps = params(ADAGRAD, 1.0, [3.0, 4.0], lr=0.5, eps=0.0, lr_decay=0.5)
    assert close(steps[0], mpf("0.5"))
    assert close(steps[1], mpf("0.5") - mpf(4) / 5 / 2 / mpf("1.5"))


def test_adadelta_goes_by_the_ratio_of_two_roots():
    """a = 1/4 * 4: sqrt(0 + 3) / sqrt(1 + 3) * 2, and a quarter of its square is kept."""
    hyper = {"rho": 0.75, "eps": 3.0}
    assert close(last(ADADELTA, 1.0, [2.0], **hyper), 1 - sqrt(mpf(3)))
    assert close(slot("d", ADADELTA, 1.0, [2.0], **hyper), mpf("0.75"))
