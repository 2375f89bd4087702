"""The suites see every wrong optimizer, in every dtype whose rounding does not hide it."""

from __future__ import annotations

import pytest
from wrong import FAULTS
from wrong.fault import HONEST, edited
from wrong.judgement import judge, largest_effect, more_problems

from oracle.conformance import explore
from oracle.conformance.guard import Guard
from oracle.dtypes import DTYPES

HIDDEN_BELOW = 2
"""A wrong optimizer that is this many bounds off is outside, even if its own rounding, one bound
at most, leads it back."""


@pytest.fixture(scope="module")
def guard():
    guard = Guard(60, "a wrong optimizer")
    yield guard
    guard.close()


@pytest.fixture(autouse=True)
def no_shrinking(monkeypatch):
    """One failing example is enough here; looking for a simpler one takes seconds."""
    monkeypatch.setattr(explore, "SHRINKING", 0.0)


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_wrong_optimizer_is_caught_wherever_its_effect_exceeds_the_bound(fault, guard):
    """In one dtype at least, that is; in the others rounding may hide it."""
    hidden = {}
    for dtype in DTYPES:
        judgement = judge(fault, dtype, guard)
        if judgement.finding is None:
            posed = [*judgement.posed, *more_problems(fault, dtype, guard)]
            hidden[dtype] = largest_effect(fault, posed, guard)
    seen = {dtype: effect for dtype, effect in hidden.items() if effect >= HIDDEN_BELOW}
    assert not seen, f"no suite sees an effect of so many bounds: {seen}"
    assert len(hidden) < len(DTYPES), f"it is caught in no dtype; by bounds it is off {hidden}"


def test_there_are_enough_wrong_optimizers_and_each_has_a_name_of_its_own():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 30


def test_an_edit_that_no_longer_fits_the_candidate_is_refused():
    with pytest.raises(ValueError, match="no method of SGD has 'p - rate' any more"):
        edited(HONEST["keras3/SGD"], (("p - rate", "p + rate"),))
    with pytest.raises(ValueError, match="'lr' is 4 times in update, not once"):
        edited(HONEST["keras3/SGD"], (("lr", "rate"),))
