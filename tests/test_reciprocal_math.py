"""What a compiler makes of a quotient of hyperparameters, x * (1/n) for x / n, is declared."""

from __future__ import annotations

import numpy as np
import pytest
from arithmetics import ratio, rounding

import oracle
from oracle.claim import Precision
from oracle.diagnosis.diagnose import diagnose
from oracle.diagnosis.evidence import Evidence
from oracle.record import Record
from oracle.systems.keras3.schedules import learning_rate

RATE = 0.7
LINE = {
    "class_name": "PolynomialDecay",
    "config": {"initial_learning_rate": RATE, "decay_steps": 6, "end_learning_rate": 0.0},
}
"""A straight line to 0 in six steps, and 6 * (1/6) is above 1 in float32, if nothing rounds it."""


def line_by_reciprocals(step: int) -> np.float32:
    """Return the rate as XLA computes it: one rounding of 1 - step * (1/6), a fused operation."""
    share = np.float64(min(step, 6)) * np.float64(np.float32(1) / np.float32(6))
    return np.float32(RATE) * np.float32(1 - share)


def bounded(schedule: dict[str, object], step: int, *, compiled: bool = True):
    with np.errstate(all="ignore"):
        return learning_rate(rounding("float32", reciprocal_math=compiled), schedule, step)


def stairs(periods: int) -> dict[str, object]:
    config = {"initial_learning_rate": 1.0, "decay_steps": periods, "decay_rate": 0.5}
    return {"class_name": "ExponentialDecay", "config": {**config, "staircase": True}}


@pytest.mark.parametrize("step", range(9))
def test_a_product_by_the_reciprocal_lies_in_the_bound_that_is_declared(step: int):
    rate = bounded(LINE, step)
    assert ratio(line_by_reciprocals(step), rate.value, rate.error) <= 1


def test_and_not_in_the_bound_of_who_divides():
    rate = bounded(LINE, 6, compiled=False)
    assert (float(rate.value), float(rate.error)) == (0, 0)
    assert line_by_reciprocals(6) < 0


@pytest.mark.parametrize("step", [40, 41, 42, 82, 123])
def test_a_stair_stays_where_it_is(step: int):
    """41 * (1/41) is below 1 in float32: a staircase that comes a step later is wrong."""
    compiled = bounded(stairs(41), step)
    divided = bounded(stairs(41), step, compiled=False)
    assert np.array_equal(compiled.error, divided.error)
    assert float(compiled.error) < 1e-5


def line(**more: object) -> dict[str, object]:
    return {**LINE, "config": {**LINE["config"], **more}}


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0, 2.5])
def test_what_is_left_at_the_end_is_little_and_no_nan(power: float):
    """Keras 3 under XLA takes the root of 1 - 3 * (1/3), which is below 0, and so a NaN."""
    rate = bounded(line(power=power), 6)
    assert float(rate.error) <= RATE * (2.0**-21) ** power


def test_nor_does_a_period_that_is_rounded_up():
    cycle = line(cycle=True)
    rate = bounded(cycle, 12)
    assert float(rate.error) < 1e-5


def descent(declared: Precision) -> Evidence:
    """Return eight steps by the line, whose last gradients are large, with those reciprocals."""
    position, seen = np.zeros(1, np.float32), []
    gradients = [np.full(1, 1.0 if step < 6 else 2.0**20, np.float32) for step in range(8)]
    for step, gradient in enumerate(gradients):
        position = position - line_by_reciprocals(step) * gradient
        seen.append(Record.of(step + 1, [position]))
    hyper, grads = {"learning_rate": LINE}, [[gradient] for gradient in gradients]
    return Evidence.of("keras3/SGD", hyper, [np.zeros(1)], grads, declared, seen)


def test_who_does_not_declare_it_is_told_of_it():
    assert not descent(Precision("float32", reciprocal_math=True)).worst
    first, *_ = diagnose(descent(Precision("float32")), 60)
    assert first.text.startswith("looks like: would pass with reciprocal_math=True")


def test_a_claim_declares_it_for_all_or_some_of_its_dtypes():
    some = oracle.Implementation("it", reciprocal_math=lambda dtype: dtype == "float32")
    some.implements("keras3/SGD")(line_by_reciprocals)
    some.implements("keras3/Adam", reciprocal_math=True)(line_by_reciprocals)
    asked = [(claim, dtype) for claim in some.claims for dtype in ("float32", "float64")]
    found = [claim.precision(dtype).reciprocal_math for claim, dtype in asked]
    assert found == [True, False, True, True]
