"""A candidate that declines parameters without axes or without elements is judged all the same."""

from __future__ import annotations

import inspect
import json

import numpy as np
import pytest

import oracle
from oracle.bulk import bulk
from oracle.declining import BY_NUMBER, declining
from oracle.errors import UnsupportedError
from oracle.golden import available, load
from oracle.systems import spec

PARAMS = [np.array(1.0), np.zeros((0, 2)), np.array([2.0, 3.0]), np.zeros(0)]
SHAPES = [(), (0, 2), (2,), (0,)]


class Given:
    """Adds each gradient, and shows what it was given."""

    def __init__(self, params, **hyper):
        self.params, self.hyper = params, hyper

    def step(self, grads):
        self.params = [p + g for p, g in zip(self.params, grads, strict=True)]
        return self.params

    def slots(self):
        return {"v": self.params, "empty": [None for _ in self.params]}


def shown(**declined):
    given = []

    def factory(params, **hyper):
        given.append(Given(params, **hyper))
        return given[-1]

    options = {"scalars": True, "empties": True, **declined}
    candidate = declining(factory, **options)(PARAMS)
    return given[0], candidate


@pytest.mark.parametrize(
    ("declined", "shapes"),
    [
        (("scalars",), [(1,), (0, 2), (2,), (0,)]),
        (("empties",), [(), (2,)]),
        (("scalars", "empties"), [(1,), (2,)]),
    ],
)
def test_it_is_given_what_it_takes_and_shows_all(declined, shapes):
    given, candidate = shown(**dict.fromkeys(declined, False))
    assert [p.shape for p in given.params] == shapes
    returned = candidate.step(PARAMS)
    assert [a.shape for a in returned] == SHAPES
    assert [a.tolist() for a in returned] == [2.0, [], [4.0, 6.0], []]
    assert [a if a is None else a.shape for a in candidate.slots()["v"]] == [
        None if "empties" in declined and 0 in shape else shape for shape in SHAPES
    ]
    assert not hasattr(candidate, "set_step")
    assert not hasattr(candidate, "run")


@pytest.mark.parametrize("option", ["scalars", "empties"])
def test_one_claim_declines_what_another_takes(option):
    given = []
    it = oracle.Implementation("it", **{option: False})
    for spec_id, declared in (("keras3/SGD", {}), ("keras3/Adam", {option: True})):
        it.implements(spec_id, **declared)(lambda params, **hyper: given.append(params))
    for claim in it.claims:
        claim.factory(PARAMS)
    shapes = [[np.shape(p) for p in params] for params in given]
    assert shapes[0] == ([(1,), *SHAPES[1:]] if option == "scalars" else [(), (2,)])
    assert shapes[1] == SHAPES


def test_parameters_are_counted_as_it_sees_them():
    hyper = []
    build = declining(lambda params, **given: hyper.append(given), scalars=True, empties=False)
    build(PARAMS, exclude_from_weight_decay=[1, 2], vars_to_clip_dims={"2": [0]}, skip_list=None)
    assert hyper == [
        {"exclude_from_weight_decay": [1], "vars_to_clip_dims": {"1": [0]}, "skip_list": None}
    ]
    with pytest.raises(UnsupportedError, match="skip_list names only parameters without elements"):
        build(PARAMS, skip_list=[1, 3])


def test_every_argument_that_counts_parameters_is_known():
    """Their documentation says that they are numbers, or a mapping from them."""
    counting = {
        name
        for id in oracle.specs()
        for name, argument in spec(id).arguments.items()
        if "indices of" in argument.doc or "index of each parameter" in argument.doc
    }
    assert counting <= set(BY_NUMBER)
    assert counting


def test_the_signature_stays():
    def factory(params, *, learning_rate=0.5):
        return None

    wrapped = declining(factory, scalars=False, empties=True)
    assert inspect.signature(wrapped) == inspect.signature(factory)


def with_axis(value):
    plain = isinstance(value, np.ndarray) and value.shape == ()
    return value.reshape(1) if plain else value


@pytest.mark.long
@pytest.mark.parametrize("id", available())
def test_no_result_depends_on_the_axis_of_a_number(id):
    """So an array of one element may stand for it."""
    scalar = [c for c in load(id).cases if any(np.shape(p) == () for p in c.params)]
    for case in [case for case in scalar if len(case.grads) < 6][:5]:
        one = bulk(id, case.params, case.grads, case.hyper, dtype="float64")
        grads = [[with_axis(g) for g in row] for row in case.grads]
        params = [with_axis(p) for p in case.params]
        other = bulk(id, params, grads, case.hyper, dtype="float64")
        for record, same in zip(one, other, strict=True):
            for a, b in zip(record.params, same.params, strict=True):
                np.testing.assert_array_equal(np.ravel(a.truth.hi), np.ravel(b.truth.hi))


def test_it_is_judged_and_told(judge, pytester):
    result = judge("takes_arrays_alone", "--impl-dtype=float32", "--impl-report=it.jsonl")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "not claimed: parameters without elements, left out, in * checks",
            "not claimed: parameters without axes, given as arrays of one element, in * checks",
        ]
    )
    footer = json.loads((pytester.path / "it.jsonl").read_text().splitlines()[-1])
    [row] = [row for row in footer["rows"] if row["spec"] == "keras3/SGD"]
    assert (row["passed"], row["failed"]) == (12, 0)
