"""What `oracle measure` finds on devices of which it is known what they lose."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from emulated import Emulated, measured, measured_of, right

from oracle.dtypes import FloatType
from oracle.measuring.exact import as_float64, rounded_to
from oracle.measuring.programs import OPERATIONS, PROGRAMS
from oracle.measuring.telling import source, table
from oracle.measuring.work import Target, plan
from oracle.operations import ThroughLogarithm, read

HONEST = ("rsqrt", "exp", "log", "cos", "power")
"""Whose correct rounding float64 cannot prove: they are declared to lose 0.501 ulp."""


def told(backend: Emulated, dtype: str = "float32", **options) -> str:
    return "\n".join(table(measured(backend, dtype, **options)))


def up(name: str):
    """The next number above the right one."""

    def function(kind: FloatType, *arrays):
        result = right(PROGRAMS[name], kind, *arrays)
        higher = np.nextafter(result, np.asarray(np.inf, kind.numpy))
        return np.where(np.isfinite(result) & np.isfinite(higher), higher, result)

    return function


def flushed(kind: FloatType, numbers):
    tiny = np.abs(as_float64(numbers)) < kind.smallest_normal
    return np.where(tiny, np.copysign(np.zeros(1, kind.numpy), numbers), numbers)


def flushing(name: str):
    def function(kind: FloatType, *arrays):
        given = [flushed(kind, array) for array in arrays]
        return flushed(kind, right(PROGRAMS[name], kind, *given))

    return function


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_a_device_that_rounds_once_loses_nothing(dtype):
    found = measured(Emulated(), dtype)
    declared = found.operations("", "")
    assert declared.parts == (*HONEST, *(("accumulator",) if dtype == "float16" else ()))
    assert {declared.loss(name).ulp for name in HONEST} == {0.501}
    text = "\n".join(table(found))
    assert text.count("each operation is rounded, as written") == 4
    assert "subnormal numbers are kept" in text
    assert "special" not in text


def test_all_numbers_of_half_types_are_tried():
    found = measured(Emulated(), "float16", "sqrt")
    assert found.seen["sqrt"].inputs == 2**16 + 3
    assert "all 2^16 inputs  correctly rounded" in "\n".join(table(found))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_a_square_root_that_is_one_step_up_is_declared(dtype):
    declared = measured(Emulated(sqrt=up("sqrt")), dtype, "sqrt").operations("", "")
    assert declared.parts == ("sqrt",)
    assert 1.45 < declared.loss("sqrt").ulp <= 1.5


def test_float64_is_held_to_more_digits_than_it_has():
    def root(kind, x):
        with np.errstate(all="ignore"):
            return np.sqrt(x)

    def higher(kind, x):
        return np.nextafter(root(kind, x), np.inf)

    assert measured(Emulated(sqrt=root), "float64", "sqrt").operations("", "").parts == ()
    declared = measured(Emulated(sqrt=higher), "float64", "sqrt").operations("", "")
    assert 1.45 < declared.loss("sqrt").ulp <= 1.5


def test_a_wrong_rest_of_a_vector_is_seen():
    """Of which a block has 3 elements, whatever the width of a vector."""

    def function(kind, x):
        rest = np.arange(x.size) >= x.size // 8 * 8
        return np.where(rest, up("sqrt")(kind, x), right(PROGRAMS["sqrt"], kind, x))

    found = measured(Emulated(sqrt=function), "float32", "sqrt", samples=None)
    assert found.seen["sqrt"].misrounded in (1, 2, 3)


def test_a_device_that_flushes_is_told_and_loses_nothing_else():
    found = measured(Emulated(**{name: flushing(name) for name in OPERATIONS}), "float32")
    declared = found.operations("", "")
    assert declared.parts == (*HONEST, "flushes_subnormals")
    assert {declared.loss(name).ulp for name in HONEST} == {0.501}
    assert all(found.seen[n].flushed_operands for n in ("add", "divide", "sqrt", "log"))
    assert all(found.seen[n].flushed_results for n in ("add", "divide", "multiply", "exp"))


def test_a_result_that_is_too_small_in_its_last_bits_is_not_flushed():
    """The smallest number for 0 is an error of one ulp."""

    def function(kind, x):
        result = right(PROGRAMS["exp"], kind, x)
        return np.where(result <= kind.smallest_subnormal, kind.numpy.type(0), result)

    declared = measured(Emulated(exp=function), "float32", "exp", samples=2**18)
    assert declared.operations("", "").parts == ("exp",)


def test_a_power_that_takes_subnormal_numbers_for_others_is_told():
    def function(kind, x):
        low = np.maximum(as_float64(x), 2.0**-149) * 2.0**-20
        tiny = (x > 0) & (as_float64(x) < kind.smallest_normal)
        return np.where(tiny, rounded_to(kind, low**-0.5), right(PROGRAMS["power-0.5"], kind, x))

    found = measured(Emulated(**{"power-0.5": function}), "float32", "power")
    assert found.operations("", "").flushes_subnormals
    assert found.seen["power-0.5"].astray
    assert "taken for other numbers" in "\n".join(table(found))


@pytest.mark.parametrize("loss", [2.0**-23, 2.0**-17])
def test_a_root_of_subnormal_numbers_that_is_low_is_not_flushed(loss):
    """It lies between the exact one and that of 0, but is not lost."""

    def function(kind, x):
        with np.errstate(all="ignore"):
            return rounded_to(kind, np.sqrt(as_float64(x)) * (1 - loss))

    declared = measured(Emulated(sqrt=function), "float32", "sqrt").operations("", "")
    assert declared.parts == ("sqrt",)


def test_division_by_the_reciprocal_is_declared():
    def divide(kind, a, b):
        return a * (1 / b)

    def by_constant(kind, x):
        return x * (np.ones(1, kind.numpy) / kind.numpy.type(3))

    with np.errstate(all="ignore"):
        found = measured(Emulated(divide=divide, by_constant=by_constant), "float32")
    declared = found.operations("", "")
    assert declared.parts == ("divide", *HONEST)
    assert declared.loss("divide").ulp > 1.2
    assert declared.loss("divide").within[0] == 2.0**-126, "below, the reciprocal is infinite"
    assert "x / 3: multiplied by the rounded reciprocal" in "\n".join(table(found))


def test_quotients_beyond_a_range_are_promised_by_nobody():
    """As those of PTX's div.approx, which are 0 for divisors above 2^126."""

    def function(kind, a, b):
        return np.where(np.abs(as_float64(b)) > 2.0**126, kind.numpy.type(0), a / b)

    with np.errstate(all="ignore"):
        declared = measured(Emulated(divide=function), "float32", "divide").operations("", "")
    loss = declared.loss("divide")
    assert loss.ulp == 0.5
    assert 2.0**125 < loss.within[1] < 2.0**126
    assert loss.within[0] <= 2.0**-149


def test_an_exponential_that_is_wrong_for_one_input_is_found():
    def function(kind, x):
        result = right(PROGRAMS["exp"], kind, x)
        place = np.flatnonzero(x == kind.numpy.type(-0.5))
        result[place] += kind.numpy.type(100 * 2.0**-11)
        return result

    found = measured(Emulated(exp=function), "float16", "exp")
    assert found.seen["exp"].worst.operands == (-0.5,)
    assert found.operations("", "").loss("exp").ulp == pytest.approx(100, abs=1)


def test_a_result_that_is_no_number_ends_what_is_promised():
    def function(kind, x):
        result = right(PROGRAMS["exp"], kind, x)
        result[x == kind.numpy.type(8.0)] = np.nan
        return result

    loss = measured(Emulated(exp=function), "float16", "exp").operations("", "").loss("exp")
    assert loss.within[1] < 8.0
    assert loss.ulp == 0.501


def test_an_exponential_through_base_two_loses_more_of_larger_arguments():
    def function(kind, x):
        with np.errstate(all="ignore"):
            exponent = np.float32(1 / math.log(2)) * x
            return rounded_to(kind, np.exp2(as_float64(exponent)))

    loss = measured(Emulated(exp=function), "float32", "exp").operations("", "").loss("exp")
    assert loss.ulp < 2
    assert 0.3 < loss.ulp_of_argument < 2


def test_a_logarithm_near_one_is_told_by_its_absolute_error():
    def function(kind, x):
        with np.errstate(all="ignore"):
            return rounded_to(kind, np.log(as_float64(x)) + 2.0**-22)

    loss = measured(Emulated(log=function), "float32", "log").operations("", "").loss("log")
    assert loss.absolute == pytest.approx(2.0**-22, rel=0.3)
    assert loss.ulp < 6


def test_a_power_through_its_logarithm_is_told_by_what_that_loses():
    def function(kind, a, b):
        with np.errstate(all="ignore"):
            logarithm = np.log2(as_float64(a)) + 2.0**-22
            return rounded_to(kind, np.exp2(as_float64(b) * logarithm))

    declared = measured(Emulated(power=function), "float32", "power").operations("", "")
    loss = declared.losses["power"]
    assert isinstance(loss, ThroughLogarithm)
    assert 2.0**-22 <= loss.log2.absolute < 2.0**-21


@pytest.mark.parametrize("name", ["add", "subtract", "multiply"])
def test_sums_and_products_that_are_not_correctly_rounded_are_declared(name):
    operation = OPERATIONS[name].operation
    declared = measured(Emulated(**{name: up(name)}), "float32", operation).operations("", "")
    assert declared.parts == (operation,)
    assert 1.45 < declared.loss(operation).ulp <= 2.5, (
        "a step down from a power of 2 is half as long"
    )


def test_an_exact_zero_that_is_none_is_a_special_value():
    def function(kind, x):
        with np.errstate(all="ignore"):
            return (x * (1 / np.sqrt(x))).astype(kind.numpy)

    found = measured(Emulated(sqrt=function), "float32", "sqrt")
    assert "special value: sqrt(x) of 0.0 is nan, not 0.0" in "\n".join(table(found))


def test_what_infinity_gives_is_no_loss():
    def function(kind, x):
        result = right(PROGRAMS["rsqrt"], kind, x)
        return np.where(np.isinf(x), kind.numpy.type(2.0**-20), result)

    found = measured(Emulated(rsqrt=function), "float16", "rsqrt")
    assert found.operations("", "").as_json() == {"rsqrt": {"ulp": 0.501}}
    text = "\n".join(table(found))
    assert "also (inf) gives 9.5367e-07, exactly 0" in text
    assert "special value: rsqrt(x) of inf is 9.5367431640625e-07, not 0.0" in text


def test_the_sign_of_zero_is_looked_at():
    def function(kind, x):
        return np.abs(right(PROGRAMS["sqrt"], kind, x))

    text = "\n".join(table(measured(Emulated(sqrt=function), "float32", "sqrt")))
    assert "sqrt(x) of -0.0 is 0.0, not -0.0" in text


def test_what_a_library_refuses_is_told_and_the_rest_is_measured():
    def refused(kind, *arrays):
        raise RuntimeError("not implemented for 'Half'\nat some place\nin some file")

    names = ("sqrt", "fused", "sum", "matmul")
    found = measured(Emulated(**dict.fromkeys(names, refused)), "float32", samples=10)
    text = "\n".join(table(found))
    assert text.count("RuntimeError: not implemented for 'Half' at some place") == len(names)
    assert "sqrt(x)" in source(found, "", "").partition("not measured:")[2]
    assert "some file" not in text


def test_the_declaration_comes_back_from_its_file_with_its_source(tmp_path):
    found = measured(Emulated(sqrt=up("sqrt")), "float16")
    declared = found.operations("measured", source(found, "emulated 1.0", "cpu (paper)"))
    path = tmp_path / "operations.json"
    path.write_text(declared.text)
    assert read(path) == declared
    for part in ("emulated 1.0 on cpu (paper), float16", "all 2^16 inputs", "samples", "worst ("):
        assert part in read(path).source


def test_part_of_a_measurement_says_that_it_is_one():
    parts = plan(Target("emulated"), "float16", ("power",), 2**20, True)
    found = measured_of(Emulated(), "float16", parts)
    assert found.is_complete
    found.parts["power"] -= 1
    assert "of the inputs planned" in source(found, "", "")
    assert not replace(found).is_complete
