"""TensorFlow 1's tf.contrib.opt against facts worked out by hand, in fractions and mpmath."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from mpmath import mpf, sqrt
from single import close, last, least, params, slot

import oracle
from oracle.errors import HyperparameterError
from oracle.systems.tf1.contrib.signs import log_base

ADAMW = "tf.contrib.opt/AdamWOptimizer"
MOMENTUMW = "tf.contrib.opt/MomentumWOptimizer"
ADAMAX = "tf.contrib.opt/AdaMaxOptimizer"
NADAM = "tf.contrib.opt/NadamOptimizer"
LAZY = "tf.contrib.opt/LazyAdamOptimizer"
REG = "tf.contrib.opt/RegAdagradOptimizer"
ADDSIGN = "tf.contrib.opt/AddSignOptimizer"
POWERSIGN = "tf.contrib.opt/PowerSignOptimizer"
LARS = "tf.contrib.opt/LARSOptimizer"
OF_MATRICES = ("ShampooOptimizer", "GGTOptimizer")
"""They take no scalars, which most tests here are about."""
NAMES = [
    id
    for id in oracle.specs("tf.contrib.opt")
    if not oracle.spec(id).wraps and not id.endswith(OF_MATRICES)
]
each = pytest.mark.parametrize("id", NAMES)
DECAYING = [id for id in NAMES if "weight_decay" in oracle.spec(id).required]
EXTENDED = "extend_with_decoupled_weight_decay."
SOLVED = ("FtrlOptimizer", "AdagradDAOptimizer")
"""Their weights are solved anew, so that what a decay leaves is not seen in them."""
FROM_THE_WEIGHT = [id for id in DECAYING if not id.endswith(SOLVED)]


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(60):
        yield


def equal(got, want: Fraction) -> bool:
    """The same number, a fraction with a power of two below its line."""
    return got == mpf(want.numerator) / want.denominator


# Decoupled weight decay


@pytest.mark.parametrize("id", [i for i in FROM_THE_WEIGHT if "ProximalAda" not in i])
def test_weights_lose_their_share_at_a_rate_of_0(id):
    """2 * 3/4 * 3/4."""
    hyper = {**least(id), "weight_decay": 0.25, "learning_rate": 0.0}
    assert equal(last(id, 2.0, [1.0, 1.0], **hyper), Fraction(9, 8))


@pytest.mark.parametrize("id", DECAYING)
def test_the_decay_comes_before_the_update(id):
    """All of the weight decays, so that a step from 2 ends where one from 0 does."""
    hyper = {**least(id), "weight_decay": 1.0, "learning_rate": 0.5}
    assert last(id, 2.0, [1.0], **hyper) == last(id, 0.0, [1.0], **hyper) != 0


@pytest.mark.parametrize("id", FROM_THE_WEIGHT)
def test_a_variable_without_a_gradient_does_not_decay(id):
    hyper = {**least(id), "weight_decay": 0.5}
    run = oracle.trajectory(id, [2.0, 2.0], [[0.0, None]], hyper)
    assert [p.item() for p in run.params[1]] == [1, 2]


@pytest.mark.parametrize("id", DECAYING)
def test_without_decay_the_class_is_its_base(id):
    base = id.replace("WOptimizer", "Optimizer").replace(EXTENDED, "")
    of_train = base.replace("tf.contrib.opt", "tf.train")
    base = of_train if of_train in oracle.specs() else base
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


# The heirs of Adam and Adagrad


def test_adamax_divides_by_the_largest_faded_gradient():
    """Mean 1, norm 2 and correction 1/2: 1/4 / (1/2) * 1 / (2 + 2) from 1."""
    hyper = {"learning_rate": 0.25, "beta1": 0.5, "beta2": 0.75, "epsilon": 2.0}
    assert equal(last(ADAMAX, 1.0, [2.0], **hyper), Fraction(7, 8))
    assert equal(slot("u", ADAMAX, 1.0, [2.0, 1.0], **hyper), Fraction(3, 2))
    assert equal(slot("u", ADAMAX, 1.0, [2.0, -5.0], **hyper), Fraction(5))
    assert equal(slot("m", ADAMAX, 1.0, [2.0, 1.0], **hyper), Fraction(1))


def test_adamax_forgets_a_gradient_that_is_nan_in_its_norm_alone():
    hyper = {"beta1": 0.5, "beta2": 0.75}
    gradients = [2.0, float("nan"), 0.5]
    assert equal(slot("u", ADAMAX, 1.0, gradients, **hyper), Fraction(9, 8))
    assert mpmath.isnan(slot("m", ADAMAX, 1.0, gradients, **hyper))
    assert mpmath.isnan(last(ADAMAX, 1.0, gradients, **hyper))


def test_nadam_looks_ahead_by_beta1_without_a_schedule():
    """Mean 1 and square 2; 1/2 * 1 + 1/2 * 2 times sqrt(1/2) / (1/2), over sqrt(2) + 1/4."""
    hyper = {"learning_rate": 1.0, "beta1": 0.5, "beta2": 0.5, "epsilon": 0.25}
    alpha = sqrt(mpf("0.5")) / mpf("0.5")
    assert close(last(NADAM, 0.0, [2.0], **hyper), -alpha * 1.5 / (sqrt(mpf(2)) + 0.25))
    assert slot("m", NADAM, 0.0, [2.0], **hyper) == 1
    assert slot("v", NADAM, 0.0, [2.0], **hyper) == 2


def test_nadams_second_step_corrects_both_parts_by_the_same_power():
    """Mean 1/2 * 1 + 1/2 * 4, square 1/2 * 2 + 1/2 * 16, both corrected by 3/4."""
    hyper = {"learning_rate": 1.0, "beta1": 0.5, "beta2": 0.5, "epsilon": 0.0}
    first, second = params(NADAM, 0.0, [2.0, 4.0], **hyper)
    ahead = mpf("0.5") * mpf("2.5") + mpf("0.5") * 4
    assert close(second - first, -(sqrt(mpf("0.75")) / mpf("0.75")) * ahead / sqrt(mpf(9)))


@pytest.mark.parametrize(
    ("id", "base"), [(LAZY, "tf.train/AdamOptimizer"), (REG, "tf.train/AdagradOptimizer")]
)
def test_on_dense_gradients_the_class_is_its_base(id, base):
    gradients = [1.0, 0.0, -3.0]
    assert params(id, 2.0, gradients, **least(id)) == params(base, 2.0, gradients, **least(base))
    for name, argument in oracle.spec(base).arguments.items():
        assert oracle.spec(id).arguments[name] == argument


def test_reg_adagrad_divides_by_the_root_alone():
    """3/10 of the way: 1/2 * 3 / sqrt(16 + 9)."""
    hyper = {"learning_rate": 0.5, "initial_accumulator_value": 16.0}
    assert close(last(REG, 1.0, [3.0], **hyper), mpf("0.7"))
    assert slot("a", REG, 1.0, [0.0], learning_rate=0.5) == mpf(0.1)


@pytest.mark.parametrize("id", [ADAMAX, NADAM, LAZY])
def test_powers_move_on_for_a_variable_that_waits(id):
    """Its first gradient comes at the second step: another length than at the first."""
    run = oracle.trajectory(id, [0.0, 0.0], [[2.0, None], [2.0, 2.0]], {"epsilon": 0.5})
    assert run.params[1][1] == 0
    assert 0 > run.params[2][1] != run.params[1][0]


# AddSign and PowerSign


def test_add_sign_adds_the_agreement_to_alpha():
    """Means 1 and 1/4: the signs of gradient and mean agree, then disagree."""
    hyper = {"learning_rate": 0.5, "alpha": 0.25, "beta": 0.5}
    first, second = params(ADDSIGN, 0.0, [2.0, -0.5], **hyper)
    assert equal(first, -Fraction(1, 2) * Fraction(5, 4) * 2)
    assert equal(second - first, Fraction(1, 2) * Fraction(-3, 4) * Fraction(1, 2))
    assert equal(slot("m", ADDSIGN, 0.0, [2.0, -0.5], **hyper), Fraction(1, 4))


def test_power_sign_raises_its_base_to_the_agreement():
    """Powers 4 and 1/4 of the base 4, to the 15 digits that a double has of its logarithm."""
    hyper = {"learning_rate": 0.5, "base": 4.0, "beta": 0.5}
    first, second = params(POWERSIGN, 0.0, [2.0, -0.5], **hyper)
    assert abs(first + mpf(4)) < mpf(10) ** -15
    assert abs(second - first - mpf(1) / 16) < mpf(10) ** -15
    assert equal(slot("m", POWERSIGN, 0.0, [2.0, -0.5], **hyper), Fraction(1, 4))


def test_the_logarithm_of_the_base_is_a_double():
    """That of the double nearest to e is 1 + 5e-17 or so, which rounds to 1."""
    assert close(last(POWERSIGN, 0.0, [1.0], learning_rate=1.0), -mpmath.e)
    assert log_base({"base": "2.0"}) == float(mpmath.log(2))
    assert [log_base({"base": b}) for b in (float("inf"), 1)] == [float("inf"), 0]


@pytest.mark.parametrize(("id", "factor"), [(ADDSIGN, mpf(0.25)), (POWERSIGN, 1)])
def test_a_mean_of_0_has_the_sign_0(id, factor):
    """With beta 1 the mean stays 0; so it is after 2 and -1 with beta 1/2."""
    own = {"alpha": 0.25} if id == ADDSIGN else {"base": 4.0}
    assert last(id, 0.0, [2.0], learning_rate=0.5, beta=1.0, **own) == -factor
    first, second = params(id, 0.0, [2.0, -1.0], learning_rate=0.5, beta=0.5, **own)
    assert close(second - first, factor / 2)


@pytest.mark.parametrize("id", [ADDSIGN, POWERSIGN])
def test_the_mean_is_not_corrected_and_a_zero_gradient_moves_nothing(id):
    assert equal(slot("m", id, 0.0, [2.0], beta=0.75), Fraction(1, 2))
    first, second = params(id, 0.0, [2.0, 0.0])
    assert first == second != 0


@pytest.mark.parametrize("value", [0, -1.0, "0"])
def test_a_base_must_have_a_logarithm(value):
    with pytest.raises(HyperparameterError, match=r"it must lie in \(0, inf\]"):
        oracle.spec(POWERSIGN).validate({"base": value})


# LARS


def lars(gradient, start=(3.0, 4.0), **hyper):
    """The trajectory of one step of a vector, by default of norm 5."""
    given = {"learning_rate": 0.5, "weight_decay": 0.5, "eeta": 1.5, "epsilon": 2.5, **hyper}
    return oracle.trajectory(LARS, [list(start)], [[list(gradient)]], given)


def test_lars_scales_the_rate_by_the_norms():
    """Norms 5 and 10: 3/2 * 5 / (10 + 1/2 * 5 + 5/2) is 1/2, times 1/2, times g + p/2."""
    run = lars([6.0, 8.0])
    want = [Fraction(1, 4) * (6 + Fraction(3, 2)), Fraction(1, 4) * (8 + 2)]
    assert all(map(equal, run.slots[1]["b"][0], want))
    assert all(map(equal, run.params[1][0], [3 - want[0], 4 - want[1]]))


def test_nesterov_adds_a_share_of_the_new_buffer():
    """The step and half of the buffer, which is the step again."""
    plain, ahead = (
        lars([6.0, 8.0], momentum=0.5, use_nesterov=nesterov).params[1][0]
        for nesterov in (False, True)
    )
    assert [3 - ahead[0], 4 - ahead[1]] == [(3 - plain[0]) * 1.5, (4 - plain[1]) * 1.5]


def test_weights_of_norm_0_are_trusted():
    assert lars([6.0, 8.0], start=[0.0, 0.0]).params[1][0].tolist() == [-3, -4]


def test_a_gradient_of_0_leaves_the_decay_at_the_whole_rate():
    """3/4 of each: 1/2 * 1/2 is lost."""
    run = lars([0.0, 0.0])
    assert all(map(equal, run.params[1][0], [Fraction(9, 4), Fraction(3)]))


def test_a_gradient_with_nan_is_trusted_elsewhere():
    """8 + 1/2 * 4 at the rate 1/2."""
    first, second = lars([float("nan"), 8.0]).params[1][0]
    assert mpmath.isnan(first)
    assert second == -1


@pytest.mark.parametrize("name", ["momentum", "weight_decay"])
def test_lars_refuses_what_is_negative(name):
    with pytest.raises(HyperparameterError, match=r"it must lie in \[0, inf\]"):
        oracle.spec(LARS).validate({"learning_rate": 0.1, name: -0.5})
    assert oracle.spec(LARS).validate({"learning_rate": -0.1, "eeta": -1, name: 0})


def test_elements_of_lars_are_coupled_and_of_no_other_class():
    coupled = [id for id in NAMES if oracle.spec(id).program(least(id)).couples_elements]
    assert coupled == [LARS]


# What all have in common


@each
def test_a_variable_without_a_gradient_rests_with_its_slots(id):
    run = oracle.trajectory(id, [1.0, 2.0], [[0.5, 0.5], [0.5, None]], least(id))
    assert run.params[2][1] == run.params[1][1]
    assert all(values[1] == run.slots[1][name][1] for name, values in run.slots[2].items())


def test_a_decay_stands_first_and_has_no_default():
    assert oracle.spec(ADAMW).required == ("weight_decay",)
    assert oracle.spec(MOMENTUMW).required == ("weight_decay", "learning_rate", "momentum")
    assert all(next(iter(oracle.spec(id).arguments)) == "weight_decay" for id in DECAYING)


@pytest.mark.parametrize("id", DECAYING)
@pytest.mark.parametrize("value", [-1, 0, 2.5, "0.1", float("nan")])
def test_any_number_may_be_a_weight_decay(id, value):
    assert oracle.spec(id).validate({**least(id), "weight_decay": value})
