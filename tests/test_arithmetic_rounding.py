"""The bound is sound: no honest evaluation of any formula, in any dtype, leaves it."""

from __future__ import annotations

from random import Random

import pytest
from arithmetics import depths, examples, ratio, rounding, seeds, truth_and_bound
from hypothesis import given
from trees import BASIC, FUNCTIONS, SWITCHES, Candidate, grown

from oracle.arithmetic.bounded import as_bounded
from oracle.dtypes import DTYPES, float_type

OPERATIONS = pytest.mark.parametrize(
    "operations", [BASIC, SWITCHES, FUNCTIONS], ids=["basic", "switches", "functions"]
)
MIXED = {
    "half, computed in float32": ("float16", None, "float32"),
    "bfloat16, computed in float32": ("bfloat16", None, "float32"),
    "half, computed in float32, hyperparameters in double": ("float16", "float64", "float32"),
    "half, hyperparameters in double": ("float16", "float64"),
    "single, hyperparameters in double, as torch": ("float32", "float64"),
    "double, hyperparameters in single, as Keras": ("float64", "float32"),
}


@pytest.mark.parametrize("dtype", DTYPES)
@OPERATIONS
@examples(150)
@given(seed=seeds, depth=depths)
def test_evaluations_in_any_order_and_form_lie_in_the_bound(dtype, operations, seed, depth):
    """Sums in any order, fused multiply-adds, reciprocals, running products, other means."""
    random, xp = Random(seed), rounding(dtype)
    tree = grown(random, float_type(dtype), operations, depth=depth)
    candidate = Candidate(xp.model, random).run(tree)
    assert ratio(candidate, *truth_and_bound(xp, tree)) <= 1


@pytest.mark.parametrize("declaration", MIXED.values(), ids=MIXED)
@examples(100)
@given(seed=seeds, depth=depths)
def test_mixed_precision_lies_in_the_bound_that_it_declares(declaration, seed, depth):
    """Storage narrower than arithmetic; hyperparameters wider or narrower than arrays."""
    random, xp = Random(seed), rounding(*declaration)
    tree = grown(random, xp.model.storage, SWITCHES, depth=depth)
    candidate = Candidate(xp.model, random).run(tree)
    assert ratio(candidate, *truth_and_bound(xp, tree)) <= 1


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("flushes", [False, True], ids=["gradual", "flushing"])
@examples(100)
@given(seed=seeds, depth=depths)
def test_underflow_and_overflow_lie_in_the_bound(dtype, flushes, seed, depth):
    """From the smallest subnormal to the largest number, with and without flushing."""
    random, xp = Random(seed), rounding(dtype, flushes_subnormals=flushes)
    tree = grown(random, float_type(dtype), SWITCHES, depth=depth, wide=True)
    candidate = Candidate(xp.model, random, reorders=False).run(tree)
    assert ratio(candidate, *truth_and_bound(xp, tree)) <= 1


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_bound_is_not_far_above_what_evaluations_lose(dtype):
    """Of many formulas with one operation, the worst uses at least nine tenths of its bound."""
    worst = 0.0
    for seed in range(300):
        random, xp = Random(seed), rounding(dtype)
        tree = grown(random, float_type(dtype), ("+", "-", "*", "sqrt"), depth=1)
        if tree[0] not in ("hyper", "integer"):
            candidate = Candidate(xp.model, random).run(tree)
            worst = max(worst, ratio(candidate, *truth_and_bound(xp, tree)))
    assert 0.9 < worst <= 1


def test_a_host_that_adds_an_exact_0_loses_nothing_by_flushing():
    """So the logarithm of 1 - 0 is exactly 0, and a floor of it is no matter of rounding."""
    xp = rounding("float32", flushes_subnormals=True)
    nothing = xp.constant(0) * xp.constant(0.3, "learning_rate")
    whole = as_bounded(xp.floor(xp.log(1 - nothing)))
    assert (float(whole.value), float(whole.error)) == (0, 0)
