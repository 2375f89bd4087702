"""TensorFlow 1's tf.contrib.opt against facts worked out by hand, in fractions and mpmath."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from mpmath import mpf, sqrt
from single import close, last, least, params, slot

import oracle
from oracle.errors import HyperparameterError, ShapeError

ADAMW = "tf.contrib.opt/AdamWOptimizer"
MOMENTUMW = "tf.contrib.opt/MomentumWOptimizer"
NAMES = oracle.specs("tf.contrib.opt")
each = pytest.mark.parametrize("id", NAMES)
DECAYING = [id for id in NAMES if "weight_decay" in oracle.spec(id).required]


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(60):
        yield


def equal(got, want: Fraction) -> bool:
    """The same number, a fraction with a power of two below its line."""
    return got == mpf(want.numerator) / want.denominator


# Decoupled weight decay


@pytest.mark.parametrize("id", DECAYING)
def test_weights_lose_their_share_at_a_rate_of_0(id):
    """2 * 3/4 * 3/4."""
    hyper = {**least(id), "weight_decay": 0.25, "learning_rate": 0.0}
    assert equal(last(id, 2.0, [1.0, 1.0], **hyper), Fraction(9, 8))


@pytest.mark.parametrize("id", DECAYING)
def test_the_decay_comes_before_the_update(id):
    """All of the weight decays, so that a step from 2 ends where one from 0 does."""
    hyper = {**least(id), "weight_decay": 1.0, "learning_rate": 0.5}
    assert last(id, 2.0, [1.0], **hyper) == last(id, 0.0, [1.0], **hyper) != 0


@pytest.mark.parametrize("id", DECAYING)
def test_a_variable_without_a_gradient_does_not_decay(id):
    hyper = {**least(id), "weight_decay": 0.5}
    run = oracle.trajectory(id, [2.0, 2.0], [[0.0, None]], hyper)
    assert [p.item() for p in run.params[1]] == [1, 2]


@pytest.mark.parametrize("id", DECAYING)
def test_without_decay_the_class_is_its_base(id):
    base = id.replace("tf.contrib.opt", "tf.train").replace("WOptimizer", "Optimizer")
    hyper = {**least(base), "learning_rate": 0.25}
    got = params(id, 2.0, [1.0, -3.0], **hyper, weight_decay=0.0)
    assert got == params(base, 2.0, [1.0, -3.0], **hyper)


def test_momentum_takes_its_step_from_the_decayed_weight():
    """1 * 3/4 - 1/4 * 2, then 1/4 * 3/4 - 1/4 (1/2 * 2 + 3)."""
    hyper = {"weight_decay": 0.25, "learning_rate": 0.25, "momentum": 0.5}
    first, second = params(MOMENTUMW, 1.0, [2.0, 3.0], **hyper)
    assert equal(first, Fraction(1, 4))
    assert equal(second, Fraction(-13, 16))
    assert slot("b", MOMENTUMW, 1.0, [2.0, 3.0], **hyper) == 4


def test_nesterov_takes_its_step_from_the_decayed_weight():
    """1 * 3/4 - 1/4 (2 + 1/2 * 2)."""
    hyper = {"weight_decay": 0.25, "learning_rate": 0.25, "momentum": 0.5, "use_nesterov": True}
    assert equal(last(MOMENTUMW, 1.0, [2.0], **hyper), Fraction(0))


def test_adamws_epsilon_stands_beside_the_uncorrected_root():
    """Moments 1 and 2, alpha sqrt(1/2) / (1/2), over sqrt(2) + 1/4, from 3/4 of 1."""
    hyper = {"learning_rate": 1.0, "beta1": 0.5, "beta2": 0.5, "epsilon": 0.25}
    step = (sqrt(mpf("0.5")) / mpf("0.5")) / (sqrt(mpf(2)) + mpf("0.25"))
    assert close(last(ADAMW, 1.0, [2.0], **hyper, weight_decay=0.25), mpf("0.75") - step)


def test_decay_is_not_in_the_slots():
    hyper = {**least(ADAMW), "beta1": 0.5, "beta2": 0.5}
    for name in ("m", "v"):
        assert slot(name, ADAMW, 5.0, [2.0], **hyper) == slot(name, ADAMW, 0.0, [2.0], **hyper)


# What all have in common


@each
def test_a_variable_without_a_gradient_rests_with_its_slots(id):
    run = oracle.trajectory(id, [1.0, 2.0], [[0.5, 0.5], [0.5, None]], least(id))
    assert run.params[2][1] == run.params[1][1]
    assert all(values[1] == run.slots[1][name][1] for name, values in run.slots[2].items())


@each
@pytest.mark.parametrize("row", [[None, None], []])
def test_a_step_without_any_gradient_is_refused(id, row):
    with pytest.raises(ShapeError) as refused:
        oracle.trajectory(id, [1.0] * len(row), [row], least(id))
    said = "step 1: tf.contrib.opt refuses a step without any gradient; give one"
    assert str(refused.value) == said


@each
def test_the_class_is_found_with_and_without_its_suffix(id):
    assert oracle.spec(id.removesuffix("Optimizer")) is oracle.spec(id.lower()) is oracle.spec(id)


@each
def test_what_has_no_default_is_demanded(id):
    spec = oracle.spec(id)
    if spec.required:
        with pytest.raises(HyperparameterError) as refused:
            spec.validate({})
        assert str(refused.value) == f"{id} needs {', '.join(spec.required)}: it has no default"
    assert spec.validate(least(id))


def test_a_decay_stands_first_and_has_no_default():
    assert oracle.spec(ADAMW).required == ("weight_decay",)
    assert oracle.spec(MOMENTUMW).required == ("weight_decay", "learning_rate", "momentum")
    assert all(next(iter(oracle.spec(id).arguments)) == "weight_decay" for id in DECAYING)


@pytest.mark.parametrize("id", DECAYING)
@pytest.mark.parametrize("value", [-1, 0, 2.5, "0.1", float("nan")])
def test_any_number_may_be_a_weight_decay(id, value):
    assert oracle.spec(id).validate({**least(id), "weight_decay": value})
