"""What measured results are held to, and the inputs that they are measured with."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from oracle.dtypes import DTYPES, float_type
from oracle.measuring import exact
from oracle.measuring.inputs import BLOCK, SAMPLED, _near_midpoint, blocks_of_all, patterns, samples
from oracle.measuring.programs import OPERATIONS, PROGRAMS

FLOAT32, FLOAT64 = float_type("float32"), float_type("float64")
MPMATH = {
    "sqrt": mpmath.sqrt,
    "rsqrt": lambda x: 1 / mpmath.sqrt(x),
    "exp": mpmath.exp,
    "log": mpmath.log,
    "cos": mpmath.cos,
    "power": mpmath.power,
    "divide": lambda a, b: a / b,
    "add": lambda a, b: a + b,
    "multiply": lambda a, b: a * b,
}


def operands_of(name: str, kind, block: int = 0, size: int = 301):
    program = PROGRAMS[name]
    given = program.operands(kind, *samples(program, kind, block, size))
    return np.broadcast_arrays(*map(exact.as_float64, given))


@pytest.mark.parametrize("name", OPERATIONS)
def test_two_parts_of_a_float64_result_are_what_mpmath_has(name):
    operands = operands_of(name, FLOAT64)
    high, low = exact.exact(PROGRAMS[name].operation, FLOAT64, operands)
    with mpmath.workdps(60):
        for place, given in enumerate(zip(*operands, strict=True)):
            if any(x < 0 for x in given) and name not in ("add", "subtract", "multiply", "divide"):
                continue
            if not 0 < abs(high[place]) < 1e300:
                continue
            wanted = MPMATH[PROGRAMS[name].operation](*map(mpmath.mpf, map(float, given)))
            held = mpmath.mpf(float(high[place])) + float(low[place]) * mpmath.mpf(
                math.ulp(high[place])
            )
            assert abs(held - wanted) <= math.ulp(high[place]) * mpmath.mpf(2) ** -48


@pytest.mark.parametrize("name", ["rsqrt", "exp", "log", "cos", "power", "decay"])
def test_float64_is_as_near_as_the_margin_says(name):
    """For operands of float32, held to Arb."""
    operation, operands = PROGRAMS[name].operation, operands_of(name, FLOAT32, size=4001)
    [plain, _] = exact.exact(operation, FLOAT32, operands)
    high, low = exact.exact(operation, FLOAT64, operands)
    told = np.isfinite(plain) & np.isfinite(high) & (high != 0)
    error = exact.error_in_ulp(FLOAT32, high[told], low[told], plain[told])
    assert told.sum() > 1000
    assert error.max() <= exact.MARGIN / 2


@pytest.mark.parametrize(
    ("exact_result", "got", "ulp"),
    [
        (1.0, 1.0 + 2.0**-23, 1.0),
        (1.0 + 2.0**-24, 1.0, 0.5),
        (1.9999, 1.9999 - 2.0**-23, 1.0),
        (2.0**-149, 0.0, 1.0),
        (2.0**-140, 2.0**-140 + 2.0**-148, 2.0),
        (0.0, 2.0**-149, 1.0),
        (0.0, -0.0, 0.0),
        (-1.0, 1.0, 2.0**24),
        (FLOAT32.largest, np.inf, 1.0),
        (2.0**128 - 2.0**103, np.inf, 0.0),
        (2.0**128, FLOAT32.largest, 0.5),
        (2.0**129, np.inf, 0.0),
        (np.inf, np.inf, 0.0),
        (np.nan, np.nan, 0.0),
        (np.inf, -np.inf, np.inf),
        (np.inf, 1.0, np.inf),
        (np.nan, 1.0, np.inf),
        (1.0, np.nan, np.inf),
        (-1.0, np.inf, np.inf),
    ],
)
def test_an_error_in_ulp(exact_result, got, ulp):
    """Of the exact result, of which the last place is wide; infinity follows the largest number."""
    numbers = (np.array([number]) for number in (exact_result, 0.0, got))
    assert exact.error_in_ulp(FLOAT32, *numbers) == [ulp]


def test_an_exact_result_just_below_a_power_of_two_has_the_shorter_step():
    below = exact.error_in_ulp(FLOAT64, np.ones(1), np.array([-(2.0**-8)]), np.ones(1) + 2.0**-52)
    above = exact.error_in_ulp(FLOAT64, np.ones(1), np.array([2.0**-8]), np.ones(1) + 2.0**-52)
    assert 2.0 < below[0] < 2.01
    assert 0.99 < above[0] < 1.0


def test_a_subnormal_float64_is_told_from_what_lies_beside_it():
    """As the rest of the exact result is held in last places, and none is below the smallest."""
    number = np.array([2.0**-540])
    high, low = exact.exact("multiply", FLOAT64, (number, 1.125 * number * 2.0**8))
    assert (high[0], low[0]) == (2.0**-1072, 0.5)
    assert exact.error_in_ulp(FLOAT64, high, low, np.zeros(1)) == [4.5]


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_all_numbers_of_a_half_type_are_one_block(dtype):
    [numbers] = patterns(float_type(dtype), 0)
    assert blocks_of_all(float_type(dtype)) == 1
    assert len(np.unique(numbers.view(np.uint16))) == 2**16


def test_all_numbers_of_float32_are_in_its_blocks():
    """Each begins where the one before it ends, and the last one begins anew."""
    blocks = blocks_of_all(FLOAT32)
    ends = [patterns(FLOAT32, at)[0].view(np.uint32)[[0, -1]] for at in (0, 1, 77, blocks - 1)]
    assert [int(first) for first, _ in ends] == [at * BLOCK for at in (0, 1, 77, blocks - 1)]
    assert int(ends[0][1]) + 1 == int(ends[1][0])
    assert int(ends[-1][1]) < BLOCK
    assert blocks * BLOCK >= 2**32 > (blocks - 1) * BLOCK


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_samples_are_numbers_and_the_same_each_time(name, dtype):
    kind = float_type(dtype)
    for array, again in zip(
        samples(PROGRAMS[name], kind, 3), samples(PROGRAMS[name], kind, 3), strict=True
    ):
        assert (array.dtype, array.size) == (kind.numpy, SAMPLED)
        assert np.isfinite(array).all()
        assert (array == again).all()
        assert (array != 0).all()
    others = samples(PROGRAMS[name], kind, 4)
    assert any(
        (a != b).any() for a, b in zip(samples(PROGRAMS[name], kind, 3), others, strict=True)
    )


@pytest.mark.parametrize("precision", [8, 11, 24, 53])
def test_hard_quotients_are_next_to_the_middle_of_two_numbers(precision):
    """Off by one part in the product of a middle and a divisor, as no quotient can be nearer."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        x, y = _near_midpoint(rng, precision)
        quotient = Fraction(x) / Fraction(y)
        assert x < 2**precision
        assert 2 ** (precision - 1) <= y < 2**precision
        scaled = quotient * 2 ** (precision + 1)
        assert scaled != round(scaled)
        assert round(scaled) % 2 == 1
        assert abs(scaled - round(scaled)) == 1 / Fraction(y)


@pytest.mark.parametrize("name", ["divide", "multiply", "add"])
def test_samples_have_subnormal_operands_and_results(name):
    operands = operands_of(name, FLOAT32, size=SAMPLED)
    [result, _] = exact.exact(PROGRAMS[name].operation, FLOAT32, operands)
    for numbers in (*operands, result):
        tiny = (numbers != 0) & (np.abs(numbers) < FLOAT32.smallest_normal)
        assert tiny.sum() > 100
    assert (np.abs(operands[-1]) > 2.0**126).sum() > 100
