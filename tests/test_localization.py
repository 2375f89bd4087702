"""Where a candidate goes wrong: the statements that can be it, the arrays, elements and steps."""

from __future__ import annotations

import numpy as np
import pytest

import oracle
from oracle.claim import Precision
from oracle.diagnosis.evidence import Evidence
from oracle.diagnosis.localization import extent, statements_at_fault, statements_told
from oracle.record import Record
from oracle.rules.adam import adam_epsilon_hat
from oracle.rules.lion import lion


def test_a_wrong_statement_is_one_that_all_wrong_outputs_need():
    """And that nothing needs which is right."""
    assert statements_at_fault(adam_epsilon_hat, {""}, {"m", "v"}) == [2, 3]
    assert statements_at_fault(adam_epsilon_hat, {"", "m"}, {"v"}) == [0]
    assert statements_at_fault(adam_epsilon_hat, {"average"}, {"m"}) == []


def test_a_statement_that_nothing_explains_is_named_alone():
    """With the line that it is on."""
    [told] = statements_told(lion, [1])
    assert "`p_t = p - learning_rate * xp.sign(c_t)` (oracle/rules/lion.py:" in told.text
    assert list(statements_told(adam_epsilon_hat, [0, 1, 2])) == []


def _seen(*wrong: str, **hyper) -> Evidence:
    """What PyTorch's Adam shows after a step, which is descended along, with some of it wrong."""
    params, grads = [np.array([0.5, -2.0])], [[np.array([1.0, -0.5])]]
    right = oracle.trajectory("torch/Adam", params, grads, hyper)
    shown = {"": right.params[1], **right.slots[1]}
    numbers = {n: [np.array(a[0], float) + (n in wrong)] for n, a in shown.items()}
    record = Record.of(1, numbers.pop(""), numbers)
    return Evidence.of("torch/Adam", hyper, params, grads, Precision("float64"), [record])


def test_behind_a_rule_a_wrong_slot_tells_of_it_and_a_parameter_does_not():
    """What goes along the direction may be wrong, too, and before it the gradient."""
    assert _seen("", "m").is_bare
    assert not _seen("").is_bare
    assert not _seen("", "m", maximize=True).is_bare


def test_where_a_candidate_is_wrong_is_told_where_that_is_special():
    """One parameter only, one element only, or some steps only."""
    right, last = np.array([False, False]), np.array([False, True])
    assert list(extent({1: {("", 0): right, ("", 1): last}})) == [
        "only param 1 is wrong: 0 is right",
        "only the last element of an array is wrong",
    ]
    everywhere = np.array([True, True])
    assert list(extent({1: {("", 0): right}, 2: {("", 0): everywhere}, 3: {("", 0): right}})) == [
        "only step 2 is wrong: the steps after are right"
    ]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ([1, 2], "only steps 1 and 2 are wrong"),
        ([1, 2, 3], "only steps 1 to 3 are wrong"),
        ([1, 3, 4, 5, 7, 8], "only steps 1, 3 to 5, 7 and 8 are wrong"),
    ],
)
def test_many_steps_are_told_as_ranges(wrong, told):
    everywhere, nowhere = np.array([True, True]), np.array([False, False])
    steps = {n: {("", 0): everywhere if n in wrong else nowhere} for n in range(1, 10)}
    assert list(extent(steps)) == [f"{told}: the steps after are right"]
