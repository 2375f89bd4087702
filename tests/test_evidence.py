"""What is no number, or has no bound, explains nothing; one case alone is a coincidence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import oracle
from oracle.claim import Precision
from oracle.diagnosis.evidence import Evidence
from oracle.diagnosis.hypotheses import Hypothesis
from oracle.diagnosis.search import Search
from oracle.record import Record
from oracle.specification.spec import Program
from oracle.specification.transformation import Transformation

SGD = oracle.spec("keras3/SGD")
START, GRADIENT = np.array([1.0, 2.0]), np.array([0.5, -0.25])


def evidence(*shown: float, **hyper: float) -> Evidence:
    """Return what one step came to that claims to be Keras' descent."""
    seen = [Record.of(1, [np.array(shown)])]
    return Evidence.of(SGD.id, hyper, [START], [[GRADIENT]], Precision("float32"), seen)


def hypothesis(factor: float, *, wildly: bool = False, partly: bool = False) -> Hypothesis:
    """Return another rate; with an infinite bound, or with 0/0 in the second element."""

    def make(hyper: dict[str, float]) -> Program:
        program = SGD.program(hyper)

        def wrong(step) -> None:
            xp, p, g = step.xp, step.params[0], step.grads[0]
            tiny = (xp.constant(1) + xp.constant(2.0**-30)) - xp.constant(1)
            spread = 2.0**-30 / tiny - 1 if wildly else 0
            near = p - 2 + (xp.constant(0.1) * g - xp.constant(0.1) * g)
            spread = near / near - 1 if partly else spread
            step.params[0] = p - xp.constant(factor) * g + spread

        return replace(program, stages=(Transformation("wrong", wrong),))

    return Hypothesis("it", (0, 0), make)


def test_what_fits_is_within_a_finite_bound_of_all_that_is_wrong():
    assert evidence(0.5, 2.25).fit(hypothesis(1.0)) is not None
    assert evidence(0.5, 2.25).fit(hypothesis(0.5)) is None


@pytest.mark.parametrize("factor", [float("nan"), float("inf")])
def test_what_is_no_number_explains_no_number(factor: float):
    assert evidence(0.5, 2.25).fit(hypothesis(factor)) is None
    assert evidence(0.5, 2.25).agrees(hypothesis(factor)) is False


def test_what_is_no_number_in_one_element_only_explains_nothing_either():
    assert evidence(0.5, 2.25).fit(hypothesis(1.0, partly=True)) is None
    assert evidence(0.5, 2.25).agrees(hypothesis(1.0, partly=True)) is False


def test_nan_explains_nan():
    seen = evidence(float("nan"), float("nan"))
    assert seen.fit(hypothesis(float("nan"))) is not None
    assert seen.fit(hypothesis(1.0)) is None


def test_nan_in_one_element_explains_nan_in_both_of_them_not():
    both = evidence(float("nan"), float("nan"))
    assert both.is_nothing_but_nan
    assert both.fit(hypothesis(1.0, partly=True)) is None
    assert not evidence(0.5, float("nan")).is_nothing_but_nan


def test_a_value_without_a_bound_explains_nothing():
    assert evidence(0.5, 2.25).fit(hypothesis(1.0, wildly=True)) is None


def test_a_case_in_which_a_hypothesis_does_not_move_says_nothing():
    assert evidence(0.5, 2.25).agrees(hypothesis(1.0)) is True
    assert evidence(1.0, 2.0).agrees(hypothesis(1e-30)) is None


def kin(*corroborating: Evidence) -> set[str]:
    """Return the other systems that a candidate is which is right by chance in one case."""
    seen = evidence(0.5, 2.25, learning_rate=0.5)
    search = Search(replace(seen, hyper={"learning_rate": 1.0}), float("inf"), corroborating)
    return {spec.id for _, _, spec in search.kin()}


def test_another_system_has_to_agree_elsewhere():
    """Descent by twice the rate is other libraries' descent, too, if that is what is asked."""
    right = evidence(0.75, 2.125, learning_rate=0.5)
    wrong = evidence(0.25, 2.5, learning_rate=0.5)
    assert "keras2/SGD" in kin()
    assert "keras2/SGD" in kin(right, right, wrong)
    assert "keras2/SGD" not in kin(right, wrong)
    assert "keras2/SGD" not in kin(wrong)
