"""Inputs, strategies and exploration: what is drawn fits the dtype, and failures are kept."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

import oracle
from oracle.claim import Precision
from oracle.conformance.defaults import RECIPE
from oracle.conformance.explore import Exploration, Trouble, explore
from oracle.conformance.inputs import EVERY_KIND, FAMILIES, Recipe, Tensor
from oracle.conformance.problem import Answer, Task, needs_digits, repeated
from oracle.conformance.properties import PropertyCheck
from oracle.conformance.recipes import recipes
from oracle.conformance.run import Feed
from oracle.conformance.strategies import _rare, _usual, hyperparameters
from oracle.dtypes import DTYPES, float_type
from oracle.record import Interval, Record
from oracle.truth import Truth


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_gradients_are_finite_numbers_of_the_dtype(family: str, dtype: str):
    feed = Recipe((Tensor((64,), "normal", family),), steps=5, seed=7).feed(dtype)
    for row in feed.grads:
        assert row[0] is not None
        assert np.isfinite(row[0]).all()
        assert (float_type(dtype).round(row[0]) == row[0]).all()


def test_the_same_recipe_makes_the_same_arrays():
    recipe = Recipe((Tensor((3,), "normal", "mixed"),), steps=2, seed=1)
    assert (recipe.feed("float32").params[0] == recipe.feed("float32").params[0]).all()


def test_a_recipe_that_skips_leaves_out_the_last_gradient_at_every_second_step():
    tensors = (Tensor((2,), "zeros", "normal"), Tensor((), "zeros", "normal"))
    feed = Recipe(tensors, steps=3, seed=1, skips=True).feed("float32")
    assert [row[1] is None for row in feed.grads] == [False, True, False]


@pytest.mark.parametrize("spec", oracle.specs())
def test_every_argument_of_every_spec_is_drawn(spec: str):
    drawn = {*_usual(spec, "float32"), *_rare(spec, "float32", True)}
    assert set(oracle.spec(spec).arguments) == drawn


@settings(max_examples=400, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data(), name=st.sampled_from(oracle.specs()), dtype=st.sampled_from(DTYPES))
def test_what_is_drawn_is_accepted_by_the_library(data: st.DataObject, name: str, dtype: str):
    spec = oracle.spec(name)
    hyper = data.draw(hyperparameters(spec, dtype, tuple(spec.arguments), schedules=True))
    assert set(spec.validate(hyper)) >= set(hyper) - {"lr"}


def test_the_axes_of_what_defaults_are_run_on_are_told_apart():
    shapes = [tensor.shape for tensor in RECIPE.tensors]
    assert max(map(len, shapes)) == 2
    assert all(len({*shape}) == len(shape) for shape in shapes)


@settings(max_examples=25, deadline=None)
@given(recipes(sizes=[7, 16], steps=4, may_skip=False))
def test_a_parameter_has_one_of_the_sizes(recipe: Recipe):
    assert {math.prod(tensor.shape) for tensor in recipe.tensors} & {7, 16}
    assert not recipe.skips


@pytest.mark.parametrize("shape", [(0,), ()])
def test_an_empty_parameter_and_one_without_axes_may_come_first(shape: tuple[int, ...]):
    drawn = recipes(sizes=[16], steps=4, may_skip=False)
    assert find(drawn, lambda recipe: recipe.tensors[0].shape == shape)


@settings(max_examples=50, deadline=None)
@given(recipes(sizes=[16], steps=4, may_skip=False, coupled=True))
def test_where_a_norm_couples_elements_they_are_of_one_kind(recipe: Recipe):
    assert all(tensor.gradients != EVERY_KIND for tensor in recipe.tensors)


def test_elsewhere_they_may_be_of_every_kind_at_once():
    drawn = recipes(sizes=[16], steps=4, may_skip=False)
    find(drawn, lambda recipe: any(t.gradients == EVERY_KIND for t in recipe.tensors))


def test_elements_that_repeat_are_those_of_the_condensed_recipe():
    tensors = (Tensor((5, 2), "normal", "normal", 3), Tensor((2,), "normal", "mixed", 3))
    recipe = Recipe(tensors, steps=2, seed=1)
    whole, few = recipe.feed("float32"), recipe.condensed.feed("float32")
    assert [p.shape for p in few.params] == [(3,), (2,)]
    np.testing.assert_array_equal(whole.grads[1][0].ravel(), np.resize(few.grads[1][0], 10))
    np.testing.assert_array_equal(whole.grads[1][1], few.grads[1][1])
    assert "3 elements that repeat" in str(recipe)
    assert "repeat" not in str(recipe.condensed)


def test_a_record_repeats_as_its_parameters_do():
    truth = Truth.of(np.array(["0.1", "0.2"]))
    param, slot = (Interval(truth, np.array(bound)) for bound in ([1.0, 2.0], [3.0, 4.0]))
    shared = Interval(Truth.of(np.array("0.5")), np.array(0.0))
    few = Record.of(1, [param], {"v": [slot], "count": [shared]})
    many = repeated(few, [np.zeros(3), np.zeros(1)])
    np.testing.assert_array_equal(many.params[0].truth.hi, [0.1, 0.2, 0.1])
    np.testing.assert_array_equal(many.params[0].truth.lo, truth.lo[[0, 1, 0]])
    np.testing.assert_array_equal(many.slots["v"][0].bound, [3.0, 4.0, 3.0])
    assert many.slots["count"][0].shape == ()
    assert many.params[1].truth.hi == [0.1]


def examine(number: int) -> tuple[Trouble[int] | None, bool]:
    return (Trouble(number, f"{number} is too much", float(number)) if number > 10 else None), False


def test_exploring_keeps_the_simplest_and_the_worst_failure():
    found: Exploration[int] = explore([st.integers(0, 1000)], examine, examples=50, seed=1)
    assert found.simplest is not None
    assert found.simplest.example == 11
    assert found.worst is not None
    assert found.worst.example > 11


def test_the_last_example_is_met_again_if_it_alone_fails(monkeypatch):
    monkeypatch.setattr("oracle.conformance.explore.SHRINKING", 0.0)
    tried: list[int] = []

    def fails_at_last(number: int) -> tuple[Trouble[int] | None, bool]:
        tried.append(number)
        return (Trouble(number, "the last", 1.0) if number == last else None), False

    last = -1
    explore([st.integers(0, 10**9)], fails_at_last, examples=4, seed=1)
    last = tried[-1]
    found = explore([st.integers(0, 10**9)], fails_at_last, examples=4, seed=1)
    assert found.simplest is not None
    assert found.simplest.example == last


def test_exploring_without_failure_counts_what_is_vacuous():
    found = explore([st.integers(0, 9)], lambda n: (None, True), examples=5, seed=1)
    assert found.simplest is None
    assert found.vacuous == found.tried == 5


def test_an_error_of_ours_goes_through_unchanged():
    def broken(number: int) -> tuple[Trouble[int] | None, bool]:
        raise LookupError("ours")

    with pytest.raises(LookupError, match="ours"):
        explore([st.integers()], broken, examples=5, seed=1)


@pytest.mark.parametrize(
    ("precision", "needed"),
    [
        (Precision("float64"), True),
        (Precision("float64", "float64"), True),
        (Precision("float64", {"learning_rate": "float64"}), True),
        (Precision("float64", "float32"), False),
        (Precision("float64", {"beta_1": "float32"}), False),
        (Precision("float32", "float64"), False),
    ],
)
def test_only_an_exact_float64_needs_more_digits(precision: Precision, needed: bool):
    assert needs_digits(precision) is needed


@pytest.mark.parametrize(
    ("ratios", "explained"),
    [([2.0, 1e9, 3.0], 1), ([2.0, math.inf, 3.0], 2), ([math.inf, math.inf, math.inf], 1)],
)
def test_what_tells_most_is_explained(ratios: list[float], explained: int):
    """That is the worst, but for what is no number, which everything fits: then the smallest."""
    check = PropertyCheck(SimpleNamespace(), SimpleNamespace(), "float32")
    feeds = [Feed("float32", [np.zeros(size)], [[np.zeros(size)]]) for size in (9, 1, 5)]
    answers = [Answer(Task("keras3/SGD", {}, feed, Precision("float32")), []) for feed in feeds]
    for answer, ratio in zip(answers, ratios, strict=True):
        check._keep(answer, ratio)
    assert check._telling is not None
    assert check._telling[1] is answers[explained]


def test_a_vector_lies_down_for_what_takes_matrices_alone():
    recipe = Recipe((Tensor((3,), "zeros", "normal"), Tensor((2, 3), "zeros", "normal")), 1, 1)
    shapes = [t.shape for t in recipe.fitting(oracle.spec("optax.contrib/scale_by_muon")).tensors]
    assert shapes == [(1, 3), (2, 3)]
    assert recipe.fitting(oracle.spec("optax/sgd")) is recipe
