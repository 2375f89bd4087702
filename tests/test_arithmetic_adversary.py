"""An adversary goes to the end of the bound of every operand, and of every rounding.

It gets outside of no bound. And it comes near to each one: a bound that forgets an operand, or half
of a rounding, is exceeded; one that is twice too large is not reached.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pytest
from arithmetics import MP, rounding

from oracle.arithmetic.bounded import Bounded
from oracle.arithmetic.model import Model
from oracle.arithmetic.mp import MpValues
from oracle.arithmetic.rounding import Rounding
from oracle.dtypes import float_type

FLOAT32 = float_type("float32")
U = FLOAT32.unit_roundoff
NEAR = 0.97
"""How near to its bound the adversary comes, at least."""

FIRST = np.array([0.625, 1.5, 3.75, 40.0])
SECOND = np.array([0.875, 2.25, 0.375, 7.0])


@dataclass(frozen=True)
class Operation:
    """An operation on arrays, what it is exactly, and its roundings in units of roundoff."""

    name: str
    of: Callable[..., Any]
    exactly: Callable[..., Any]
    roundings: float
    arity: int = 2
    near: float = NEAR
    """How near to its bound the adversary comes where operands are far off."""

    def __str__(self) -> str:
        return self.name


OPERATIONS = [
    Operation("add", lambda xp, a, b: a + b, lambda a, b: a + b, 1),
    Operation("subtract", lambda xp, a, b: a - b, lambda a, b: a - b, 1),
    Operation("multiply", lambda xp, a, b: a * b, lambda a, b: a * b, 1),
    Operation("divide", lambda xp, a, b: a / b, lambda a, b: a / b, 2),
    Operation("square", lambda xp, a: a**2, lambda a: a * a, 1, arity=1),
    Operation("sqrt", lambda xp, a: xp.sqrt(a), np.sqrt, 1, arity=1),
    Operation("exp", lambda xp, a: xp.exp(a), np.exp, 8, arity=1),
    Operation("log", lambda xp, a: xp.log(a), np.log, 8, arity=1),
    Operation("power", lambda xp, a: a ** xp.constant(0.75), lambda a: a**0.75, 8, 1, near=0.5),
    Operation("negative", lambda xp, a: -a, lambda a: -a, 0, arity=1),
    Operation("abs", lambda xp, a: xp.abs(a), np.abs, 0, arity=1),
    Operation("maximum", lambda xp, a, b: xp.maximum(a, b), np.maximum, 0),
    Operation("minimum", lambda xp, a, b: xp.minimum(a, b), np.minimum, 0),
    Operation("sum", lambda xp, a: xp.sum(a), np.sum, 3, arity=1),
]


def number(xp: Rounding, values: np.ndarray, error: np.ndarray) -> Bounded:
    """An array of a candidate that may be off by ``error``."""
    exact = xp.values.exactly(values)
    return Bounded(xp, exact, np.asarray(error), kind=FLOAT32, host=False)


def bound_of(operation: Operation, xp: Rounding, errors: tuple[np.ndarray, ...]) -> np.ndarray:
    operands = [number(xp, v, e) for v, e in zip((FIRST, SECOND), errors, strict=False)]
    result = operation.of(xp, *operands)
    return np.asarray(result.error, np.float64)


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_every_rounding_is_charged_and_none_twice(operation: Operation):
    nothing = (np.zeros(()),) * operation.arity
    bound = bound_of(operation, rounding("float32"), nothing)
    exact = np.abs(operation.exactly(*(FIRST, SECOND)[: operation.arity]))
    np.testing.assert_allclose(bound, operation.roundings * U * exact, rtol=1e-5, atol=0)


def furthest(operation: Operation, errors: tuple[np.ndarray, ...]) -> np.ndarray:
    """How far the result is moved by the worst of all ends of the operands' errors."""
    operands = (FIRST, SECOND)[: operation.arity]
    exact = operation.exactly(*operands)
    moved = [
        operation.exactly(*(v + s * e for v, s, e in zip(operands, signs, errors, strict=True)))
        for signs in product((-1, 1), repeat=operation.arity)
    ]
    return np.max([np.abs(found - exact) for found in moved], axis=0)


@pytest.mark.parametrize("share", [1e-3, 0.2, 0.6])
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_every_operand_is_gone_along_with_to_its_end(operation: Operation, share: float):
    """One operand at a time, and all at once; errors are propagated to every order."""
    near = operation.near if share > 0.01 else NEAR
    for which in product((0.0, 1.0), repeat=operation.arity):
        errors = tuple(w * share * v for w, v in zip(which, (FIRST, SECOND), strict=False))
        moved = furthest(operation, errors)
        bound = bound_of(operation, rounding("float32"), errors)
        assert np.all(moved <= bound * (1 + 1e-12))
        far = moved > 1e-4 * np.abs(operation.exactly(*(FIRST, SECOND)[: operation.arity]))
        assert np.all(np.where(far, moved >= near * bound, True))


@pytest.mark.parametrize("moved", ["left", "right", "both"])
def test_a_matrix_product_is_as_far_off_as_both_its_operands_let_it(moved: str):
    random = np.random.default_rng(0)
    a, b = random.normal(size=(3, 4)), random.normal(size=(4, 2))
    errors = [
        0.1 * np.abs(m) * (moved in (side, "both")) for m, side in ((a, "left"), (b, "right"))
    ]
    xp = rounding("float32")
    result = xp.matmul(number(xp, a, errors[0]), number(xp, b, errors[1]))
    for i, j in product(range(3), range(2)):
        size = np.sum((np.abs(a[i]) + errors[0][i]) * (np.abs(b[:, j]) + errors[1][:, j]))
        most = size - np.sum(np.abs(a[i] * b[:, j]))
        assert result.error[i, j] == pytest.approx(most, rel=0.01)


@pytest.mark.parametrize("way", [lambda a, b: a + b, lambda a, b: a * b, lambda a, b: a - b])
@pytest.mark.parametrize("names", ["ab", "ba"])
def test_two_hyperparameters_meet_in_the_narrower_of_their_types(way, names):
    model = Model(FLOAT32, FLOAT32, {"a": FLOAT32, "b": float_type("float64"), "*": FLOAT32})
    xp = Rounding(MpValues(MP.context), model)
    result = way(*(xp.constant(0.75, name) for name in names))
    size = float(abs(result.value))
    assert float(result.error) == pytest.approx(U * size if size else 0.0, rel=1e-5)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_a_hyperparameter_may_be_rounded_twice(dtype: str):
    """To float32, and then to the type: a tie may be made, and broken to the other side."""
    kind = float_type(dtype)
    ulp = 2.0 ** (1 - kind.precision)
    value = 1 + ulp / 2 + 2.0**-30
    directly, twice = 1 + ulp, 1.0
    assert abs(value - directly) < abs(value - twice)
    assert float(kind.round(FLOAT32.round(value))) == twice
    held = rounding(dtype).constant(value)
    assert float(held.error) == pytest.approx(value - twice, rel=1e-12)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_a_number_computed_in_a_wider_type_may_be_rounded_twice(dtype: str):
    """Made of hyperparameters in float64, it enters arrays of 16 bits by float32 or directly."""
    kind = float_type(dtype)
    xp = rounding(dtype, "float64")
    made = xp.constant(0.3) * xp.constant(0.7)
    entered = xp.array(np.ones(1, kind.numpy)) * made
    of_product = (1 + kind.unit_roundoff) * kind.unit_roundoff
    most = 0.21 * (kind.unit_roundoff + U + of_product)
    assert float(entered.error[0]) == pytest.approx(most, rel=0.02)
    assert float(entered.error[0]) > 0.21 * (2 * kind.unit_roundoff + U)
