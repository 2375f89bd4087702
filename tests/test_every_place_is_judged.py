"""Wherever a candidate is wrong, it is seen: every array, slot, element, shape and precision."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from oracle import Implementation
from oracle.bulk import bulk
from oracle.conformance.bench import Bench
from oracle.conformance.golden import checks
from oracle.conformance.guard import Guard
from oracle.conformance.outcomes import Finding
from oracle.conformance.run import Feed, drive
from oracle.record import Interval, Record
from oracle.truth import Truth
from oracle.verdict import judge

SHAPES = [(3,), (), (2, 2)]
NAMES = ("", "m", "v")
"""The parameters, and two slots."""


@pytest.fixture(scope="module")
def guard():
    guard = Guard(60, "a candidate")
    yield guard
    guard.close()


def ones() -> list[np.ndarray]:
    return [np.ones(shape) for shape in SHAPES]


PLACES = [
    (step, name, array, element)
    for step, name, (array, shape) in product((1, 2), NAMES, enumerate(SHAPES))
    for element in np.ndindex(*shape)
]


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_the_verdict_looks_at_every_place(place):
    step, name, array, element = place
    truths = [Interval(Truth.of(a), np.full(a.shape, 0.25)) for a in ones()]
    slots = NAMES[1:]
    asked = [Record.of(n, truths, dict.fromkeys(slots, truths)) for n in (1, 2)]
    held: dict[int, dict[str, Any]] = {n: {name: ones() for name in NAMES} for n in (1, 2)}
    held[step][name][array][element] = 1.5
    shown = [Record.of(n, held[n][""], {s: held[n][s] for s in slots}) for n in (1, 2)]
    verdict = judge("float64", [np.zeros(shape) for shape in SHAPES], asked, shown)
    assert verdict.first is not None
    first = verdict.first
    assert (first.step, first.slot, first.array, first.element) == place
    assert verdict.largest == 2


class WithSlots:
    """Rests, and shows a slot of given arrays."""

    def __init__(self, params, slot):
        self.params, self.slot = params, slot

    def step(self, grads):
        return self.params

    def slots(self):
        return {"v": self.slot}


@pytest.mark.parametrize("shape", [(3,), (1,), (4,), (2, 2), (1, 2), (2, 1)])
def test_a_slot_has_the_shape_of_its_parameter_or_is_one_number(shape, guard):
    feed = Feed("float64", [np.zeros(2), np.zeros(2)], [[np.ones(2), np.ones(2)]])

    def driven(second):
        slot = [np.zeros(2), np.zeros(second)]
        options = {"slots": ("v",), "what": "it", "guard": guard}
        return drive(lambda params: WithSlots(params, slot), feed, **options)

    for fitting in ((2,), ()):
        [observation] = driven(fitting)
        assert np.shape(observation.slots["v"][1]) == fitting
    told = r"it: step 1: slot v of param 1 has shape \(.*\); the parameter has shape \(2,\)"
    with pytest.raises(Finding, match=told):
        driven(shape)


def descent(hyper_dtype: str | None, held: str) -> Implementation:
    """Gradient descent in float64 whose rate is held in one type, and declared in another."""
    mine = Implementation("mine", dtypes=("float64",), hyper_dtype=hyper_dtype)

    @mine.implements("keras3/SGD")
    def sgd(params, *, learning_rate=0.01):
        rate = np.float64(np.dtype(held).type(learning_rate))

        def step(grads):
            params[:] = [p - rate * g for p, g in zip(params, grads, strict=True)]
            return params

        return step

    return mine


@pytest.mark.parametrize(
    ("declared", "held", "right"),
    [
        (None, "float64", True),
        (None, "float32", False),
        ("float32", "float32", True),
        ("float32", "float16", False),
    ],
)
def test_golden_cases_are_held_to_the_precision_that_is_declared(declared, held, right, guard):
    bench = Bench(descent(declared, held), "it", guard)
    [check] = [check for check in checks(bench) if check.case == "defaults"]
    if right:
        check.holds()
    else:
        with pytest.raises(Finding):
            check.holds()


@pytest.mark.parametrize(
    ("spec", "flushes"), [("tf.train/GradientDescentOptimizer", True), ("keras3/SGD", False)]
)
def test_the_bulk_knows_whether_the_library_flushes(spec, flushes):
    """A subnormal parameter is then as good as 0, and its error as large as itself."""
    subnormal = np.array([2.0**-130])
    [record] = bulk(spec, [subnormal], [[np.zeros(1)]], {"learning_rate": 0.5}, dtype="float32")
    assert (record.params[0].bound[0] >= subnormal[0]) == flushes
