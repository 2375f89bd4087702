"""A mean over steps may be a sum that is divided, a sum of parts, or a running mean."""

from __future__ import annotations

import numpy as np
import pytest

from oracle.arithmetic.model import Model
from oracle.arithmetic.native import native

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

COUNT = 5


def spikes(dtype, size: int = 4096):
    """One row a step; after a spike, what is left of it has to cancel."""
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(COUNT, size))
    rows[1] *= 1000
    rows[2] = -rows[1] * (1 + 1e-3 * rng.normal(size=size))
    return rows.astype(dtype)


def bounded(rows, *declaration, averaged: bool = True, **more):
    xp = native(Model.declared(*declaration, **more))
    numbers = [xp.array(row) for row in rows]
    total = xp.zeros_like(numbers[0])
    for number in numbers:
        total = xp.store(total + number, total)
    mean = total / COUNT
    return xp.averaged(mean, numbers) if averaged else mean


def running(rows, kept):
    mean = np.zeros_like(rows[0], kept)
    for k, row in enumerate(rows, 1):
        wide = mean.astype(rows.dtype)
        mean = (wide + (row - wide) / rows.dtype.type(k)).astype(kept)
    return mean


def parts(rows, kept):
    mean = np.zeros_like(rows[0], kept)
    for row in rows:
        mean = (mean.astype(rows.dtype) + row / rows.dtype.type(COUNT)).astype(kept)
    return mean


def worst(got, bound) -> float:
    return float(np.nanmax(np.abs(got.astype(np.float64) - bound.value) / bound.error))


@pytest.mark.parametrize("form", [running, parts])
def test_other_means_lie_in_the_bound_of_a_sum_that_is_divided(form):
    rows = spikes(np.float32)
    got = form(rows, np.float32)
    assert worst(got, bounded(rows, "float32")) <= 1
    if form is running:
        assert worst(got, bounded(rows, "float32", averaged=False)) > 1


@pytest.mark.parametrize("form", [running, parts])
def test_they_do_where_means_are_kept_in_fewer_bits(form):
    rows = spikes(np.float16).astype(np.float32)
    bound = bounded(rows, "float16", None, "float32")
    got = form(rows, np.float16)
    assert worst(got, bound) <= 1


def test_parts_that_are_subnormal_lie_in_the_bound():
    rows = (spikes(np.float32) * 2.0**-24).astype(np.float16)
    assert worst(parts(rows, np.float16), bounded(rows, "float16")) <= 1
    assert worst(parts(rows, np.float16), bounded(rows, "float16", averaged=False)) > 1


def test_the_bound_of_a_mean_is_within_a_few_times_what_is_lost():
    rows = spikes(np.float32)
    assert worst(running(rows, np.float32), bounded(rows, "float32")) > 0.3


def test_gradients_of_one_size_are_charged_little_more_than_their_sum():
    rows = np.ones((COUNT, 9), np.float32)
    more = bounded(rows, "float32").error / bounded(rows, "float32", averaged=False).error
    assert np.all(more < 2)


def test_a_mean_of_one_is_what_it_was():
    xp = native(Model.declared("float32"))
    number = xp.array([1.5]) / 1
    before = number.error
    assert np.all(xp.averaged(number, [xp.array([1.5])]).error == before)


def test_an_infinity_in_the_middle_may_become_nan_and_one_at_the_end_may_not():
    rows = np.ones((COUNT, 2), np.float32)
    rows[1, 0] = rows[-1, 1] = np.inf
    bound = bounded(rows, "float32")
    assert np.isnan(running(rows, np.float32)[0])
    assert bound.error.tolist() == [np.inf, 0.0]


def test_what_is_surely_nan_is_demanded():
    rows = np.ones((COUNT, 1), np.float32)
    rows[2] = np.nan
    assert bounded(rows, "float32").error == 0


@pytest.mark.parametrize("declaration", [("float32",), ("float16", None, "float32")])
def test_gradients_of_zero_are_averaged_to_exactly_zero(declaration):
    rows = np.zeros((COUNT, 1), np.float32)
    assert bounded(rows, *declaration, flushes_subnormals=True).error == 0
