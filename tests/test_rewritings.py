"""Every form in the table of what is honest, computed in float32: it lies in the formula's bound.

Each entry is needed: the bound of a table without it excludes one of its forms. A form that is the
same in mathematics, but is in no table, lies outside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from arithmetics import without

from oracle.arithmetic.base import Number
from oracle.arithmetic.made import Operator
from oracle.arithmetic.model import Model
from oracle.arithmetic.native import native
from oracle.arithmetic.rewritings.rewriting import Rewriting
from oracle.arithmetic.rewritings.sums import WEIGHTED_MEAN
from oracle.arithmetic.rewritings.table import REWRITINGS
from oracle.arithmetic.rounding import Rounding

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

SIZE = 20_000
TIMES = 64
"""The factors of a running product."""
Operands = Mapping[str, Any]
Draw = Callable[[np.random.Generator], Operands]


def near(rng: np.random.Generator, center: float = 1.0) -> np.ndarray:
    return center * rng.uniform(1, 2, SIZE)


def cancelling(rng: np.random.Generator) -> Operands:
    x, z = rng.normal(size=SIZE), near(rng)
    y = -3 * x * (1 + 1e-4 * rng.normal(size=SIZE))
    return {"h": 0.75, "k": 0.25, "p": 1e-3 * rng.normal(size=SIZE), "x": x, "y": y, "z": z}


def spikes(rng: np.random.Generator) -> Operands:
    x, y = rng.normal(size=SIZE), 1000 * rng.normal(size=SIZE)
    return {"x": x, "y": y, "z": -y * (1 + 1e-3 * rng.normal(size=SIZE))}


WHERE_IT_MATTERS: dict[str, Draw] = {
    "a sum in any order": lambda rng: {"x": near(rng, 2e-8), "y": near(rng, 2e-8), "z": near(rng)},
    "a weighted mean": lambda rng: {"h": 0.01, "x": near(rng), "y": near(rng, 1e-6)},
    "an average that moves": lambda rng: {"h": 0.001, "x": near(rng), "y": near(rng, -0.5)},
    "a share that is taken off": lambda rng: {"h": 2.0**-12 + 2.0**-25, "x": near(rng)},
    "a mean over steps": spikes,
    "a quotient by the reciprocal": lambda rng: {"x": near(rng), "y": near(rng)},
    "a product in any order": lambda rng: {
        "x": near(rng, 2.0**20),
        "y": near(rng, 2.0**-120),
        "z": near(rng, 2.0**20),
    },
    "one root of a quotient": lambda rng: {"x": near(rng, 1e-7), "y": near(rng, 1e37)},
    "a product term by term": cancelling,
    "a running product": lambda rng: {"x": rng.uniform(0.9, 1, SIZE), "t": TIMES},
}


def anywhere(rewriting: Rewriting, rng: np.random.Generator) -> Operands:
    """Operands of every size and sign; under a root, and where powers are taken, positive ones."""
    signs = (
        (1,) if {"sqrt", "**"} & set(rewriting.formula.replace("(", ".").split(".")) else (1, -1)
    )
    sizes = np.exp2(rng.uniform(-40, 40, (6, SIZE))) * rng.choice(signs, (6, SIZE))
    shares = {name: float(rng.choice([0.5, 0.1, 0.01, 1e-4])) for name in rewriting.hyper}
    return {**dict(zip("xyzp", sizes, strict=False)), "t": 3, **shares}


def in_float32(operands: Operands) -> Operands:
    """The same as a candidate holds them; an integer is a literal of the formula."""
    return {n: v if isinstance(v, int) else np.float32(v) for n, v in operands.items()}


def computed(form: str, operands: Operands) -> np.ndarray:
    """A form in numpy's float32, whose scalars are arrays: literals then take their type."""
    form = form.replace("* ... ", "* x " * (int(operands.get("t", 2)) - 2))
    held = {n: v if isinstance(v, int) else np.atleast_1d(v) for n, v in operands.items()}
    found = eval(form, {"xp": SimpleNamespace(sqrt=np.sqrt), **held})
    assert found.dtype == np.float32
    return found.astype(np.float64)


def bounded(rewriting: Rewriting, operands: Operands, honest: Sequence[Rewriting]):
    """The truth and the bound of the formula."""
    xp = native(Model.declared("float32"), honest)
    held = {n: xp.array(v) if np.ndim(v) else xp.constant(v) for n, v in operands.items()}
    if Operator.AVERAGE in rewriting.at:
        return averaged(xp, [held[name] for name in "xyz"])
    return eval(rewriting.formula, {"xp": xp, **held})


def averaged(xp: Rounding, numbers: list[Number]):
    """The mean as libraries form it: its sum is kept from step to step."""
    total = numbers[0]
    for number in numbers[1:]:
        total = xp.store(total + number, total)
    return xp.averaged(total / len(numbers), numbers)


def outside(
    rewriting: Rewriting, form: str, operands: Operands, honest: Sequence[Rewriting] = REWRITINGS
) -> int:
    """How many elements of a form are out of the bound of the formula."""
    bound = bounded(rewriting, operands, honest)
    off = np.abs(computed(form, operands) - bound.value)
    return int(np.sum(~(off <= bound.error) & np.isfinite(bound.value)))


FORMS = [
    pytest.param(rewriting, form, id=f"{rewriting.name}: {form}")
    for rewriting in REWRITINGS
    for form in rewriting.forms
]
ENTRIES = pytest.mark.parametrize("rewriting", REWRITINGS, ids=lambda r: r.name)


def matters(rewriting: Rewriting) -> Operands:
    return in_float32(WHERE_IT_MATTERS[rewriting.name](np.random.default_rng(7)))


@pytest.mark.parametrize(("rewriting", "form"), FORMS)
def test_a_form_of_the_table_lies_in_the_bound_of_the_formula(rewriting: Rewriting, form: str):
    assert outside(rewriting, form, matters(rewriting)) == 0
    for seed in range(10):
        operands = in_float32(anywhere(rewriting, np.random.default_rng(seed)))
        assert outside(rewriting, form, operands) == 0


@ENTRIES
def test_an_entry_is_needed(rewriting: Rewriting):
    """Without it, one of its forms is a false alarm."""
    table, operands = without(rewriting), matters(rewriting)
    assert any(outside(rewriting, form, operands, table) for form in rewriting.forms)


@ENTRIES
def test_a_form_that_is_in_no_table_lies_outside(rewriting: Rewriting):
    """A number that is added and taken off again leaves its roundings behind."""
    operands = matters(rewriting)
    largest = np.max(np.abs(bounded(rewriting, operands, REWRITINGS).value))
    operands = {**operands, "w": np.float32(2.0**30 * largest)}
    assert outside(rewriting, f"({rewriting.forms[0]} + w) - w", operands) > SIZE / 2


def test_every_entry_has_a_name_of_its_own_and_operands_that_show_it():
    assert [r.name for r in REWRITINGS] == list(dict.fromkeys(r.name for r in REWRITINGS))
    assert {r.name for r in REWRITINGS} == set(WHERE_IT_MATTERS)


def test_by_an_empty_table_an_operation_loses_its_own_rounding_and_no_more():
    x, y = np.float32([[3.0, 5.0], [7.0, 11.0]])
    for honest, roundings in (([], 1), (REWRITINGS, 2)):
        xp = native(Model.declared("float32"), honest)
        quotient = xp.array(x) / xp.array(y)
        assert quotient.error == pytest.approx(roundings * 2.0**-24 * x / y, rel=1e-5)


def test_minus_one_less_a_share_is_not_the_rest_of_it():
    def error(honest: Sequence[Rewriting], one: int) -> np.ndarray:
        xp = native(Model.declared("float32"), honest)
        h, x, y = xp.constant(0.01), xp.array([1.5]), xp.array([1e-6])
        return (h * x + (one - h) * y).error

    others = without(WEIGHTED_MEAN)
    assert error(REWRITINGS, -1) == error(others, -1)
    assert error(REWRITINGS, 1) > error(others, 1)
