"""TensorFlow 1's tf.train against facts worked out by hand, each in mpmath's own numbers."""

from __future__ import annotations

import itertools

import mpmath
import pytest
from mpmath import mpf, sqrt
from single import close, exact, last, least, params, slot

import oracle
from oracle.errors import HyperparameterError

GD = "tf.train/GradientDescentOptimizer"
MOMENTUM = "tf.train/MomentumOptimizer"
ADAGRAD = "tf.train/AdagradOptimizer"
ADADELTA = "tf.train/AdadeltaOptimizer"
ADAM = "tf.train/AdamOptimizer"
RMSPROP = "tf.train/RMSPropOptimizer"
NAMES = [id for id in oracle.specs("tf.train") if id != "tf.train/SyncReplicasOptimizer"]
each = pytest.mark.parametrize("id", NAMES)


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(60):
        yield


# Gradient descent and momentum


def test_gradient_descent_goes_down_the_gradient():
    assert params(GD, 1.0, [2.0, -4.0], learning_rate=0.25) == [0.5, 1.5]


def test_the_momentum_buffer_sums_gradients_without_the_rate():
    hyper = {"learning_rate": 0.25, "momentum": 0.5}
    assert slot("b", MOMENTUM, 1.0, [2.0, 3.0], **hyper) == 4
    assert params(MOMENTUM, 1.0, [2.0, 3.0], **hyper) == [0.5, -0.5]


def test_nesterov_adds_the_gradient_to_a_share_of_the_new_buffer():
    """1 - 1/4 (2 + 1/2 * 2), then 1/4 - 1/4 (3 + 1/2 * 4)."""
    hyper = {"learning_rate": 0.25, "momentum": 0.5, "use_nesterov": True}
    assert params(MOMENTUM, 1.0, [2.0, 3.0], **hyper) == [0.25, -1]


def test_nesterov_without_momentum_is_plain_descent():
    hyper = {"learning_rate": 0.25, "momentum": 0.0, "use_nesterov": True}
    assert params(MOMENTUM, 1.0, [2.0, 3.0], **hyper) == [0.5, -0.25]


# Adagrad and Adadelta


def test_adagrads_sum_of_squares_starts_at_a_tenth():
    assert slot("a", ADAGRAD, 1.0, [0.0], learning_rate=0.5) == exact(0.1)


def test_adagrad_divides_by_the_root_alone():
    hyper = {"learning_rate": 0.5, "initial_accumulator_value": 16.0}
    assert close(last(ADAGRAD, 1.0, [3.0], **hyper), mpf("0.7"))
    tiny = last(ADAGRAD, 0.0, [1e-30], learning_rate=1.0, initial_accumulator_value=1e-80)
    assert abs(tiny + 1) < mpf(10) ** -15


def test_adadelta_takes_the_old_updates_over_the_new_squares():
    """Squares 1/2 * 1, so 1 * sqrt(1/4) / sqrt(1/2 + 1/4), of which half the square is kept."""
    hyper = {"learning_rate": 1.0, "rho": 0.5, "epsilon": 0.25}
    delta = mpf("0.5") / sqrt(mpf("0.75"))
    assert close(last(ADADELTA, 0.0, [1.0], **hyper), -delta)
    assert close(slot("d", ADADELTA, 0.0, [1.0], **hyper), delta**2 / 2)
    assert slot("a", ADADELTA, 0.0, [1.0], **hyper) == 0.5


# Adam and RMSprop


def test_adams_epsilon_stands_beside_the_uncorrected_root():
    """Moments 1 and 2, alpha sqrt(1/2) / (1/2), over sqrt(2) + 1/4."""
    hyper = {"learning_rate": 1.0, "beta1": 0.5, "beta2": 0.5, "epsilon": 0.25}
    want = -(sqrt(mpf("0.5")) / mpf("0.5")) / (sqrt(mpf(2)) + mpf("0.25"))
    assert close(last(ADAM, 0.0, [2.0], **hyper), want)


def test_each_beta_of_adam_belongs_to_its_moment():
    hyper = {"beta1": 0.75, "beta2": 0.5}
    assert slot("m", ADAM, 0.0, [2.0, 4.0], **hyper) == mpf("0.75") * mpf("0.5") + 1
    assert slot("v", ADAM, 0.0, [2.0, 4.0], **hyper) == mpf("0.5") * 2 + 8


def test_adams_powers_move_on_for_a_variable_that_waits():
    """After a step without it, a variable's first step is corrected for the second power."""
    hyper = {"learning_rate": 1.0, "beta1": 0.5, "beta2": 0.5, "epsilon": 0.0}
    run = oracle.trajectory(ADAM, [0.0, 0.0], [[2.0, None], [2.0, 2.0]], hyper)
    assert run.params[1][1] == 0
    assert run.slots[1]["v"][1] == 0
    want = -(sqrt(mpf("0.75")) / mpf("0.75")) / sqrt(mpf(2))
    assert close(run.params[2][1].item(), want)


def test_the_mean_square_of_rmsprop_starts_at_one():
    hyper = {"learning_rate": 0.5, "decay": 0.75, "epsilon": 0.0}
    assert slot("v", RMSPROP, 0.0, [0.0], **hyper) == 0.75
    assert close(last(RMSPROP, 0.0, [3.0], **hyper), mpf(-3) / 2 / sqrt(mpf(3)))


def test_rmsprops_epsilon_is_under_the_root():
    hyper = {"learning_rate": 0.5, "decay": 0.75, "epsilon": 1.0}
    assert last(RMSPROP, 0.0, [3.0], **hyper) == mpf(-3) / 4


def test_rmsprops_buffer_holds_the_rate():
    hyper = {"learning_rate": 0.5, "decay": 0.75, "momentum": 0.5, "epsilon": 1.0}
    first, second = params(RMSPROP, 0.0, [3.0, 0.0], **hyper)
    assert second - first == first / 2
    assert slot("b", RMSPROP, 0.0, [3.0], **hyper) == mpf(3) / 4


def test_centered_rmsprop_subtracts_the_square_of_the_mean():
    """Mean square 1/2 + 9/2, mean 3/2: 5 - 9/4 + 5/4 is 4."""
    hyper = {"learning_rate": 0.5, "decay": 0.5, "epsilon": 1.25, "centered": True}
    assert slot("mg", RMSPROP, 0.0, [3.0], **hyper) == 1.5
    assert last(RMSPROP, 0.0, [3.0], **hyper) == mpf(-3) / 4


# What all have in common


@each
def test_a_variable_without_a_gradient_rests_with_its_slots(id):
    run = oracle.trajectory(id, [1.0, 2.0], [[0.5, 0.5], [0.5, None]], least(id))
    assert run.params[2][1] == run.params[1][1]
    own = {name for name, slot in run.spec.program(least(id)).slots.items() if not slot.scalar}
    assert all(run.slots[2][name][1] == run.slots[1][name][1] for name in own)


FREE = ("AdadeltaOptimizer", "AdamOptimizer")


def test_only_adam_and_adadelta_have_a_learning_rate_by_default():
    alone = [oracle.spec(id) for id in NAMES if not oracle.spec(id).wraps]
    rates = {spec.name for spec in alone if "learning_rate" not in spec.required}
    assert rates == set(FREE)
    assert oracle.spec(MOMENTUM).required == ("learning_rate", "momentum")


REFUSED = [
    ("MomentumOptimizer", "use_nesterov", 1, "it must be True or False"),
    ("AdagradOptimizer", "initial_accumulator_value", 0.0, "it must lie in (0, inf]"),
    ("AdagradDAOptimizer", "initial_gradient_squared_accumulator_value", -1.0, "in (0, inf]"),
    ("ProximalAdagradOptimizer", "initial_accumulator_value", 0.0, "it must lie in (0, inf]"),
    ("ProximalAdagradOptimizer", "learning_rate", 0.0, "it must lie in (0, inf]"),
    ("ProximalAdagradOptimizer", "learning_rate", float("nan"), "it must not be NaN"),
    ("ProximalAdagradOptimizer", "l1_regularization_strength", -0.5, "it must lie in [0, inf]"),
    ("ProximalAdagradOptimizer", "l2_regularization_strength", 1, "it must be a float"),
    ("ProximalGradientDescentOptimizer", "learning_rate", 1, "it must be a float"),
    ("FtrlOptimizer", "learning_rate", 0.0, "it must lie in (0, inf]"),
    ("FtrlOptimizer", "learning_rate_power", 0.5, "it must lie in [-inf, 0]"),
    ("FtrlOptimizer", "learning_rate_power", float("nan"), "it must not be NaN"),
    ("FtrlOptimizer", "initial_accumulator_value", -0.5, "it must lie in [0, inf]"),
    ("FtrlOptimizer", "l1_regularization_strength", -0.5, "it must lie in [0, inf]"),
    ("FtrlOptimizer", "l2_regularization_strength", -0.5, "it must lie in [0, inf]"),
    ("FtrlOptimizer", "l2_shrinkage_regularization_strength", -0.5, "it must lie in [0, inf]"),
]


@pytest.mark.parametrize(("name", "argument", "value", "sentence"), REFUSED)
def test_what_the_library_refuses_is_refused(name, argument, value, sentence):
    id = f"tf.train/{name}"
    with pytest.raises(HyperparameterError) as refused:
        oracle.spec(id).validate({**least(id), argument: value})
    assert str(refused.value).startswith(f"{id}: {argument}={value!r} is refused: ")
    assert sentence in str(refused.value)


ACCEPTED = [
    (GD, "learning_rate", -1),
    (MOMENTUM, "momentum", 2),
    (MOMENTUM, "use_nesterov", None),
    (ADAM, "beta1", 1),
    (RMSPROP, "centered", 1),
    ("tf.train/AdagradDAOptimizer", "l1_regularization_strength", -1),
    ("tf.train/ProximalGradientDescentOptimizer", "l1_regularization_strength", -1.0),
    ("tf.train/FtrlOptimizer", "initial_accumulator_value", 0),
]


@pytest.mark.parametrize(("id", "argument", "value"), ACCEPTED)
def test_what_the_library_takes_is_taken(id, argument, value):
    assert oracle.spec(id).validate({**least(id), argument: value})[argument] == value


def test_rules_that_look_alike_have_names_of_their_own():
    """The forms of different libraries are compared by their names, so none is used for two.

    What returns a direction is no form of what moves a parameter, and may be called like one.
    """
    forms = [form for id in oracle.specs() for form in oracle.spec(id).forms.values()]

    def called(form):
        return (".directions." in form.function.__module__, form.name)

    by_name = itertools.groupby(sorted(forms, key=called), key=called)
    assert all(len({id(form) for form in same}) == 1 for _, same in by_name)
