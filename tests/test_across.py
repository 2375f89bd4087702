"""What an arithmetic does along the axes of an array, in truth and within bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from oracle.arithmetic.arb import Arb
from oracle.arithmetic.bounded import as_bounded
from oracle.arithmetic.doubles import Doubles
from oracle.arithmetic.model import Model
from oracle.arithmetic.mp import Mp
from oracle.arithmetic.native import native

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "mean": np.mean,
    "row_means": lambda a: a.mean(-1),
    "column_means": lambda a: a.mean(-2),
    "over_row_means": lambda a: a / a.mean(-1, keepdims=True),
}
SHAPES = ((3,), (2, 3), (2, 3, 4), (1, 5), (5, 1))
DRAWN = np.random.default_rng(3)


def _arguments() -> list[Any]:
    pairs = [(name, shape) for name in FUNCTIONS for shape in SHAPES]
    return [pair for pair in pairs if len(pair[1]) > 1 or pair[0] != "column_means"]


def _floats(number: Any) -> np.ndarray:
    return np.asarray(number.data, dtype=object).astype(float)


@pytest.mark.parametrize(("name", "shape"), _arguments())
@pytest.mark.parametrize("xp", [Mp(30), Doubles()], ids=["mp", "doubles"])
def test_it_is_what_numpy_computes(xp, name, shape):
    a = DRAWN.uniform(0.5, 2, shape)
    got = _floats(getattr(xp, name)(xp.array(a)))
    want = FUNCTIONS[name](a)
    assert got.shape == np.shape(want)
    np.testing.assert_allclose(got, want, rtol=1e-14)


@pytest.mark.parametrize(("name", "shape"), _arguments())
def test_balls_contain_it(name, shape):
    a = DRAWN.uniform(0.5, 2, shape)
    exact = _floats(getattr(Mp(40), name)(Mp(40).array(a)))
    with Arb(30) as xp:
        balls = getattr(xp, name)(xp.array(a)).data
    assert all(abs(float(b.mid()) - x) < 1e-14 for b, x in zip(balls.flat, exact.flat, strict=True))


@pytest.mark.parametrize(("name", "shape"), _arguments())
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_honest_rounding_stays_within_the_bound_and_a_wrong_mean_does_not(name, shape, dtype):
    a = DRAWN.uniform(0.5, 2, shape).astype(dtype)
    xp = native(Model.declared(dtype, None, None, False, False))
    held = as_bounded(getattr(xp, name)(xp.array(a)))
    error = np.abs(FUNCTIONS[name](a).astype(float) - held.value)
    bound = held.error * xp.inflation() + np.finfo(dtype).eps * np.abs(held.value)
    assert (error <= bound).all()
    wrong = np.abs(FUNCTIONS[name](a.astype(float)) * a.size / (a.size + 1) - held.value)
    assert (wrong > bound).all()


def test_the_outer_product_is_along_the_last_axes():
    a, b = DRAWN.uniform(size=(2, 3)), DRAWN.uniform(size=(2, 4))
    xp = Mp(30)
    got = _floats(xp.outer(xp.array(a), xp.array(b)))
    np.testing.assert_allclose(got, a[:, :, None] * b[:, None, :], rtol=1e-14)
