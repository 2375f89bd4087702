"""A product of a sum may be one product for each term, and a step as many as it has terms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from arithmetics import without

import oracle
from oracle.arithmetic.model import Model
from oracle.arithmetic.native import native
from oracle.arithmetic.rewritings.products import TERM_BY_TERM
from oracle.arithmetic.rewritings.rewriting import Rewriting
from oracle.arithmetic.rewritings.table import REWRITINGS
from oracle.arithmetic.rounding import Rounding
from oracle.dtypes import float_type

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

U = 2.0**-24
BETA, REST = np.float32(0.75), np.float32(0.25)


def xp(honest: Sequence[Rewriting] = REWRITINGS) -> Rounding:
    return native(Model.declared("float32"), honest)


def cancelling(size: int = 4096):
    """A moment and a gradient whose mean is near 0, a weight, and what divides the step."""
    rng = np.random.default_rng(3)
    m = rng.normal(size=size).astype(np.float32)
    g = (-3 * m * (1 + 1e-4 * rng.normal(size=size))).astype(np.float32)
    p = (1e-3 * rng.normal(size=size)).astype(np.float32)
    d = np.abs(1 + rng.normal(size=size)).astype(np.float32)
    return p, m, g, d


def nadam(xp: Rounding, p, m, g, d):
    """The shape of Nadam's last two lines."""
    p, m, g, d = map(xp.array, (p, m, g, d))
    m_bar = float(BETA) * m + float(REST) * g
    return p - 0.5 * m_bar / d


def in_two_steps(p, m, g, d):
    half = np.float32(0.5)
    return (p - half * BETA * m / d) - half * REST * g / d


def worst(got, bound) -> float:
    return float(np.max(np.abs(got.astype(np.float64) - bound.value) / bound.error))


def test_a_step_in_two_parts_lies_in_the_bound_of_one():
    numbers = cancelling()
    assert worst(in_two_steps(*numbers), nadam(xp(), *numbers)) <= 1
    assert worst(in_two_steps(*numbers), nadam(xp(without(TERM_BY_TERM)), *numbers)) > 1.2


def test_the_bound_of_a_step_in_two_parts_is_not_much_more_than_it_loses():
    numbers = cancelling()
    assert worst(in_two_steps(*numbers), nadam(xp(), *numbers)) > 0.4


def test_a_step_whose_terms_do_not_cancel_is_charged_one_subtraction_more():
    p, g = np.float32([1.0]), np.float32([2.0**-10])
    arithmetic = xp()
    a, b = arithmetic.array(g), arithmetic.array(p)
    together = b - 0.5 * (a * 0.5 + a * 0.25) / 2
    assert 2 * U < together.error < 2.02 * U


def test_a_slot_is_one_number_in_every_product():
    arithmetic, numbers = xp(), cancelling()
    p, m, g, d = map(arithmetic.array, numbers)
    m_t = arithmetic.keep(float(BETA) * m + float(REST) * g, m)
    kept = p - 0.5 * m_t / d
    loose = nadam(xp(), *numbers)
    least = (m_t.error * 0.5 / d.size) + 3 * U * np.abs(m_t.value / d.value / 2)
    assert np.all(kept.error <= 1.01 * (least + 2 * U * (p.size + m_t.size / d.size)))
    assert np.median(loose.error / kept.error) > 1.5


def test_a_sum_of_numbers_as_they_are_is_one_number():
    """So is a difference of two roots, which is small on purpose."""
    arithmetic, (p, m, _, d) = xp(), cancelling()
    p, m, d = map(arithmetic.array, (p, m, d))
    difference = p - m
    assert (difference * d).error.max() <= 2.01 * U * float(np.max(difference.size * d.size))


def test_what_a_step_of_nothing_loses_is_nothing():
    arithmetic = xp()
    p, zero, d = map(arithmetic.array, np.float32([[1.0], [0.0], [2.0]]))
    assert (p - 0.5 * (0.75 * zero + 0.25 * zero) / d).error == 0


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_terms_that_are_subnormal_each_are_in_the_bound_of_a_sum_that_is_not(dtype):
    kind = float_type(dtype)
    tiny = np.full(64, kind.smallest_normal).astype(kind.numpy)
    x = np.linspace(0.26, 0.49, 64).astype(kind.numpy)
    arithmetic = native(Model.declared(dtype))
    a, b, c = map(arithmetic.array, (x, x[::-1].copy(), tiny))
    bound = (a * 0.5 + b * 0.5) * c
    half = kind.numpy.type(0.5)
    got = x * half * tiny + x[::-1] * half * tiny
    assert np.all(np.abs(got.astype(np.float64) - bound.value) <= bound.error)


@pytest.mark.parametrize("stray", [np.nan, np.inf])
def test_what_is_not_a_number_leaves_the_terms_beside_it_alone(stray):
    p, m, g, d = (a[:2].copy() for a in cancelling())
    alone = nadam(xp(), p[1:], m[1:], g[1:], d[1:])
    g[0] = stray
    together = nadam(xp(), p, m, g, d)
    assert together.error[1] == alone.error[0]
    assert not np.isnan(together.error).any()


def bound_of_the_average():
    hyper = {"learning_rate": 0.75, "use_ema": True, "ema_momentum": 0.5}
    p = np.float32([1.5])
    run = oracle.trajectory("keras3/SGD", [p], [[p], [p / 4]], hyper)
    return run.slot_bound("float32")[2]["average"][0]


def test_a_parameter_that_was_just_updated_is_one_number_in_its_average(monkeypatch):
    sharp = bound_of_the_average()
    monkeypatch.setattr(Rounding, "whole", lambda xp, number: number)
    assert bound_of_the_average() > 1.2 * sharp
