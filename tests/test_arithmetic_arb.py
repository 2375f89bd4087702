"""The second witness: every ball of Arb contains what mpmath computes."""

from __future__ import annotations

import itertools
import math
import operator
from functools import partial
from random import Random

import flint
import numpy as np
import pytest
from arithmetics import depths, examples, seeds
from hypothesis import given
from trees import BASIC, FUNCTIONS, SWITCHES, evaluate, grown

from oracle.arithmetic.arb import Arb, scalar
from oracle.arithmetic.mp import Mp
from oracle.dtypes import float_type

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

TRUTH = Mp(150)
SPECIAL = (0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 0.5, -0.5, 2.0, -2.0, 3.0, -2.5)
PAIRS = list(itertools.product(SPECIAL, SPECIAL))
OPERATIONS = pytest.mark.parametrize(
    "operations", [BASIC, SWITCHES, FUNCTIONS], ids=["basic", "switches", "functions"]
)


def contains(ball, number):
    """Whether a ball contains a number of mpmath; NaN encloses everything."""
    if ball.is_nan():
        return True
    if not TRUTH.context.isfinite(number):
        return float(ball.mid()) == float(number) or not math.isfinite(float(ball.rad()))
    return ball.contains(scalar(number))


def assert_enclosed(compute, *operands, digits=30):
    """Compute in both arithmetics and compare element by element, at many digits."""
    with Arb(digits) as arb:
        balls = np.broadcast_to(compute(arb).data, np.shape(compute(TRUTH).data))
    with Arb(400):
        exact = np.asarray(compute(TRUTH).data)
        assert all(map(contains, balls.flat, exact.flat)), operands


def one(name, a, xp):
    return getattr(xp, name)(xp.array(a))


def two(name, a, b, xp):
    return getattr(xp, name)(xp.array(a), xp.array(b))


def smaller_is_7(holds, a, b, xp):
    return xp.where(holds(xp.array(a), xp.array(b)), xp.array(7.0), xp.array(a))


@OPERATIONS
@examples(200)
@given(seed=seeds, depth=depths)
def test_the_truth_of_any_formula_lies_in_its_ball(operations, seed, depth):
    tree = grown(Random(seed), float_type("float64"), operations, depth=depth)
    assert_enclosed(lambda xp: evaluate(xp, tree))


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "divide", "power", "maximum"])
def test_balls_enclose_special_values_of_two(name):
    for a, b in PAIRS:
        assert_enclosed(partial(two, name, a, b), a, b)


@pytest.mark.parametrize("name", ["square", "negative", "sqrt", "exp", "log", "cos", "floor"])
def test_balls_enclose_special_values_of_one(name):
    for a in SPECIAL:
        assert_enclosed(partial(one, name, a), a)


@pytest.mark.parametrize("name", ["abs", "sign", "sum", "norm", "ceil"])
def test_balls_enclose_what_needs_no_rounding(name):
    for a in SPECIAL:
        assert_enclosed(partial(one, name, [a]), a)


@pytest.mark.parametrize("holds", [operator.lt, operator.le])
def test_an_undecided_comparison_encloses_both_branches(holds):
    for a, b in PAIRS:
        assert_enclosed(partial(smaller_is_7, holds, a, b), a, b)


def test_a_switch_within_the_ball_gives_both_sides():
    def at_the_switch(xp):
        third = xp.constant(1) / xp.constant(3)
        return third * 3 - 1

    with Arb(30) as xp:
        nothing = at_the_switch(xp)
        assert xp.sign(nothing).data.item().contains(0)
        assert xp.where(nothing < 0, 10, 20).data.item().contains(10)
        assert xp.where(nothing < 0, 10, 20).data.item().contains(20)


def test_matrix_products_are_enclosed():
    a, b = np.array([[0.1, 0.2], [0.3, 0.4]]), np.array([[0.5], [0.6]])
    assert_enclosed(lambda xp: xp.matmul(xp.array(a), xp.array(b)))


def test_strings_are_enclosed_at_their_decimal_value():
    assert_enclosed(lambda xp: xp.constant("0.1") + xp.constant(0.1))


def test_integers_beyond_float64_are_enclosed_exactly():
    assert_enclosed(lambda xp: xp.array(np.array([2**62 + 1])))


def test_pi_is_enclosed():
    assert_enclosed(lambda xp: xp.pi * 1)


def test_the_users_own_precision_is_restored():
    before = flint.ctx.prec
    with Arb(77):
        assert flint.ctx.dps == 77
    assert flint.ctx.prec == before


def test_balls_are_narrow():
    with Arb(60) as xp:
        ball = evaluate(xp, ("sqrt", ("+", ("hyper", 0.1), ("hyper", 0.2)))).data.item()
    assert ball.rel_accuracy_bits() > 190


def test_a_power_of_what_may_be_0_reaches_from_it():
    with Arb(30) as xp:
        third = xp.constant(1) / 3
        around = xp.abs(third + third + third - 1)
        [root] = xp.power(around, xp.constant("0.5")).data.reshape(-1).tolist()
    assert root.contains(0)
    assert 0 < float(root.abs_upper()) < 1e-14
