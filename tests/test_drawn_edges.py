"""Random runs come to the edges of hyperparameters, as far as the library takes them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

import oracle
from oracle.adapters.numpy.schedules import learning_rate_at
from oracle.conformance.properties import takes
from oracle.conformance.scheduled import schedule
from oracle.conformance.strategies import hyperparameters
from oracle.systems.keras3.schedules import check_schedule

QUICK = settings(
    max_examples=400,
    database=None,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
FEW = settings(parent=QUICK, max_examples=100)
Drawn = dict[str, Any]


def _hyper(spec: str) -> st.SearchStrategy[Drawn]:
    known = oracle.spec(spec)
    return hyperparameters(known, "float32", set(known.arguments), schedules=True)


def _rate() -> st.SearchStrategy[Drawn]:
    return schedule(st.sampled_from([0.5, 0.25]))


@pytest.mark.parametrize("shape", [(), (0,), (3,)])
def test_a_clip_along_an_axis_is_given_arrays_that_have_it(shape: tuple[int, ...]):
    clips = oracle.spec("tf.contrib.opt/VariableClippingOptimizer")
    opt = {"class_name": "GradientDescentOptimizer", "config": {"learning_rate": 1.0}}
    hyper = {"opt": opt, "max_norm": 1.0}
    assert takes(clips, shape, {**hyper, "vars_to_clip_dims": {"0": [0]}}) == bool(shape)
    assert takes(clips, shape, {**hyper, "vars_to_clip_dims": {}})


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("keras3/Adam", "beta_1"),
        ("keras3/Adam", "beta_2"),
        ("keras2/Nadam", "beta_1"),
        ("keras3/RMSprop", "rho"),
        ("tf.train/AdamOptimizer", "beta1"),
        ("tf.train/MomentumOptimizer", "momentum"),
    ],
)
def test_a_decay_rate_of_zero_is_drawn(spec: str, name: str):
    find(_hyper(spec), lambda hyper: hyper[name] == 0, settings=QUICK)


def test_what_a_library_refuses_is_not_drawn():
    with pytest.raises(NoSuchExample):
        find(_hyper("keras3/Lion"), lambda hyper: hyper["beta_1"] == 0, settings=FEW)


@pytest.mark.parametrize(
    ("name", "edge"),
    [
        ("PiecewiseConstantDecay", lambda c: len(c["boundaries"]) >= 3),
        ("PiecewiseConstantDecay", lambda c: 0 in c["boundaries"]),
        ("PolynomialDecay", lambda c: c["cycle"]),
        ("CosineDecay", lambda c: c.get("warmup_steps", 0) >= 2),
        ("CosineDecayRestarts", lambda c: c["t_mul"] == 1.5 and c["m_mul"] == 0.75),
        ("ExponentialDecay", lambda c: c["staircase"] and 1 < c["decay_steps"] < 5),
    ],
)
def test_an_edge_of_a_schedule_is_drawn(name: str, edge: Callable[[Drawn], bool]):
    find(_rate(), lambda s: s["class_name"] == name and edge(s["config"]), settings=QUICK)


@pytest.mark.parametrize("side", [0, 1])
def test_boundaries_lie_side_by_side_and_apart(side: int):
    def apart(drawn: Drawn) -> bool:
        ends = drawn["config"].get("boundaries", [])
        return any((b - a > 1) == bool(side) for a, b in pairwise(ends))

    find(_rate(), apart, settings=QUICK)


@given(_rate())
@FEW
def test_a_drawn_rate_rises_only_where_its_schedule_says_so(drawn: Drawn):
    config = drawn["config"]
    rising = {"warmup_steps", "first_decay_steps", "values"} & config.keys()
    assume(not rising and not config.get("cycle", False))
    rates = [float(learning_rate_at(drawn, step, np.float64)) for step in range(12)]
    assert sorted(rates, reverse=True) == rates


@given(_rate())
@FEW
def test_every_drawn_schedule_is_one_that_keras_takes(drawn: Drawn):
    assert check_schedule(drawn) is None
