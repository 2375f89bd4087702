"""What operations are given: every number there is, or samples where rounding is hardest."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from oracle.dtypes import FloatType
from oracle.measuring.exact import as_float64
from oracle.measuring.programs import Expression

Array = npt.NDArray[np.float64]
Rng = np.random.Generator
Arrays = tuple[npt.NDArray[np.generic], ...]

BLOCK = 2**20 + 3
"""Inputs computed at once where all are: no multiple of a vector, so that its rest is seen, too."""
SAMPLED = 2**16 + 3
"""The same where samples are."""

_PAIRS: dict[str, tuple[Callable[[Rng, FloatType, int], tuple[Array, Array]], ...]]


def patterns(kind: FloatType, block: int, size: int = BLOCK) -> Arrays:
    """Return one block of all numbers of a type, by their bits; the last one begins anew."""
    size = min(size, 2**kind.bits + 3)
    bits = np.arange(block * size, (block + 1) * size, dtype=np.uint64)
    return (_of_bits(kind, bits),)


def blocks_of_all(kind: FloatType) -> int:
    """Return how many blocks all numbers of a type are."""
    return -(-(1 << kind.bits) // BLOCK)


def samples(program: Expression, kind: FloatType, block: int, size: int = SAMPLED) -> Arrays:
    """Return a block of samples; the same one at each call."""
    rng = np.random.default_rng([zlib.crc32(program.name.encode()), kind.bits, block])
    situations = _PAIRS[program.name] if program.arrays == 2 else (_alone(program.name),)
    each = -(-size // len(situations))
    drawn = [situation(rng, kind, each) for situation in situations]
    order = rng.permutation(each * len(situations))[:size]
    columns = [np.concatenate(column)[order] for column in zip(*drawn, strict=True)]
    return tuple(_held(kind, column) for column in columns)


def _of_bits(kind: FloatType, bits: npt.NDArray[np.uint64]) -> npt.NDArray[np.generic]:
    return bits.astype(f"u{kind.bits // 8}").view(kind.numpy)


def _held(kind: FloatType, numbers: Array) -> npt.NDArray[np.generic]:
    """Round to the type; what is no number there, or 0, becomes 1."""
    with np.errstate(over="ignore"):
        held = numbers.astype(kind.numpy)
    usual = np.isfinite(held) & (held != 0)
    one: npt.NDArray[np.generic] = np.where(usual, held, np.ones(1, kind.numpy))
    return one


def _any(rng: Rng, kind: FloatType, size: int) -> Array:
    """Numbers of every magnitude, both signs, subnormal ones among them."""
    bits = rng.integers(0, 2**kind.bits, size, dtype=np.uint64)
    return _held(kind, as_float64(_of_bits(kind, bits))).astype(np.float64)


def _unit(rng: Rng, kind: FloatType, size: int) -> Array:
    """Numbers from 1 to 2 with every bit that the type has."""
    steps = 1 << (kind.precision - 1)
    unit: Array = 1.0 + rng.integers(0, steps, size) / steps
    return unit


def _scaled(numbers: Array, exponents: npt.NDArray[np.integer]) -> Array:
    return np.ldexp(numbers, exponents.astype(np.int32))


def _alone(name: str) -> Callable[[Rng, FloatType, int], tuple[Array]]:
    def situation(rng: Rng, kind: FloatType, size: int) -> tuple[Array]:
        return (_argument(name, rng, kind, size),)

    return situation


def _argument(name: str, rng: Rng, kind: FloatType, size: int) -> Array:
    """Half of them of every magnitude, half where the function is of use."""
    anywhere, half = _any(rng, kind, size), rng.random(size) < 0.5
    if name == "exp":
        top = kind.max_exponent * np.log(2.0)
        low = -1.1 * top
        return np.where(half, np.clip(anywhere, low, top), rng.uniform(low, top, size))
    if name == "cos":
        return np.where(half, anywhere, rng.uniform(0.0, 2 * np.pi, size))
    if name == "log":
        return np.where(half, np.abs(anywhere), rng.uniform(0.5, 2.0, size))
    if name == "decay":
        return np.where(half, rng.integers(1, 2**9, size), rng.integers(1, 2**14, size)) * 1.0
    if name == "reciprocal":
        return anywhere
    return np.where(half, np.abs(anywhere), _unit(rng, kind, size) * (1 + (anywhere > 0)))


def _of_one_size(rng: Rng, kind: FloatType, size: int) -> tuple[Array, Array]:
    sign = np.sign(rng.random(size) - 0.5)
    return _unit(rng, kind, size), sign * _unit(rng, kind, size)


def _far_apart(rng: Rng, kind: FloatType, size: int) -> tuple[Array, Array]:
    """The smaller one reaches the last bits of the larger one, or just not."""
    apart = rng.integers(0, kind.precision + 3, size)
    first, second = _of_one_size(rng, kind, size)
    return first, _scaled(second, -apart)


def _cancelling(rng: Rng, kind: FloatType, size: int) -> tuple[Array, Array]:
    numbers = _any(rng, kind, size)
    return numbers, -numbers * (1 + rng.integers(-8, 9, size) * 2 * kind.unit_roundoff)


def _subnormal_sums(rng: Rng, kind: FloatType, size: int) -> tuple[Array, Array]:
    first, second = _far_apart(rng, kind, size)
    down = kind.min_exponent - rng.integers(0, kind.precision, size)
    return _scaled(first, down), _scaled(second, down)


def _any_two(rng: Rng, kind: FloatType, size: int) -> tuple[Array, Array]:
    return _any(rng, kind, size), _any(rng, kind, size)


def _subnormal_products(rng: Rng, kind: FloatType, size: int) -> tuple[Array, Array]:
    below = -rng.integers(1, -kind.min_exponent, size)
    result = kind.min_exponent - rng.integers(0, kind.precision, size)
    return (
        _scaled(_unit(rng, kind, size), below),
        _scaled(_unit(rng, kind, size), result - below),
    )


def _subnormal_quotients(rng: Rng, kind: FloatType, size: int) -> tuple[Array, Array]:
    up = rng.integers(1, kind.max_exponent - 1, size)
    result = kind.min_exponent - rng.integers(0, kind.precision, size)
    return _scaled(_unit(rng, kind, size), result + up), _scaled(_unit(rng, kind, size), up)


def _huge_divisors(rng: Rng, kind: FloatType, size: int) -> tuple[Array, Array]:
    up = rng.integers(kind.max_exponent - 3, kind.max_exponent, size)
    apart = rng.integers(0, kind.precision, size)
    return _scaled(_unit(rng, kind, size), up - apart), _scaled(_unit(rng, kind, size), up)


def _beside_subnormals(rng: Rng, kind: FloatType, size: int) -> tuple[Array, Array]:
    """One operand is subnormal, in half of the pairs the first one."""
    low = kind.min_exponent - rng.integers(1, kind.precision, size)
    tiny, other = _scaled(_unit(rng, kind, size), low), _any(rng, kind, size)
    first = rng.random(size) < 0.5
    return np.where(first, tiny, other), np.where(first, other, tiny)


def _by_itself(rng: Rng, kind: FloatType, size: int) -> tuple[Array, Array]:
    numbers = _any(rng, kind, size)
    return numbers, numbers


def _near_midpoints(rng: Rng, kind: FloatType, size: int) -> tuple[Array, Array]:
    """Quotients as near to the middle of two neighbours as they can be.

    For an odd y and x * 2^(p+1) = m * y - 1, x / y is the odd m of p + 1 bits, the middle, but for
    one part in m * y.
    """
    bits = kind.precision
    pairs = [_near_midpoint(rng, bits) for _ in range(min(size, 2**11))]
    first, second = np.resize(np.array(pairs), (size, 2)).T
    return _scaled(first, -rng.integers(0, bits, size)), _scaled(second, -rng.integers(0, 4, size))


def _near_midpoint(rng: Rng, bits: int) -> tuple[float, float]:
    while True:
        y = int(rng.integers(2 ** (bits - 1), 2**bits)) | 1
        middle = pow(y, -1, 2 ** (bits + 1))
        x = middle * y >> (bits + 1)
        if middle >= 2**bits and x:
            return float(x), float(y)


def _decays(rng: Rng, kind: FloatType, size: int) -> tuple[Array, Array]:
    """Powers of decay rates, as corrections of bias take them."""
    away = 2.0 ** -rng.uniform(1.0, kind.precision, size)
    most = np.minimum(0.98 * -kind.min_exponent * np.log(2.0) / away, 2.0**kind.precision)
    return 1.0 - away, np.floor(np.exp(rng.random(size) * np.log(most)))


def _roots(rng: Rng, kind: FloatType, size: int) -> tuple[Array, Array]:
    exponents = np.array([0.5, -0.5, 0.75, -0.75, 0.8, 1 / 3, 2.0, 3.0, -1.0])
    numbers = np.abs(_any(rng, kind, size))
    chosen = rng.choice(exponents, size)
    fits = np.abs(np.log2(numbers) * chosen) < -kind.min_exponent
    return np.where(fits, numbers, _unit(rng, kind, size)), chosen


def _within_range(rng: Rng, kind: FloatType, size: int) -> tuple[Array, Array]:
    """Any base, and an exponent with which the power is some number of the type."""
    base = np.abs(_any(rng, kind, size))
    logarithm = np.log2(base)
    wanted = rng.uniform(kind.min_exponent, kind.max_exponent, size)
    with np.errstate(divide="ignore", invalid="ignore"):
        return base, np.where(logarithm == 0, 1.0, wanted / logarithm)


_PAIRS = {
    "add": (_of_one_size, _far_apart, _cancelling, _subnormal_sums, _beside_subnormals),
    "subtract": (_of_one_size, _far_apart, _cancelling, _subnormal_sums, _beside_subnormals),
    "multiply": (_of_one_size, _subnormal_products, _beside_subnormals, _any_two),
    "divide": (
        _of_one_size,
        _near_midpoints,
        _subnormal_quotients,
        _huge_divisors,
        _by_itself,
        _beside_subnormals,
        _any_two,
    ),
    "power": (_decays, _roots, _within_range),
}
