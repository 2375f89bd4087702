"""What a library takes though its own page advises against it, a candidate may refuse."""

from __future__ import annotations

import pytest

import oracle
from oracle.claim import Precision
from oracle.conformance import message
from oracle.conformance.defaults import RECIPE
from oracle.conformance.problem import Task

CANDIDATE = """
    import numpy as np
    from oracle import Implementation

    mine = Implementation("mine", dtypes=("float32",))

    @mine.implements("keras2/RMSprop")
    def rmsprop(params, *, learning_rate, rho, epsilon):
        if not {condition}:
            raise ValueError("out of its range")
        v = [np.zeros_like(p) for p in params]

        def step(grads):
            for k, g in enumerate(grads):
                v[k] = rho * v[k] + (1 - rho) * g * g
                params[k] = params[k] - learning_rate * g / (np.sqrt(v[k]) + epsilon)
            return params

        return step
"""

ABOVE_ONE = "suites/test_golden.py::test_golden[keras2/RMSprop-rho-above-one-float32]"


def test_a_candidate_that_refuses_such_a_value_does_not_claim_it(pytester: pytest.Pytester):
    pytester.makepyfile(mine=CANDIDATE.format(condition="0 <= rho <= 1"))
    result = pytester.runpytest("--impl=mine.py", ABOVE_ONE, "-rs")
    result.assert_outcomes(skipped=1)
    assert "not claimed: Keras 2.3.1 calls rho a fraction of the gradient" in result.stdout.str()
    assert "and the candidate refuses it: out of its range" in result.stdout.str()


def test_a_candidate_that_refuses_what_nobody_advises_against_fails(pytester: pytest.Pytester):
    pytester.makepyfile(mine=CANDIDATE.format(condition="rho > 0.99"))
    test = "suites/test_golden.py::test_golden[keras2/RMSprop-coarse-float32]"
    pytester.runpytest("--impl=mine.py", test).assert_outcomes(failed=1)


@pytest.mark.parametrize("spec", ["keras2/RMSprop", "keras2/Adadelta", "keras2/Adam"])
def test_the_page_tells_that_a_root_is_clipped(spec: str):
    assert any("K.sqrt clips a negative number to 0" in q for q in oracle.spec(spec).quirks)


def test_only_what_the_library_says_is_advice():
    rmsprop, adam = oracle.spec("keras2/RMSprop"), oracle.spec("keras2/Adam")
    assert rmsprop.advice({"rho": 1.0}) is None
    assert rmsprop.advice({"rho": 1.5}) is not None
    assert adam.advice({"beta_1": 0.9, "learning_rate": 2.0}) is None
    assert "0 < beta < 1" in adam.advice({"beta_2": 1.5})
    assert oracle.spec("keras3/RMSprop").advice({"rho": 1.5}) is None


def test_the_same_advice_is_given_once():
    """Both betas are out of their range, for which there is one sentence."""
    hyper = {"beta_1": 1.5, "beta_2": 1.5}
    told = message._advice(Task("keras2/Adam", hyper, RECIPE.feed("float32"), Precision("float32")))
    assert len(told) == len(set(told)) > 0
