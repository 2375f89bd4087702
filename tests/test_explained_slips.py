"""The slips that are alive in other libraries are told with the right line or number first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from wrong import borrowed
from wrong.borrowed import Borrowed
from wrong.clips import CLIPS
from wrong.each_parameter import EACH_PARAMETER
from wrong.late import LATE
from wrong.narrow import NARROW, Narrow
from wrong.numbers import NUMBERS, WrongNumbers
from wrong.slots import AROUND, SLOTS
from wrong.steps import STEPS
from wrong.wrong_step import WrongStep

from oracle.conformance.bench import Bench
from oracle.conformance.explanation import Allowance
from oracle.conformance.golden import checks
from oracle.conformance.guard import Guard
from oracle.conformance.outcomes import Finding

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    guard = Guard(60, "a wrong optimizer")
    yield guard
    guard.close()


def first_line(wrong: Borrowed | Narrow | WrongNumbers | WrongStep, guard: Guard) -> str:
    """Return what the failure of its case is explained by first, however long that takes."""
    bench = Bench(
        wrong.fault.implementation,
        "it",
        guard,
        dtypes=(wrong.dtype,),
        explaining=Allowance(600.0, 60.0),
    )
    [check] = [check for check in checks(bench) if check.case == wrong.case]
    with pytest.raises(Finding) as caught:
        check.holds()
    lines = [line.strip() for line in str(caught.value).splitlines()]
    return next(line for line in lines if line.startswith("looks like: "))


@pytest.mark.parametrize("wrong", borrowed.FORMULAS, ids=str)
def test_a_formula_of_another_library_is_told_first(wrong: Borrowed, guard: Guard):
    assert wrong.says in first_line(wrong, guard)


@pytest.mark.parametrize("wrong", CLIPS, ids=str)
def test_a_clip_of_another_library_is_told_first(wrong: Borrowed, guard: Guard):
    assert wrong.says in first_line(wrong, guard)


@pytest.mark.parametrize("wrong", NARROW, ids=str)
def test_what_is_held_or_computed_in_a_narrower_type_is_told_first(wrong: Narrow, guard: Guard):
    assert wrong.says in first_line(wrong, guard)


@pytest.mark.parametrize("wrong", [*EACH_PARAMETER, *STEPS, *AROUND, *LATE], ids=str)
def test_a_step_that_goes_otherwise_around_its_rule_is_told_first(wrong: WrongStep, guard: Guard):
    assert wrong.says in first_line(wrong, guard)


@pytest.mark.parametrize("wrong", SLOTS, ids=str)
def test_what_a_slot_starts_from_or_keeps_is_told_first(wrong: WrongStep, guard: Guard):
    assert wrong.says in first_line(wrong, guard)


@pytest.mark.parametrize("wrong", NUMBERS, ids=str)
def test_numbers_that_are_wrong_together_are_told_first(wrong: WrongNumbers, guard: Guard):
    assert wrong.says in first_line(wrong, guard)
