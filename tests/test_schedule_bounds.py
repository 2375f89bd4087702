"""A schedule rounds in the type of the learning rate throughout, whatever the variables are."""

from __future__ import annotations

import numpy as np
import pytest
from arithmetics import ratio, rounding

from oracle.adapters.numpy.schedules import learning_rate_at
from oracle.systems.keras3.schedules import learning_rate

SINGLE_RATE = {"*": "float64", "learning_rate": "float32"}
FORTY = range(1, 40)
LATE = {
    "a cosine that ends at 0": (
        "CosineDecay",
        {"initial_learning_rate": 0.7, "decay_steps": 40, "alpha": 0.0},
    ),
    "a cosine that begins anew": (
        "CosineDecayRestarts",
        {"initial_learning_rate": 0.01, "first_decay_steps": 42, "t_mul": 1.0, "alpha": 0.001},
    ),
    "a line that ends at 0": (
        "PolynomialDecay",
        {"initial_learning_rate": 0.7, "decay_steps": 43, "end_learning_rate": 0.0},
    ),
}
"""Rates that are a small difference at the end of their period."""


def bounded(schedule, step, hyper_dtype):
    xp = rounding("float64", hyper_dtype)
    return xp, learning_rate(xp, schedule, step)


@pytest.mark.parametrize(("name", "config"), LATE.values(), ids=LATE)
def test_float32_throughout_lies_in_the_bound_of_a_rate_that_is_held_in_it(name, config):
    schedule, worst = {"class_name": name, "config": config}, {}
    for step in FORTY:
        single = float(learning_rate_at(schedule, step, np.float32))
        for held in (SINGLE_RATE, {**SINGLE_RATE, "*": "float32"}, "float64"):
            _, rate = bounded(schedule, step, held)
            found = ratio(single, rate.value, rate.error)
            worst[str(held)] = max(worst.get(str(held), 0.0), found)
    by_rate, by_all, by_double = worst.values()
    assert by_rate == by_all <= 1 < by_double


def test_a_schedule_of_doubles_is_held_to_doubles():
    name, config = LATE["a cosine that ends at 0"]
    _, rate = bounded({"class_name": name, "config": config}, 39, "float64")
    assert rate.error < 1e-12 * float(rate.value)


def test_what_is_no_schedule_keeps_its_own_type():
    name, config = LATE["a line that ends at 0"]
    xp, rate = bounded({"class_name": name, "config": config}, 7, SINGLE_RATE)
    assert rate.xp is xp
    assert rate.kind.name == "float32"
    assert (1 - xp.constant(0.1)).kind.name == "float64"
    assert xp.pi.error < 1e-15
