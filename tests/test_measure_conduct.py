"""What `oracle measure` says of expressions, sums and products, which are no single operations."""

from __future__ import annotations

import re

import numpy as np
import pytest
from emulated import LIBRARY, Emulated, measured

from oracle.dtypes import float_type
from oracle.measuring.exact import as_float64, rounded_to
from oracle.measuring.programs import PROGRAMS
from oracle.measuring.telling import table


def told(backend: Emulated, dtype: str = "float32", **options) -> str:
    return "\n".join(table(measured(backend, dtype, **options)))


def wide(name: str):
    """All of an expression in float64, rounded once."""

    def function(kind, *arrays):
        numbers = map(as_float64, arrays)
        return rounded_to(kind, np.asarray(PROGRAMS[name].function(LIBRARY, kind, *numbers)))

    return function


def test_a_fused_product_is_told_from_a_wider_type():
    fused = {name: wide(name) for name in ("fused", "fused_difference")}
    assert told(Emulated(**fused)).count("the product is not rounded: fused") == 2
    text = told(Emulated(**fused, kept=wide("kept"), cancelled=wide("cancelled")))
    assert text.count("the product is not rounded: in a wider type") == 2
    assert "(a + b) - a: what is between is kept in float64" in text
    assert "a * b / b: is a everywhere" in text


def test_some_fused_elements_are_counted():
    def function(kind, a, b, c):
        result = a * b + c
        result[:8] = wide("fused")(kind, a[:8], b[:8], c[:8])
        return result

    assert re.search(r"not rounded in [1-8] of \d+ elements", told(Emulated(fused=function)))


def test_a_simplified_expression_is_told():
    text = told(Emulated(kept=lambda kind, a, b: b, cancelled=lambda kind, a, b: a + b))
    assert "(a + b) - a: simplified to b" in text
    assert "a * b / b: differs from what is written in 1003 of 1003" in text


def one_after_the_other(dtype: str):
    """Add the terms up in a type."""

    def function(kind, x):
        total = np.zeros((), float_type(dtype).numpy)
        for term in x:
            total = (total + term).astype(total.dtype)
        return total.astype(kind.numpy)

    return function


def in_a_tree(dtype: str):
    def function(kind, x):
        level = x.astype(float_type(dtype).numpy)
        while level.size > 1:
            level = np.append(level, np.zeros(level.size % 2, level.dtype)).reshape(-1, 2)
            level = (level[:, 0] + level[:, 1]).astype(level.dtype)
        return level[0].astype(kind.numpy)

    return function


@pytest.mark.parametrize("order", [one_after_the_other, in_a_tree])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
@pytest.mark.parametrize("accumulator", ["bfloat16", "float16", "float32", "float64"])
def test_the_type_in_which_sums_accumulate_is_found(order, dtype, accumulator, monkeypatch):
    monkeypatch.setattr("oracle.measuring.sums.TO_SHUFFLE", 99)
    with np.errstate(all="ignore"):
        found = measured(Emulated(sum=order(accumulator)), dtype, samples=10)
    assert f"sums accumulate in {accumulator}" in "\n".join(table(found))
    assert found.other.accumulator in (accumulator, "float32", "float64")


def rounded_operands(dtype: str, accumulator: str = "float32"):
    bits = {"tfloat32": 11, "bfloat16": 8}[dtype]

    def narrow(numbers):
        mantissa, exponent = np.frexp(as_float64(numbers))
        return np.ldexp(np.round(np.ldexp(mantissa, bits)), exponent - bits)

    def function(kind, a, b):
        product = np.zeros((len(a), b.shape[1]), float_type(accumulator).numpy)
        for column, row in zip(narrow(a).T, narrow(b), strict=True):
            product = (product + np.outer(column, row)).astype(product.dtype)
        return product.astype(kind.numpy)

    return function


@pytest.mark.parametrize("products", ["tfloat32", "bfloat16"])
def test_rounded_operands_of_matrix_products_are_declared(products):
    found = measured(Emulated(matmul=rounded_operands(products)), "float32", samples=10)
    assert found.operations("", "").products == products
    assert f"their operands are rounded to {products}" in "\n".join(table(found))


def test_the_accumulator_of_matrix_products_is_declared():
    backend = Emulated(matmul=rounded_operands("bfloat16", "bfloat16"))
    declared = measured(backend, "float32", samples=10).operations("", "")
    assert (declared.products, declared.accumulator) == ("bfloat16", "bfloat16")


def test_a_sum_that_does_not_repeat_itself_is_told():
    runs = iter(range(10**6))

    def function(kind, x):
        return np.asarray(np.sum(np.roll(x, next(runs))[: x.size - 1]), kind.numpy)

    assert re.search(r"[2-8] results in 8 runs", told(Emulated(sum=function), samples=10))


# What cannot be computed, and what is written


def test_a_result_of_another_type_is_none():
    text = told(Emulated(exp=lambda kind, x: np.exp(as_float64(x))), samples=10)
    assert re.search(r"exp\(x\) +not measured  the result is float64", text)
