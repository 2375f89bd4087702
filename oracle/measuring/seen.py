"""What was seen of one operation: the worst results, by magnitude, and what was flushed to 0."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from oracle.dtypes import FloatType
from oracle.measuring.exact import (
    Array,
    Operands,
    as_float64,
    by_float64,
    error_in_ulp,
    exact,
    lost,
    rounded_to,
)

SHOWN = 4
"""Examples kept of wrong results for special operands."""
_FEW = 16.0
"""Errors of so few ulp may make a result look flushed that is just inexact."""

_OF_ZERO = -2000
"""What stands for the exponent of 0."""

Flags = npt.NDArray[np.bool_]
Binades = dict[int, float]
"""The largest error in ulp, by the exponent of two of a number."""


@dataclass(frozen=True)
class Example:
    """An operation's operands, its result, and the exact one, as far as float64 has it."""

    operands: tuple[float, ...]
    got: float
    exact: float

    def text(self, kind: FloatType) -> str:
        """Return the numbers, with as many digits as tell those of the type apart."""
        digits = math.ceil(1 + kind.precision * math.log10(2))
        operands = ", ".join(f"{number:.{digits}g}" for number in self.operands)
        return f"({operands}) gives {self.got:.{digits}g}, exactly {self.exact:.17g}"


@dataclass
class Seen:
    """One program in one type, over some inputs."""

    inputs: int = 0
    misrounded: int = 0
    ulp: float = 0.0
    """The largest error of what is not correctly rounded."""
    worst: Example | None = None
    by_argument: Binades = field(default_factory=dict)
    """By the only operand, or the second one."""
    by_result: Binades = field(default_factory=dict)
    logarithm: float = 0.0
    """Of powers with exponents of 2 or more: an error of the base's log2 that explains them."""
    flushed_operands: int = 0
    flushed_results: int = 0
    flushed: Example | None = None
    astray: int = 0
    """Of the flushed operands: whose result is lost, but not that of 0."""
    stray: Example | None = None
    special: list[Example] = field(default_factory=list)
    """Wrong results for infinity or NaN, and those for 0 that are no number, or should be none."""

    def merge(self, other: Seen) -> None:
        """Add what was seen over other inputs."""
        self.inputs += other.inputs
        self.misrounded += other.misrounded
        if other.ulp > self.ulp:
            self.ulp, self.worst = other.ulp, other.worst
        for mine, others in (
            (self.by_argument, other.by_argument),
            (self.by_result, other.by_result),
        ):
            for exponent, error in others.items():
                mine[exponent] = max(mine.get(exponent, 0.0), error)
        self.logarithm = max(self.logarithm, other.logarithm)
        self.flushed_operands += other.flushed_operands
        self.flushed_results += other.flushed_results
        self.flushed = self.flushed or other.flushed
        self.astray += other.astray
        self.stray = self.stray or other.stray
        self.special = (self.special + other.special)[:SHOWN]


def judged(
    operation: str, kind: FloatType, operands: Operands, got: npt.NDArray[np.generic]
) -> Seen:
    """Hold results to the exact ones."""
    high, low = exact(operation, kind, operands)
    suspects = _not_nearest(kind, high, got)
    seen = Seen(inputs=got.size)
    if not suspects.size:
        return seen
    given = tuple(_taken(operand, suspects, got.size) for operand in operands)
    high, low = _taken(high, suspects, got.size), _taken(low, suspects, got.size)
    result = as_float64(got.ravel()[suspects])
    error = error_in_ulp(kind, high, low, result)
    of_result = _flushed_results(kind, high, result, error)
    of_operand, astray = _flushed_operands(operation, kind, given, high, result, error)
    of_operand &= ~of_result
    seen.flushed_results, seen.flushed_operands = int(of_result.sum()), int(of_operand.sum())
    seen.astray = int((astray & of_operand).sum())
    for at in np.flatnonzero(of_operand | of_result)[:1]:
        seen.flushed = _example(given, result, high, at)
    for at in np.flatnonzero(astray & of_operand)[:1]:
        seen.stray = _example(given, result, high, at)
    special = (error > 0.5) & ~of_operand & _are_special(given, error)
    for at in np.flatnonzero(special)[:SHOWN]:
        seen.special.append(_example(given, result, high, at))
    wrong = np.flatnonzero((error > 0.5) & ~(of_operand | of_result | special))
    if wrong.size:
        at = wrong[np.argmax(error[wrong])]
        seen.misrounded, seen.ulp = int(wrong.size), float(error[at])
        seen.worst = _example(given, result, high, at)
        seen.by_argument = _by_binade(given[-1][wrong], error[wrong])
        seen.by_result = _by_binade(high[wrong], error[wrong])
        if operation == "power":
            seen.logarithm = _error_of_logarithm(given[1][wrong], high[wrong], result[wrong])
    return seen


def _not_nearest(
    kind: FloatType, high: Array, got: npt.NDArray[np.generic]
) -> npt.NDArray[np.intp]:
    """Return where results may not be correctly rounded; in float32, where they are not."""
    if kind.name != "float32":
        return np.arange(got.size)
    nearest = rounded_to(kind, high)
    return np.flatnonzero((nearest != got) & ~(np.isnan(got) & np.isnan(nearest)))


def _flushed_results(kind: FloatType, high: Array, got: Array, error: Array) -> Flags:
    """Return which wrong results are 0 for a subnormal one; some must be many ulp away."""
    subnormal = (high != 0) & (np.abs(high) < kind.smallest_normal)
    flushed: Flags = (error > 0.5) & (got == 0) & subnormal
    return flushed & (error[flushed] >= _FEW).any()


def _flushed_operands(
    operation: str, kind: FloatType, given: tuple[Array, ...], high: Array, got: Array, error: Array
) -> tuple[Flags, Flags]:
    """Return which wrong results are those of 0 in the place of a subnormal operand.

    Those between the exact result and that of 0 count as such, too, where some of them are lost;
    which ones those are comes second.
    """
    flushed, astray = np.zeros((2, *error.shape), np.bool_)
    tiny = [_is_subnormal(kind, operand) for operand in given]
    places = np.flatnonzero((error > 0.5) & np.logical_or.reduce(tiny))
    zeros = (
        np.where(small, np.copysign(0.0, number), number)[places]
        for number, small in zip(given, tiny, strict=True)
    )
    of_zeros, got = by_float64(operation, *zeros), got[places]
    right = error_in_ulp(kind, of_zeros, np.zeros(()), got) <= 0.5
    right |= (got == 0) & (np.abs(of_zeros) < kind.smallest_normal)
    ends = np.sort([of_zeros, high[places]], axis=0)
    between = (ends[0] <= got) & (got <= ends[1])
    between &= (error[places][between] >= lost(kind)).any()
    found = right | between
    flushed[places] = found & (error[places][found] >= _FEW).any()
    astray[places] = between & ~right
    return flushed, astray


def _is_subnormal(kind: FloatType, numbers: Array) -> Flags:
    tiny: Flags = (numbers != 0) & (np.abs(numbers) < kind.smallest_normal)
    return tiny


def _by_binade(numbers: Array, error: Array) -> Binades:
    exponents = np.where(numbers == 0, _OF_ZERO, np.frexp(numbers)[1] - 1)
    lowest = int(exponents.min())
    worst = np.zeros(int(exponents.max()) - lowest + 1)
    np.maximum.at(worst, exponents - lowest, error)
    return {int(at) + lowest: float(worst[at]) for at in np.flatnonzero(worst)}


def _error_of_logarithm(exponent: Array, high: Array, got: Array) -> float:
    """Return what log2 of a base is off if all errors of its powers are due to that."""
    large = np.abs(exponent) >= 2
    with np.errstate(all="ignore"):
        error = np.abs(np.log2(got / high) / exponent)[large]
    return float(np.max(np.where(np.isnan(error), np.inf, error), initial=0.0))


def _taken(numbers: npt.ArrayLike, places: npt.NDArray[np.intp], size: int) -> Array:
    return np.broadcast_to(as_float64(numbers).ravel(), (size,))[places]


def _are_special(given: tuple[Array, ...], error: Array) -> Flags:
    """Return where an operand is no number, or is 0 and the result none."""
    infinite = np.logical_or.reduce([~np.isfinite(operand) for operand in given])
    zero = np.logical_or.reduce([operand == 0 for operand in given])
    special: Flags = infinite | (zero & np.isinf(error))
    return special


def _example(given: tuple[Array, ...], got: Array, high: Array, at: np.intp) -> Example:
    operands = tuple(float(operand[at]) for operand in given)
    return Example(operands, float(got[at]), float(high[at]))
