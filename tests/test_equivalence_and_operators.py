"""Whether two versions are told apart, and how many there are: what the kill matrices rest on."""

from __future__ import annotations

import ast
from itertools import permutations

import numpy as np
import pytest
from flint import arb

from oracle.mutation import operators
from oracle.mutation.equivalence import _same_balls

SAME, WIDE, OTHER = arb(1), arb(1, 1), arb(2)
"""The right number, a ball that has it and others, and another number."""


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
@pytest.mark.parametrize(
    ("balls", "agree"),
    [
        ((SAME, SAME, SAME), True),
        ((SAME, SAME, WIDE), None),
        ((SAME, WIDE, WIDE), None),
        ((SAME, SAME, OTHER), False),
        ((SAME, WIDE, OTHER), False),
    ],
    ids=["the same", "one is wide", "two are wide", "another", "wide and another"],
)
def test_all_have_to_agree_and_one_that_is_wide_says_nothing(balls, agree, order):
    right = {("", 0): np.array([SAME] * 3, dtype=object)}
    found = {("", 0): np.array([balls[i] for i in order], dtype=object)}
    assert _same_balls(right, found) is agree


SCENE = operators.Scene(
    target="p_t",
    hyper=("learning_rate", "beta_1", "beta_2", "epsilon"),
    slots={"m": "m_t", "v": "v_t"},
    known={},
    upcoming={},
    corrections=("(1 - beta_1**t)",),
)
"""A place in Adam."""

WAYS = {
    "move-epsilon": {
        "xp.sqrt(v) + epsilon": ["xp.sqrt(v + epsilon)", "xp.maximum(xp.sqrt(v), epsilon)"],
        "xp.sqrt(v + epsilon)": ["(xp.sqrt(v) + epsilon)", "xp.sqrt(xp.maximum(v, epsilon))"],
    },
    "scale-epsilon": {
        "epsilon": [
            "10 * epsilon",
            "epsilon / 10",
            "epsilon**2",
            "epsilon * (1 - beta_1**t)",
            "epsilon / (1 - beta_1**t)",
        ]
    },
    "drop-bias-correction": {"m / (1 - beta_1**t)": ["m"], "m * xp.sqrt(1 - beta_2**t)": ["m"]},
    "complement": {"1 - beta_1": ["beta_1"], "beta_1": ["1 - beta_1"]},
    "sibling": {"beta_1": ["beta_2"]},
    "drop-root": {"xp.sqrt(v)": ["v"]},
    "drop-square": {"g**2": ["g", "xp.abs(g)"]},
    "drop-function": {"xp.sign(g)": ["g"], "xp.abs(g)": ["g"], "-g": ["g"]},
    "swap-sign": {"a + b": ["a - b"], "a - b": ["a + b"]},
    "drop-term": {"a + b": ["a", "b"], "a - b": ["a", "-b"]},
    "drop-factor": {"a * b": ["a", "b"], "a / b": ["a", "1 / b"]},
    "swap-product": {"a * b": ["a / b"], "a / b": ["a * b"]},
    "shift-time": {"t": ["t - 1", "t + 1"]},
    "swap-extremes": {"xp.maximum(a, b)": ["xp.minimum(a, b)", "a", "b"]},
    "swap-branches": {"xp.where(c, a, b)": ["a", "b", "xp.where(c, b, a)"]},
    "change-condition": {"a < b": ["a <= b"], "a <= b": ["a < b"], "a > b": ["a >= b"]},
    "change-constant": {"2": ["3", "1"], "0.5": ["0.5 / 2", "1.01 * 0.5", "1"], "'text'": []},
    "scale-rate": {"learning_rate": ["1.01 * learning_rate", "learning_rate**2"]},
}
"""By operator, examples with every wrong version that it makes of them."""


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [(name, right, wrong) for name, ways in WAYS.items() for right, wrong in ways.items()],
)
def test_an_operator_makes_these_versions_and_no_others(name, right, wrong):
    node = ast.parse(right, mode="eval").body
    made = [ast.unparse(ast.parse(text)) for text in operators.OPERATORS[name](node, SCENE)]
    assert made == [ast.unparse(ast.parse(text)) for text in wrong]


def test_every_operator_of_formulas_has_an_example():
    """Those that look at where a slot stands are tried on the rules themselves."""
    of_slots = {"old-or-new", "other-source", "dampen"}
    assert set(operators.OPERATORS) == set(WAYS) | of_slots
