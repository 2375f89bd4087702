"""Powers of symmetric matrices: their values, their enclosures, and the bound of honest solvers."""

from __future__ import annotations

import flint
import mpmath
import numpy as np
import pytest
from arithmetics import MP, examples, ratio, rounding, seeds
from hypothesis import given
from hypothesis import strategies as st

from oracle.arithmetic.arb import Arb
from oracle.arithmetic.model import Model
from oracle.arithmetic.native import native

EXPONENTS = (-0.25, -0.5, -1.0, 0.0, -2.0)
shapes = st.sampled_from([(2, 1), (3, 1), (3, 3), (5, 2), (6, 6), (1, 1)])


def matrix(xp, g, epsilon):
    """G G' / n + epsilon, as Shampoo has it."""
    rows = xp.array(g)
    seen = xp.matmul(rows, xp.transpose(rows)) / xp.rows(rows)
    return seen + xp.constant(epsilon) * xp.identity_like(seen)


def drawn(seed, shape):
    """A matrix G of rank one or more, and a vector, both of float32 numbers."""
    rng = np.random.default_rng(seed)
    scale = np.exp2(rng.integers(-4, 4, size=(shape[0], 1)))
    g = (scale * rng.normal(size=shape)).astype(np.float32)
    x = rng.normal(size=shape[0]).astype(np.float32)
    return g, x if rng.integers(2) else g[:, 0]


def test_a_matrix_of_two_rows_has_the_root_that_can_be_worked_out():
    """[[2, 1], [1, 2]] has the eigenvectors (1, 1) and (1, -1), of the eigenvalues 3 and 1."""
    a = MP.array([[2.0, 1.0], [1.0, 2.0]])
    got = MP.matrix_power(a, -0.5, MP.array([3.0, 1.0])).data
    with mpmath.workdps(50):
        want = [2 / mpmath.sqrt(3) + 1, 2 / mpmath.sqrt(3) - 1]
        assert all(abs(x - y) < mpmath.mpf(10) ** -48 for x, y in zip(got, want, strict=True))
    assert MP.smallest_eigenvalue(a).data.item() == pytest.approx(1, abs=1e-45)


def test_a_shift_is_added_to_the_root():
    """Diagonal 4 and 9: (2 + 1)**-1 and (3 + 1)**-1, column by column."""
    a = MP.array([[4.0, 0.0], [0.0, 9.0]])
    got = MP.root_power(a, 1, -1, MP.array([[3.0, 6.0], [4.0, 8.0]])).data
    assert np.allclose(got.astype(float), [[1, 2], [1, 2]], rtol=1e-15)


@given(seed=seeds, shape=shapes, exponent=st.sampled_from(EXPONENTS))
@examples(40)
def test_the_truth_is_what_numpy_computes_in_doubles(seed, shape, exponent):
    g, x = (part.astype(float) for part in drawn(seed, shape))
    a = matrix(MP, g, 0.5)
    got = MP.matrix_power(a, exponent, MP.array(x)).data.astype(float)
    values, q = np.linalg.eigh(g @ g.T / len(g) + 0.5 * np.eye(len(g)))
    want = (q * values**exponent) @ (q.T @ x)
    assert np.allclose(got, want, rtol=1e-9, atol=1e-11 * np.abs(x).max())


@given(seed=seeds, shape=shapes, exponent=st.sampled_from(EXPONENTS))
@examples(40)
def test_the_enclosure_is_narrow_and_holds_the_truth(seed, shape, exponent):
    """Ranks of one make multiple eigenvalues, for which single eigenvectors have no enclosure."""
    g, x = drawn(seed, shape)
    truth = MP.matrix_power(matrix(MP, g, 0.01), exponent, MP.array(x)).data
    least = MP.smallest_eigenvalue(matrix(MP, g, 0.01)).data.item()
    with Arb(50) as xp:
        a = matrix(xp, g, 0.01)
        balls = xp.matrix_power(a, exponent, xp.array(x)).data
        ball = xp.smallest_eigenvalue(a).data.item()
        for one, number in zip([*balls, ball], [*truth, least], strict=True):
            assert one.overlaps(flint.arb(mpmath.nstr(number, 58)).union(one.mid()))
            assert (
                abs(one - flint.arb(mpmath.nstr(number, 58))).abs_upper() <= 2 * one.rad() + 1e-45
            )
            assert float(one.rad()) < 1e-35


def honest(g, x, epsilon, exponent, shift):
    """What four honest authors compute, in float32."""
    a = g @ g.T / np.float32(len(g)) + np.float32(epsilon) * np.eye(len(g), dtype=np.float32)
    u, s, vt = np.linalg.svd(a)
    values, q = np.linalg.eigh(a)
    values = np.maximum(values, np.float32(epsilon))

    def f(eigenvalues):
        base = eigenvalues if shift is None else np.sqrt(eigenvalues) + np.float32(shift)
        return base ** np.float32(exponent)

    yield ((vt.T * f(s)) @ u.T) @ x
    yield u @ (f(s) * (u.T @ x))
    yield vt.T @ (f(s) * (vt @ x))
    yield ((q * f(values)) @ q.T) @ x


def bounded(xp, g, x, epsilon, exponent, shift=None):
    """The value and its bound."""
    a, vector = matrix(xp, g, epsilon), xp.array(x)
    if shift is None:
        number = xp.matrix_power(a, xp.constant(exponent), vector)
    else:
        number = xp.root_power(a, xp.constant(shift), xp.constant(exponent), vector)
    return number.value, number.error * xp.inflation()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@given(
    seed=seeds,
    shape=shapes,
    epsilon=st.sampled_from([1e-5, 1e-3, 0.1, 2.0]),
    function=st.sampled_from([(-0.25, None), (-0.5, None), (-1.0, None), (-3.0, 0.1), (0.0, None)]),
)
@examples(150)
def test_honest_solvers_stay_within_the_bound(seed, shape, epsilon, function):
    """By singular values or eigenvalues, and whichever product is formed first."""
    g, x = drawn(seed, shape)
    truth, bound = bounded(rounding("float32"), g, x, epsilon, *function)
    for candidate in honest(g, x, epsilon, *function):
        assert ratio(candidate, truth, bound) <= 1


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@given(seed=seeds, shape=shapes, error=st.sampled_from([1e-4, 1e-3]), which=st.integers(0, 3))
@examples(100)
def test_a_matrix_that_is_off_moves_the_result_by_less_than_the_bound(seed, shape, error, which):
    """Errors of the operand are felt through eigenvalues near 0: the bound has to allow for all."""
    g, x = drawn(seed, shape)
    xp = rounding("float64")
    a = matrix(xp, g, 0.01)
    a.error = np.full(a.value.shape, error)
    number = xp.matrix_power(a, xp.constant(-0.5), xp.array(x))
    rng = np.random.default_rng(seed + 1)
    wide = a.value.astype(float)
    noise = rng.uniform(-error, error, size=wide.shape)
    noise = noise if which % 2 else np.sign(noise) * error
    noise = noise if which < 2 else (noise + noise.T) / 2
    u, s, vt = np.linalg.svd(wide + noise)
    if np.all(np.isfinite(number.error)):
        assert ratio((vt.T * s**-0.5) @ u.T @ x.astype(float), number.value, number.error) <= 1


@given(seed=seeds, shape=st.sampled_from([(3, 3), (4, 4), (2, 1)]))
@examples(30)
def test_another_exponent_is_outside(seed, shape):
    """A tenth is seen where epsilon is large enough for the eigenvalues to be known."""
    g, x = drawn(seed, shape)
    truth, bound = bounded(rounding("float32"), g, x, 0.5, -0.5)
    wrong, _ = bounded(rounding("float32"), g, x, 0.5, -0.55)
    assert ratio(wrong.astype(float), truth, bound) > 1


def test_the_bound_is_infinite_where_an_eigenvalue_drowns_in_rounding():
    """A rank of one and an epsilon of 1e-9 leave float32 nothing of it, and float64 enough."""
    g = np.array([[1.0], [2.0], [-3.0]], np.float32)
    for dtype, known in (("float32", False), ("float64", True)):
        _, bound = bounded(rounding(dtype), g, g[:, 0], 1e-9, -0.25)
        assert np.isfinite(bound).all() == known
        assert np.isinf(bound).all() != known


@pytest.mark.parametrize("special", [np.nan, np.inf])
def test_a_matrix_with_a_special_value_says_nothing(special):
    g = np.array([[1.0], [special]])
    for xp in (rounding("float32"), native(Model.declared("float32"))):
        with np.errstate(all="ignore"):
            _, bound = bounded(xp, g, np.ones(2), 0.5, -0.5)
        assert np.isinf(bound).all()


@given(seed=seeds, shape=shapes, exponent=st.sampled_from([-0.25, -1.0]))
@examples(40)
def test_doubles_know_the_truth_within_their_own_bound(seed, shape, exponent):
    """The bulk arithmetic's value is not the truth, and its bound is little wider.

    Where eigenvalues are equal, it may see them in another basis, whose shares add up to more.
    """
    g, x = drawn(seed, shape)
    truth, bound = bounded(rounding("float32"), g, x, 0.01, exponent)
    value, own = bounded(native(Model.declared("float32")), g, x, 0.01, exponent)
    assert ratio(value, truth, own) <= 1e-3
    assert np.all(own <= 1.001 * len(g) ** 0.5 * bound)


def test_an_eigenvalue_of_a_quarter_is_raised_as_one():
    """mpmath 1.4.1 takes log(x) for 0 if x is nearer to 1/4 than its digits tell, but not 1/4."""
    g = np.array([[3.0, 1.0], [-1.0, 2.0], [0.5, 0.25]])
    a = matrix(MP, g, 0.25)
    q, _ = np.linalg.qr(g, mode="complete")
    got = MP.matrix_power(a, -0.25, MP.array(q[:, 2])).data.astype(float)
    assert np.allclose(got, q[:, 2] * 2**0.5, rtol=1e-12)
