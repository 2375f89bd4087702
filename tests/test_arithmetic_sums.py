"""Sums of any length in any order, and what holds for arrays of every shape."""

from __future__ import annotations

import numpy as np
import pytest
from arithmetics import ratio, rounding

from oracle.arithmetic.model import Model
from oracle.arithmetic.native import native
from oracle.dtypes import DTYPES, float_type

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

U = 2.0**-24


def terms(dtype, count):
    random = np.random.default_rng(count)
    return float_type(dtype).round(random.normal(size=count) / np.sqrt(count))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("count", [1, 2, 3, 17, 256, 4096, 5000, 20000])
def test_sums_in_any_order_lie_in_the_bound(dtype, count):
    """One after the other, sorted both ways, shuffled, in pairs."""
    kind, numbers = float_type(dtype), terms(dtype, count)
    total = rounding(dtype).sum(rounding(dtype).array(numbers))
    orders = (numbers, np.sort(numbers), np.sort(numbers)[::-1], np.roll(numbers, count // 2))
    for order in orders:
        one_by_one = np.add.reduce(order.astype(kind.numpy)[:, None], axis=0)[0]
        assert ratio(float(one_by_one), total.value, total.error) <= 1
        assert ratio(in_pairs(kind, order), total.value, total.error) <= 1


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_sum_of_nothing_loses_nothing(dtype):
    """Where candidates flush, too: its additions are none, not one less."""
    xp = native(Model.declared(dtype, flushes_subnormals=True))
    total = xp.sum(xp.array(np.zeros(0)))
    assert (total.value, total.error) == (0, 0)


def in_pairs(kind, numbers):
    while numbers.size > 1:
        pairs = np.resize(numbers, (numbers.size + 1) // 2 * 2).reshape(-1, 2)
        if numbers.size % 2:
            pairs[-1, 1] = 0
        numbers = kind.round(pairs.sum(axis=1))
    return numbers[0]


def test_the_charge_of_a_sum_grows_with_the_root_of_its_length_above_4096_terms():
    xp = rounding("float32")
    for count, roundings in ((4096, 4095), (10001, 400)):
        total = xp.sum(xp.array(np.ones(count)))
        assert total.error == pytest.approx(roundings * U * count)


def test_a_norm_is_the_root_of_a_sum_of_squares():
    xp = rounding("float32")
    norm = xp.norm(xp.array(np.array([3.0, 4.0], np.float32)))
    assert norm.value == 5
    assert 0 < norm.error < 5 * 4 * U


def test_the_largest_element_is_that_of_all_arrays():
    xp = rounding("float32")
    matrix, row, none = np.array([[1.0, -7.0], [2.0, 3.0]]), np.array([5.0]), np.zeros((0, 2))
    arrays = [xp.array(np.float32(a)) for a in (matrix, row, none)]
    assert xp.max(*arrays).value == 5
    assert xp.max(*map(xp.abs, arrays)).value == 7
    assert xp.max(arrays[2]).value == -np.inf
    assert xp.shape(xp.max(*arrays)) == ()
    assert np.isnan(float(xp.max(xp.array(np.array([1, np.nan, 2], np.float32))).value))


def test_matrix_products_lie_in_the_bound():
    random = np.random.default_rng(0)
    a, b = (random.normal(size=shape).astype(np.float32) for shape in ((4, 30), (30, 5)))
    xp = rounding("float32")
    product = xp.matmul(xp.array(a), xp.array(b))
    assert 0 < ratio(a @ b, product.value, product.error) <= 1


# Shapes


@pytest.mark.parametrize("shape", [(), (0,), (1,), (2, 0, 3), (2, 3)])
@pytest.mark.parametrize("arithmetic", [rounding, lambda dtype: native(Model.declared(dtype))])
def test_every_operation_keeps_the_shape(shape, arithmetic):
    xp = arithmetic("float32")
    x = xp.array(np.ones(shape, np.float32))
    results = (x + x, x - 1, 2 * x, x / 3, x**2, x**0.5, -x, xp.sqrt(x), xp.exp(x), xp.log(x))
    chosen = xp.where(x < 2, x, 0)
    for y in (*results, xp.cos(x), xp.floor(x), xp.ceil(x), xp.abs(x), xp.sign(x), chosen):
        assert xp.shape(y) == shape
        assert np.broadcast_shapes(np.shape(y.error), shape) == shape
    assert xp.shape(xp.maximum(x, 1)) == xp.shape(xp.minimum(x, 1)) == shape
    assert xp.shape(xp.sum(x)) == xp.shape(xp.norm(x)) == ()


def test_a_candidate_that_flushes_may_lose_the_change_of_a_mean():
    """v + (1 - h) * (y - v), where y - v is subnormal: v stays where it is."""
    xp = rounding("float32", flushes_subnormals=True)
    smallest = float_type("float32").smallest_normal
    v, h = np.float32(1.01 * smallest), 0.046
    mean = xp.constant(h) * xp.array(np.array([v])) + (1 - xp.constant(h)) * xp.array(
        np.zeros(1, np.float32)
    )
    assert abs(float(v) - float(mean.value[0])) <= mean.error[0]
