"""The verdict: exact errors in every dtype, special values, and the first and the worst element."""

from __future__ import annotations

import decimal
import math

import numpy as np
import pytest
from mpmath import mp, mpf

from oracle.dtypes import float_type
from oracle.record import Interval, Record
from oracle.truth import Array, Truth
from oracle.verdict import VerdictError, judge

INF, NAN = math.inf, math.nan


def checkpoint(truth: list[float], bound: list[float], step: int = 1, **slots: list[float]):
    held = {name: [interval(v, [0.25] * len(v))] for name, v in slots.items()}
    return Record.of(step, [interval(truth, bound)], held)


def interval(truth: list[float], bound: list[float]) -> Interval:
    return Interval(Truth.of(np.array(truth)), np.array(bound))


def observed(params: list[float], step: int = 1, **slots: list[float]) -> Record:
    shown = {name: [np.array(v)] for name, v in slots.items()}
    return Record.of(step, [np.array(params)], shown)


def start(size: int) -> list[Array]:
    return [np.zeros(size)]


def test_a_truth_keeps_more_digits_than_float64():
    with mp.workdps(50):
        third = mpf(1) / 3
    truth = Truth.of(np.array([third], object))
    assert truth.error_of(np.array([1 / 3]))[0] == pytest.approx(
        1.850371707708594e-17, rel=1e-12, abs=0
    )


def test_decimal_strings_count_at_their_decimal_value():
    assert Truth.of(np.array(["0.1"])).error_of([0.1])[0] == pytest.approx(
        5.55e-18, rel=1e-2, abs=0
    )


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_an_error_is_exact_in_every_dtype(dtype: str):
    got = np.array([0.1], float_type(dtype).numpy)
    exact = abs(float(got[0]) - 0.5)
    assert Truth.of(np.array([0.5])).error_of(got)[0] == exact


@pytest.mark.parametrize(
    ("got", "want", "error"),
    [(NAN, NAN, 0), (INF, INF, 0), (-INF, INF, INF), (NAN, 1.0, INF), (1.0, NAN, INF)],
)
def test_special_values_have_to_be_the_same(got: float, want: float, error: float):
    assert Truth.of(np.array([want])).error_of([got])[0] == error


def test_within_the_bound_is_passed_and_beyond_is_not():
    truth = [checkpoint([1.0, 2.0], [0.5, 0.5])]
    assert not judge("float64", start(2), truth, [observed([1.5, 1.5])]).failed
    assert judge("float64", start(2), truth, [observed([1.5, 1.4])]).failed


def test_the_first_violation_and_the_worst_are_both_told():
    truth = [checkpoint([0, 0, 0], [1, 1, 1], step) for step in (1, 2)]
    seen = [observed([0.5, 2, 3], 1), observed([9, 0, 0], 2)]
    verdict = judge("float64", start(3), truth, seen)
    assert verdict.first is not None
    assert (verdict.first.step, verdict.first.element) == (1, (1,))
    assert verdict.worst is not None
    assert (verdict.worst.step, verdict.worst.element, verdict.worst.ratio) == (2, (0,), 9)
    assert verdict.largest == 9


def test_the_first_wrong_slot_is_told_beside_the_parameter():
    truth = [checkpoint([0], [1], step, m=[0], v=[0]) for step in (1, 2)]
    seen = [observed([0], 1, m=[0], v=[1]), observed([5], 2, m=[1], v=[1])]
    verdict = judge("float64", start(1), truth, seen)
    assert verdict.first is not None
    assert (verdict.first.slot, verdict.first.step) == ("v", 1)
    assert verdict.first_slot == verdict.first


def test_a_parameter_comes_before_a_slot_of_the_same_step():
    verdict = judge("float64", start(1), [checkpoint([0], [1], m=[0])], [observed([5], m=[1])])
    assert verdict.first is not None
    assert verdict.first.slot == ""
    assert verdict.first_slot is not None
    assert verdict.first_slot.slot == "m"


def test_a_slot_that_is_not_shown_is_not_judged():
    assert not judge("float64", start(1), [checkpoint([1], [0], m=[5])], [observed([1])]).failed


def test_a_wrong_number_that_all_elements_share_is_told():
    """A parameter of one element has its shared slot in the shape (1,), others in ()."""
    held = Interval(Truth.of(np.array([0.5])), np.float64(0.25))
    right = Record.of(1, [interval([1.0], [0.1])], {"u": [held]})
    shared = Record.of(1, [np.array([1.0])], {"u": [np.array(0.125)]})
    first = judge("float64", start(1), [right], [shared]).first
    assert first is not None
    assert (first.slot, first.got, first.bound) == ("u", "0.125", 0.25)


def test_a_bound_larger_than_every_update_is_vacuous():
    verdict = judge("float64", start(2), [checkpoint([0.1, 0.2], [0.5, INF])], [observed([0, NAN])])
    assert verdict.vacuous
    assert verdict.real == 0


def test_one_bound_smaller_than_its_update_is_a_check():
    truth = [checkpoint([0.1, 2.0], [0.5, 0.5])]
    assert not judge("float64", start(2), truth, [observed([0, 2])]).vacuous


def test_a_bound_of_0_is_a_check():
    assert not judge("float64", start(1), [checkpoint([0], [0])], [observed([0])]).vacuous


def test_a_violation_is_never_vacuous():
    assert not judge("float64", start(1), [checkpoint([0.1], [0.5])], [observed([1])]).vacuous


def test_a_bound_that_is_nan_is_refused():
    with pytest.raises(VerdictError, match="NaN at step 1"):
        judge("float64", start(1), [checkpoint([0], [NAN])], [observed([0])])


def test_errors_are_told_in_ulp_of_the_dtype():
    truth = [checkpoint([1.0], [2.0**-10])]
    verdict = judge("float16", start(1), truth, [observed([1 + 2.0**-8])])
    assert verdict.first is not None
    assert (verdict.first.ulp_allowed, verdict.first.ulp_found) == (1.0, 4.0)


def test_an_ulp_next_to_0_is_the_smallest_subnormal():
    truth = [checkpoint([0.0], [2.0**-24])]
    verdict = judge("float16", start(1), truth, [observed([2.0**-22])])
    assert verdict.first is not None
    assert verdict.first.ulp_found == 4.0


def test_a_truth_is_written_with_dots_where_it_goes_on():
    truth = Truth.of(np.array([0.5, 1 / 3, INF, 2.0**-20, 1e22, -300.0]))
    shown = ["0.5", "0.333333...", "inf", "9.53674e-7...", "1e+22", "-300"]
    assert [truth.text((i,), 6) for i in range(6)] == shown


def test_empty_arrays_are_judged():
    empty = Record.of(1, [interval([], [])])
    verdict = judge("float32", [np.zeros(0)], [empty], [Record.of(1, [np.zeros(0)])])
    assert (verdict.checks, verdict.failed, verdict.vacuous) == (0, False, True)


def test_what_is_wanted_is_told_in_full_whatever_the_context_is():
    """A candidate may have set the precision of decimal arithmetic for everybody."""
    with decimal.localcontext(prec=2):
        assert Truth.of(np.array([0.123456789])).text((0,), 9) == "0.123456789..."
