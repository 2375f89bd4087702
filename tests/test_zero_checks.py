"""A hyperparameter of 0 is not one that is missing: the suite of zeros sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

import oracle
from oracle import Implementation
from oracle.conformance.bench import Bench
from oracle.conformance.guard import Guard
from oracle.conformance.zeros import zeros

ZEROS = Path(__file__).parent / "candidates" / "zeros.py"


def judged(pytester: pytest.Pytester, name: str) -> pytest.RunResult:
    return pytester.runpytest(f"--impl={ZEROS}:{name}", "suites/test_zeros.py")


@pytest.mark.parametrize("name", ["honest", "adagrad"])
def test_who_takes_zeros_passes(name: str, pytester: pytest.Pytester):
    judged(pytester, name).assert_outcomes(passed=2)


@pytest.mark.long
def test_a_default_for_a_given_zero_is_seen_and_told(pytester: pytest.Pytester):
    result = judged(pytester, "or_default")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines("*looks like: learning_rate=0.01, the default, instead of*=0.0*")


@pytest.mark.long
def test_a_slot_that_rests_where_the_rate_is_zero_is_seen(pytester: pytest.Pytester):
    result = judged(pytester, "rests_without_a_rate")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines("*slot a *")


def asked(spec: str) -> list[list[str]]:
    mine = Implementation("mine")
    mine.implements(spec)(lambda params, **hyper: None)
    return [check.names() for check in zeros(Bench(mine, "mine", Guard(60, "mine")))]


@pytest.mark.parametrize("spec", [id for id in oracle.specs() if oracle.spec(id).slots])
def test_every_optimizer_is_asked_unless_it_has_no_numbers(spec: str):
    rate = {"learning_rate", "lr"} & set(oracle.spec(spec).arguments)
    refuses = ("Ftrl", "ProximalAdagrad") if spec.startswith("tf.") else ("torch/SparseAdam",)
    for names in asked(spec):
        assert rate & set(names) or not rate or any(name in spec for name in refuses)


def test_the_numbers_of_adam_are_asked_one_by_one():
    names = ["learning_rate", "beta_1", "beta_2", "epsilon", "weight_decay"]
    for found in asked("keras3/Adam"):
        assert set(names) <= set(found)
        assert "ema_momentum" in found
