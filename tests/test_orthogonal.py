"""Newton-Schulz steps: what they come to, and how far honest ones stray."""

from __future__ import annotations

import numpy as np
import pytest

from oracle.arithmetic.bounded import as_bounded
from oracle.arithmetic.model import Model
from oracle.arithmetic.mp import Mp
from oracle.arithmetic.native import native
from oracle.rules.transformations.orthogonalizing import orthogonal

FACTORS = (3.4445, -4.775, 2.0315)
SHAPES = ((3, 4), (4, 3), (1, 5), (6, 6), (2, 40))


def honest(a: np.ndarray, steps: int, *, transposed: bool, scaled_first: bool) -> np.ndarray:
    """Take the steps in the dtype of ``a``, as some library does."""
    p, q, r = (a.dtype.type(f) for f in FACTORS)
    x = a.T if transposed else a
    x = x / (np.sqrt(np.sum(x * x, dtype=a.dtype)) + a.dtype.type(1e-7))
    for _ in range(steps):
        gram = x @ x.T
        inner = q * gram + ((r * gram) @ gram if scaled_first else r * (gram @ gram))
        x = p * x + inner @ x
    return x.T if transposed else x


def drawn(shape: tuple[int, int], dtype: str = "float64") -> np.ndarray:
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(dtype)


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_what_numpy_computes(shape):
    xp = Mp(30)
    got = xp.orthogonalized(xp.array(drawn(shape)), *map(xp.constant, (*FACTORS, 5)))
    want = honest(drawn(shape), 5, transposed=False, scaled_first=False)
    np.testing.assert_allclose(got.data.astype(float), want, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("dtype", "steps"), [("float32", 5), ("float32", 1), ("float16", 2)])
@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("scaled_first", [False, True])
def test_honest_steps_stay_within_the_bound(shape, dtype, steps, transposed, scaled_first):
    a = drawn(shape, dtype)
    xp = native(Model.declared(dtype, None, None, False, False))
    held = as_bounded(xp.orthogonalized(xp.array(a), *map(xp.constant, (*FACTORS, steps))))
    got = honest(a, steps, transposed=transposed, scaled_first=scaled_first)
    assert (np.abs(got.astype(float) - held.value) <= held.error * xp.inflation()).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_a_step_too_few_or_another_factor_is_beyond_it(shape):
    a = drawn(shape, "float32")
    xp = native(Model.declared("float32", None, None, False, False))
    held = as_bounded(xp.orthogonalized(xp.array(a), *map(xp.constant, (*FACTORS, 5))))
    bound = held.error * xp.inflation()
    fewer = honest(a, 4, transposed=False, scaled_first=False)
    other = as_bounded(xp.orthogonalized(xp.array(a), *map(xp.constant, (3.6, *FACTORS[1:], 5))))
    assert (np.abs(fewer - held.value) > bound).any()
    assert (np.abs(other.value - held.value) > bound).any()


def prepared(a: np.ndarray, how: str) -> np.ndarray:
    """Take two steps in the dtype of ``a`` as Optax does: the first x x^T is scaled, not formed."""
    p, q, r = (a.dtype.type(f) for f in FACTORS)
    x = a.T if a.shape[0] > a.shape[1] else a
    if how == "spectral":
        x = x / a.dtype.type(np.linalg.svd(x, compute_uv=False)[0])
    gram = x @ x.T
    if how == "aol":
        scale = (1 / np.sqrt(np.abs(gram).sum(axis=-1, keepdims=True))).astype(a.dtype)
        x, gram = x * scale, gram * scale * scale.T
    if how == "schatten":
        scale = (1 / np.sqrt(np.sqrt(np.sum(gram * gram)))).astype(a.dtype)
        x, gram = x * scale, gram * scale**2
    for step in range(2):
        gram = x @ x.T if step else gram
        x = p * x + (q * gram + r * gram @ gram) @ x
    return x.T if a.shape[0] > a.shape[1] else x


def bounded(a: np.ndarray, how: str):
    """What two steps come to, and how far a candidate may be off."""
    xp = native(Model.declared(a.dtype.name, None, None, False, False))
    factors = [tuple(map(xp.constant, FACTORS))] * 2
    held = as_bounded(orthogonal(xp, xp.array(a), how, xp.constant(0.0), factors))
    return held.value, held.error * xp.inflation()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("how", ["spectral", "aol", "schatten"])
def test_what_is_scaled_first_stays_within_the_bound(shape, dtype, how):
    a = drawn(shape, dtype)
    value, bound = bounded(a, how)
    assert (np.abs(prepared(a, how).astype(float) - value) <= bound).all()


@pytest.mark.parametrize("how", ["spectral", "aol", "schatten"])
def test_what_is_scaled_otherwise_is_beyond_it(how):
    a = drawn((3, 4), "float32")
    value, bound = bounded(a, how)
    others = {"spectral", "aol", "schatten"} - {how}
    assert all((np.abs(prepared(a, other) - value) > bound).any() for other in others)
