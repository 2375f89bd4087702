"""The bulk arithmetic: float64 values whose own rounding the bound covers."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from arithmetics import MP, depths, examples, ratio, seeds, truth_and_bound
from hypothesis import given
from trees import BASIC, FUNCTIONS, SWITCHES, Candidate, evaluate, grown

from oracle.arithmetic.bounded import as_bounded
from oracle.arithmetic.model import Model
from oracle.arithmetic.native import native
from oracle.dtypes import float_type
from oracle.truth import Truth

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

NARROW = ("float16", "bfloat16", "float32")
OPERATIONS = pytest.mark.parametrize(
    "operations", [BASIC, SWITCHES, FUNCTIONS], ids=["basic", "switches", "functions"]
)


@pytest.mark.parametrize("dtype", NARROW)
@OPERATIONS
@examples(100)
@given(seed=seeds, depth=depths)
def test_native_differs_from_the_truth_by_no_more_than_its_bound(dtype, operations, seed, depth):
    tree = grown(Random(seed), float_type(dtype), operations, depth=depth)
    value, bound = truth_and_bound(native(Model.declared(dtype)), tree)
    assert ratio(value, evaluate(MP, tree).data, bound) <= 1


@pytest.mark.parametrize("dtype", NARROW)
@examples(100)
@given(seed=seeds, depth=depths)
def test_native_knows_where_its_own_range_ends(dtype, seed, depth):
    tree = grown(Random(seed), float_type(dtype), SWITCHES, depth=depth, wide=True)
    value, bound = truth_and_bound(native(Model.declared(dtype)), tree)
    assert ratio(value, evaluate(MP, tree).data, bound) <= 1


@pytest.mark.parametrize("dtype", NARROW)
@OPERATIONS
@examples(60)
@given(seed=seeds, depth=depths)
def test_honest_evaluations_lie_in_the_bound_of_native(dtype, operations, seed, depth):
    random, model = Random(seed), Model.declared(dtype)
    tree = grown(random, float_type(dtype), operations, depth=depth)
    candidate = Candidate(model, random).run(tree)
    assert ratio(candidate, *truth_and_bound(native(model), tree)) <= 1


@pytest.mark.parametrize("text", ["0.1", "0.5", "1e-7", "0.50000000000000000001", "3", "1e400"])
def test_what_a_decimal_string_loses_in_float64_is_charged(text):
    number = native(Model.declared("float32", "float64")).constant(text)
    assert Truth.of(MP.constant(text).data).error_of(number.value) <= number.error


def test_pi_is_charged_for_being_a_float64():
    xp = native(Model.declared("float32", "float64"))
    assert 0 < Truth.of(MP.pi.data).error_of(xp.pi.value) <= xp.pi.error


def test_a_million_elements_are_one_array_operation():
    xp = native(Model.declared("float32"))
    halves = xp.sqrt(xp.array(np.full(10**6, 0.25, np.float32)))
    assert halves.value.shape == (10**6,)
    assert np.all(halves.value == 0.5)


@pytest.mark.parametrize(("a", "b", "evenly"), [(6, 3, True), (1, 3, False), (0.5, 4, True)])
def test_a_quotient_that_float64_rounds_is_not_taken_for_exact(a, b, evenly):
    """Float64 holds every quotient that it makes; that says nothing of the quotient."""
    xp = native(Model.declared("float32", "float64", None, False, False))
    assert bool(as_bounded(xp.constant(a) / xp.constant(b)).divides_evenly) is evenly
