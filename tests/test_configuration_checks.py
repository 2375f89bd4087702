"""Configurations are judged: what is lost, changed, or accepted without being known, fails."""

from __future__ import annotations

import pytest
from numpy_training import Library, bench, configurable

import oracle
from oracle import Implementation
from oracle.conformance.configuration import everything_once, round_trips, unknown_names
from oracle.conformance.outcomes import Finding
from oracle.errors import CandidateError


def the_check(checks, library: Library):
    (check,) = checks(bench(configurable(library)))
    return check


def test_an_honest_library_passes():
    for checks in (round_trips, unknown_names):
        the_check(checks, Library()).holds()


LOST = {
    "an argument lost": (Library(forgets="momentum"), "has no 'momentum'; it is 0.9"),
    "an argument changed": (Library(changes={"nesterov": False}), "nesterov=False; it is True"),
    "a value off by a little": (
        Library(changes={"learning_rate": 0.0100001}),
        "after from_config(get_config()): the configuration has learning_rate=0.01000",
    ),
    "from_config that raises": (Library(fails_at="config"), "raises TypeError: no such argument"),
    "letters of one case only": (Library(case_matters=True), "looked up as 'sgd': the candidate"),
}


@pytest.mark.parametrize("fault", LOST)
def test_what_is_lost_on_the_way_is_found(fault):
    library, told = LOST[fault]
    with pytest.raises(Finding) as caught:
        the_check(round_trips, library).holds()
    assert told in str(caught.value)


EXPLAINED = {
    "a default": (
        Library(changes={"learning_rate": 0.5}),
        "learning_rate=0.5 instead of the default 0.01",
    ),
    "what is forgotten": (Library(changes={"momentum": 0.0}), "momentum=0.0, the default, instead"),
    "what is missing": (Library(forgets="momentum"), "no momentum instead of momentum=0.9"),
}


@pytest.mark.parametrize("fault", EXPLAINED)
def test_what_is_lost_is_explained_like_any_failure(fault):
    library, told = EXPLAINED[fault]
    check = the_check(round_trips, library)
    with pytest.raises(Finding) as caught:
        check.holds()
    assert f"  looks like: {told}" in str(caught.value)
    assert told in check.cause
    assert "  hyperparameters: " in str(caught.value)


@pytest.mark.parametrize("name", ["SGDD", "SG", "SGD "])
def test_an_unknown_name_that_is_accepted_is_found(name):
    with pytest.raises(Finding, match=f"unknown name '{name}' is accepted and gives 'SGD'"):
        the_check(unknown_names, Library(accepts=[name])).holds()


def test_a_candidate_that_dies_does_not_refuse():
    it = Implementation("it", dtypes=("float32",))
    it.implements("keras2/SGD")(lambda params: None)

    @it.configures("keras2")
    def dies(way, name, hyper):
        raise CandidateError("the worker is killed by SIGKILL")

    (check,) = unknown_names(bench(it))
    with pytest.raises(Finding, match="killed by SIGKILL"):
        check.holds()


def test_who_tells_no_configurations_has_no_such_checks():
    it = Implementation("it")
    it.implements("keras2/SGD")(lambda params: None)
    assert not list(round_trips(bench(it)))
    assert not list(unknown_names(bench(it)))


@pytest.mark.parametrize("id", ["keras2/Adam", "keras3/AdamW", "keras3/SGD"])
def test_every_argument_of_a_constructor_is_given_once(id):
    """Not only what the page mentions: a flag that the configuration forgets is found."""
    given = set().union(*everything_once(id))
    assert set(oracle.spec(id).arguments) - given <= {"exclude_from_weight_decay"}


def test_a_flag_that_no_page_mentions_is_found_if_it_is_lost():
    it = Implementation("it", dtypes=("float32",))
    it.implements("keras3/Adam")(lambda params, **_: None)

    @it.configures("keras3")
    def without_amsgrad(way, name, hyper):
        complete = oracle.spec("keras3/Adam").validate(hyper)
        return "Adam", {**complete, "amsgrad": False}

    (check,) = round_trips(bench(it))
    with pytest.raises(Finding, match="the configuration has amsgrad=False; it is True"):
        check.holds()
