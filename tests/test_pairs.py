"""An argument that is a pair of numbers: both are drawn, set to 0, mistaken, and bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from oracle import Implementation
from oracle.conformance.strategies import drawn
from oracle.golden.cases import plans_for
from oracle.mutation.composition import wrong_defaults
from oracle.specification.domains import DecayRate, Share
from oracle.specification.pairs import default_of_part, pair

ADAM = oracle.spec("torch/Adam")
BETAS = ADAM.arguments["betas"].domain


def test_both_numbers_enter_the_arithmetic_by_their_own_names():
    numeric = ADAM.program({"betas": (0.25, 0.75)}).numeric
    assert (numeric["beta_1"], numeric["beta_2"]) == (0.25, 0.75)
    assert "betas" not in numeric


@given(st.data())
@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_pairs_are_drawn_of_what_either_number_may_be(dtype, data):
    one, other = data.draw(drawn(BETAS, dtype))
    assert 0 <= one < 1
    assert 0 <= other < 1


def test_no_two_numbers_of_a_pair_are_alike():
    values = (BETAS.exact, BETAS.other, *BETAS.coarse, *BETAS.others, *BETAS.decimals)
    assert all(one != other for one, other in values)
    assert BETAS.other != BETAS.exact


def test_a_count_is_felt_through_both():
    assert BETAS.slow("float32") == (DecayRate().slow("float32"),) * 2
    assert pair(("a", Share()), ("b", DecayRate())).slow("float32") is None


def test_each_number_has_a_case_in_which_it_is_0():
    cases = {
        plan.id: plan.hyper["betas"] for plan in plans_for("torch/Adam") if "betas" in plan.hyper
    }
    assert cases["beta-1-zero"][0] == 0 < cases["beta-1-zero"][1]
    assert cases["beta-2-zero"][1] == 0 < cases["beta-2-zero"][0]


def test_each_number_has_wrong_defaults():
    wrong = {version.id for version, _ in wrong_defaults(ADAM)}
    assert "torch/Adam:default:betas=(0.5, 0.999)" not in wrong
    assert any(id.startswith("torch/Adam:default:betas=(0.9, 0.9") for id in wrong)
    assert any(id.startswith("torch/Adam:default:betas=(") and "0.999)" in id for id in wrong)


def test_a_pair_that_is_demanded_has_none():
    wrong = {version.id for version, _ in wrong_defaults(oracle.spec("torch/Adafactor"))}
    assert "torch/Adafactor:default:lr=0.001" in wrong
    assert not any(":default:eps" in id for id in wrong)


def test_the_default_of_a_part_is_told_by_its_name():
    assert default_of_part(ADAM.arguments, "beta_2") == 0.999
    assert default_of_part(ADAM.arguments, "lr") is None


def test_a_declared_precision_may_name_a_number_of_a_pair():
    made = Implementation("made")

    @made.implements("torch/Adam", hyper_dtype={"beta_1": "float32"})
    def adam(params, **hyper):
        return lambda grads: params

    assert made.claims[0].precision("float64").hyper_dtype == {"beta_1": "float32"}
