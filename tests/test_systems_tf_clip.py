"""TensorFlow's functions that clip gradients: by hand, and against numpy's longest floats."""

from __future__ import annotations

from fractions import Fraction
from math import inf, nan

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from single import close

import oracle
from oracle.errors import HyperparameterError, ShapeError

VALUE, NORM, AVERAGE = "tf/clip_by_value", "tf/clip_by_norm", "tf/clip_by_average_norm"
COMMON, GLOBAL = "tf/clip_by_global_norm", "tf/global_norm"


@pytest.fixture(autouse=True)
def fifty_digits():
    """The expected values are computed in mpmath's own context."""
    with mpmath.workdps(60):
        yield


def clipped(id, *gradients, **hyper):
    """What a function returns, in the places of parameters that start anywhere."""
    params = [np.full(np.shape(g), 7.0) for g in gradients]
    run = oracle.trajectory(id, params, [list(gradients)], hyper)
    return [p.tolist() for p in run.params[1]]


def nans(values):
    return [x != x for x in values]


def test_the_start_has_no_say_and_a_missing_gradient_leaves_it():
    run = oracle.trajectory(GLOBAL, [1.0, 2.0], [[3.0, None], [3.0, 4.0]], {})
    assert [[p.item() for p in row] for row in run.params[1:]] == [[3, 2], [5, 5]]


def test_elements_are_moved_into_the_interval():
    got = clipped(VALUE, [-2.0, -0.5, 0.0, 0.25, 2.0], clip_value_min=-0.5, clip_value_max=0.25)
    assert got == [[-0.5, -0.5, 0, 0.25, 0.25]]


def test_where_the_ends_are_crossed_everything_is_the_lower_one():
    """The smaller with 0 first, then the larger with 1; the other order would end at 0."""
    assert clipped(VALUE, [-2.0, 0.5, 2.0], clip_value_min=1.0, clip_value_max=0.0) == [[1, 1, 1]]


def test_not_a_number_is_not_moved():
    (got,) = clipped(VALUE, [nan, inf, -inf], clip_value_min=-1.0, clip_value_max=1.0)
    assert got[0] != got[0]
    assert got[1:] == [1, -1]


def test_each_gradient_has_a_norm_of_its_own():
    """Norm 5 becomes 1 (the factor inverted would make it 25); norm 1/2 stays."""
    first, second = clipped(NORM, [3.0, 4.0], [0.0, 0.5], clip_norm=1.0)
    assert all(map(close, first, (mpf(3) / 5, mpf(4) / 5)))
    assert second == [0, 0.5]


@pytest.mark.parametrize(
    ("axes", "want"),
    [
        ([0], [[Fraction(3, 5), 0], [Fraction(4, 5), 1]]),
        ([1], [[1, 0], [Fraction(1, 3), Fraction(12, 13)]]),
        ([-2], [[Fraction(3, 5), 0], [Fraction(4, 5), 1]]),
        ([0, 1], [[Fraction(3, 13), 0], [Fraction(4, 13), Fraction(12, 13)]]),
        ([], [[1, 0], [1, 1]]),
    ],
)
def test_axes_say_which_elements_share_a_norm(axes, want):
    """Columns of norm 5 and 12, rows of norm 3 and sqrt(160), a whole of norm 13."""
    (got,) = clipped(NORM, [[3.0, 0.0], [4.0, 12.0]], clip_norm=1.0, axes=axes)
    if axes == [1]:
        root = mpmath.sqrt(160)
        want = [[1, 0], [4 / root, 12 / root]]
    exact = [
        [mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else x for x in row]
        for row in want
    ]
    assert all(
        close(x, y) for a, b in zip(got, exact, strict=True) for x, y in zip(a, b, strict=True)
    )


def test_an_axis_that_is_not_there_is_refused():
    with pytest.raises(ShapeError, match=r"there is no axis 1 in an array of shape \(2,\)"):
        clipped(NORM, [1.0, 2.0], clip_norm=1.0, axes=[1])


def test_an_infinite_element_becomes_nan_and_the_others_0():
    for id in (NORM, AVERAGE):
        (got,) = clipped(id, [inf, 2.0], clip_norm=1.0)
        assert nans(got) == [True, False]
        assert got[1] == 0


def test_a_gradient_with_nan_is_nan_throughout():
    for id in (NORM, AVERAGE):
        assert nans(clipped(id, [nan, 2.0], clip_norm=1.0)[0]) == [True, True]


def test_a_negative_threshold_turns_around_or_clips_nothing():
    """Norm 5: times -1 over 5; the other two compare reciprocals."""
    (got,) = clipped(NORM, [3.0, 4.0], clip_norm=-1.0)
    assert all(map(close, got, (-mpf(3) / 5, -mpf(4) / 5)))
    for id in (COMMON, AVERAGE):
        assert clipped(id, [3.0, 4.0], clip_norm=-1.0) == [[3, 4]]


@pytest.mark.parametrize("id", [NORM, COMMON, AVERAGE])
def test_a_threshold_of_0_makes_0_of_all_but_zeros(id):
    assert clipped(id, [3.0, 4.0], clip_norm=0.0) == [[0, 0]]
    assert nans(clipped(id, [0.0, 0.0], clip_norm=0.0)[0]) == [True, True]


def test_all_gradients_share_one_norm():
    """3 and 4 have norm 5: both are halved under 5/2, neither under 5."""
    assert clipped(COMMON, [3.0], [0.0, 4.0], clip_norm=2.5) == [[1.5], [0, 2]]
    assert clipped(COMMON, [3.0], [0.0, 4.0], clip_norm=5.0) == [[3], [0, 4]]
    assert clipped(COMMON, [0.0], [0.0], clip_norm=5.0) == [[0], [0]]


@pytest.mark.parametrize("bad", [nan, inf, -inf])
@pytest.mark.parametrize("clip_norm", [1.0, 0.0, -1.0])
def test_a_common_norm_that_is_not_finite_shows_everywhere(bad, clip_norm):
    got = clipped(COMMON, [bad, 2.0], [3.0], clip_norm=clip_norm)
    assert [nans(g) for g in got] == [[True, True], [True]]


def test_the_average_norm_is_the_norm_over_the_number_of_elements():
    """Norm 6 of four elements is 3/2 each: halved under 3/4 (over the root, 3, quartered)."""
    assert clipped(AVERAGE, [3.0, 3.0, 3.0, 3.0], clip_norm=0.75) == [[1.5] * 4]
    assert clipped(AVERAGE, [3.0, 3.0, 3.0, 3.0], clip_norm=1.5) == [[3] * 4]


def test_the_global_norm_leaves_out_what_is_missing():
    run = oracle.trajectory(GLOBAL, [[1.0, 1.0], 1.0, []], [[[3.0, 0.0], None, []]], {})
    assert [p.tolist() for p in run.params[1]] == [[3, 3], 1, []]


def test_a_step_without_any_gradient_is_refused():
    with pytest.raises(ShapeError, match="step 1: tf clips nothing without a gradient; give one"):
        oracle.trajectory(GLOBAL, [1.0], [[None]], {})


@pytest.mark.parametrize(
    ("id", "hyper", "said"),
    [
        (NORM, {"clip_norm": "long"}, "it must be a number"),
        (NORM, {"clip_norm": 1.0, "axes": 0}, "it must be a list of axes"),
        (VALUE, {"clip_value_min": None}, "it must be a number"),
        (COMMON, {}, "needs clip_norm: it has no default"),
    ],
)
def test_what_is_refused_is_told_in_a_sentence(id, hyper, said):
    with pytest.raises(HyperparameterError, match=said):
        oracle.spec(id).validate(hyper)


def reference(id, gradients, clip_norm):
    """The same in numpy's longest floats, written from the documentation of TensorFlow."""
    long = [np.asarray(g, np.longdouble) for g in gradients]
    norms = [np.sqrt(np.sum(g * g)) for g in long]
    common = np.sqrt(sum(n * n for n in norms))
    if id == COMMON:
        return [g * (clip_norm / common if common > clip_norm else 1) for g in long]
    if id == AVERAGE:
        norms = [n / g.size for n, g in zip(norms, long, strict=True)]
    pairs = zip(long, norms, strict=True)
    return [g * (clip_norm / n if n > clip_norm else 1) for g, n in pairs]


@pytest.mark.parametrize("id", [NORM, COMMON, AVERAGE])
@pytest.mark.parametrize("clip_norm", [0.3, 2.0, 50.0])
def test_an_independent_implementation_agrees_and_the_inverted_factor_does_not(id, clip_norm):
    rng = np.random.default_rng(5)
    gradients = [rng.normal(size=shape) for shape in ((3, 4), (5,), ())]
    run = oracle.trajectory(id, gradients, [gradients], {"clip_norm": clip_norm})
    bounds = run.bound("float64", flushes_subnormals=False)[1]
    shown = zip(run.params[1], bounds, reference(id, gradients, clip_norm), strict=True)
    for g, (exact, bound, want) in zip(gradients, shown, strict=True):
        got = np.asarray(exact, float)
        assert np.all(np.abs(got - want) <= bound)
        if not np.allclose(got, g):
            assert np.all(np.abs(g * (g / got) - got) > bound)
