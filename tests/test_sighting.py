"""What is no number, or has no bound, explains nothing; one case alone is a coincidence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import oracle
from oracle.claim import Precision
from oracle.mutation.search import Search
from oracle.mutation.sighting import Sighting
from oracle.mutation.suspects import Suspect
from oracle.systems.base import Program
from oracle.verdict import Observation

SGD = oracle.spec("keras3/SGD")
START, GRADIENT = np.array([1.0, 2.0]), np.array([0.5, -0.25])


def sighting(*shown: float, **hyper: float) -> Sighting:
    """Return what one step came to that claims to be Keras' descent."""
    seen = [Observation(1, [np.array(shown)], {})]
    return Sighting.of(SGD.id, hyper, [START], [[GRADIENT]], Precision("float32"), seen)


def suspect(factor: float, *, wildly: bool = False, partly: bool = False) -> Suspect:
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

        return replace(program, stages=(wrong,))

    return Suspect("it", (0, 0), make)


def test_what_fits_is_within_a_finite_bound_of_all_that_is_wrong():
    assert sighting(0.5, 2.25).fit(suspect(1.0)) is not None
    assert sighting(0.5, 2.25).fit(suspect(0.5)) is None


@pytest.mark.parametrize("factor", [float("nan"), float("inf")])
def test_what_is_no_number_explains_no_number(factor: float):
    assert sighting(0.5, 2.25).fit(suspect(factor)) is None
    assert sighting(0.5, 2.25).agrees(suspect(factor)) is False


def test_what_is_no_number_in_one_element_only_explains_nothing_either():
    assert sighting(0.5, 2.25).fit(suspect(1.0, partly=True)) is None
    assert sighting(0.5, 2.25).agrees(suspect(1.0, partly=True)) is False


def test_nan_explains_nan():
    seen = sighting(float("nan"), float("nan"))
    assert seen.fit(suspect(float("nan"))) is not None
    assert seen.fit(suspect(1.0)) is None


def test_nan_in_one_element_explains_nan_in_both_of_them_not():
    both = sighting(float("nan"), float("nan"))
    assert both.is_nothing_but_nan
    assert both.fit(suspect(1.0, partly=True)) is None
    assert not sighting(0.5, float("nan")).is_nothing_but_nan


def test_a_value_without_a_bound_explains_nothing():
    assert sighting(0.5, 2.25).fit(suspect(1.0, wildly=True)) is None


def test_a_case_in_which_a_suspect_does_not_move_is_no_witness():
    assert sighting(0.5, 2.25).agrees(suspect(1.0)) is True
    assert sighting(1.0, 2.0).agrees(suspect(1e-30)) is None


def kin(*witnesses: Sighting) -> set[str]:
    """Return the other systems that a candidate is which is right by chance in one case."""
    seen = sighting(0.5, 2.25, learning_rate=0.5)
    search = Search(replace(seen, hyper={"learning_rate": 1.0}), float("inf"), witnesses)
    return {spec.id for _, _, spec in search.kin()}


def test_another_system_has_to_agree_elsewhere():
    """Descent by twice the rate is other libraries' descent, too, if that is what is asked."""
    right = sighting(0.75, 2.125, learning_rate=0.5)
    wrong = sighting(0.25, 2.5, learning_rate=0.5)
    assert "keras2/SGD" in kin()
    assert "keras2/SGD" in kin(right, right, wrong)
    assert "keras2/SGD" not in kin(right, wrong)
    assert "keras2/SGD" not in kin(wrong)
