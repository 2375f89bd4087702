"""A quotient of two roots may be the root of a quotient, which may be subnormal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from arithmetics import without

from oracle.arithmetic.model import Model
from oracle.arithmetic.native import native
from oracle.arithmetic.rewritings.products import ONE_ROOT
from oracle.arithmetic.rewritings.rewriting import Rewriting
from oracle.arithmetic.rewritings.table import REWRITINGS
from oracle.arithmetic.rounding import Rounding

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

U = 2.0**-24
LARGE = np.geomspace(1e30, 3e38, 999).astype(np.float32)
SMALL = np.full_like(LARGE, 1e-7)


def bounded(formula, *arrays, flushes: bool = False, honest: Sequence[Rewriting] = REWRITINGS):
    xp = native(Model.declared("float32", flushes_subnormals=flushes), honest)
    return formula(xp, *map(xp.array, arrays))


def quotient(xp: Rounding, x, y, g):
    return xp.sqrt(x) * g / xp.sqrt(y)


def reciprocal(xp: Rounding, y, g):
    return g / xp.sqrt(y)


def worst(got, bound) -> float:
    return float(np.max(np.abs(got.astype(np.float64) - bound.value) / bound.error))


def test_one_root_of_a_quotient_lies_in_the_bound_of_two():
    got = np.sqrt(SMALL / LARGE) * LARGE
    assert worst(got, bounded(quotient, SMALL, LARGE, LARGE)) <= 1
    two = bounded(quotient, SMALL, LARGE, LARGE, honest=without(ONE_ROOT))
    assert worst(got, two) > 10


def test_one_root_of_a_reciprocal_lies_in_the_bound_of_a_quotient():
    got = np.where(1 / LARGE < 2.0**-126, np.float32(0), np.sqrt(1 / LARGE)) * LARGE
    assert worst(got, bounded(reciprocal, LARGE, LARGE, flushes=True)) <= 1
    two = bounded(reciprocal, LARGE, LARGE, flushes=True, honest=without(ONE_ROOT))
    assert worst(got, two) > 10


def test_a_quotient_that_is_normal_is_charged_no_more_than_two_roots():
    x, y, g = np.full((3, 9), np.float32(2.0))
    bound = bounded(quotient, x, y, g)
    assert np.all(bound.error <= 5.01 * U * 2)


def test_where_the_quotient_is_hardly_subnormal_hardly_anything_is_lost():
    y = np.float32([1e-7 / 1e-39])
    bound = bounded(quotient, np.float32([1e-7]), y, y)
    assert bound.error < 1e-5 * bound.value
