"""Muon's orthogonalization by Newton-Schulz steps, and the rates that go with it."""

from __future__ import annotations

from collections.abc import Sequence

from oracle.arithmetic.base import Arithmetic, Number


def orthogonalized(
    xp: Arithmetic, a: Number, factors: Sequence[Number], eps: Number, steps: Number
) -> Number:
    """Return a matrix over its norm, or over eps if that is larger, after Newton-Schulz steps.

    That is 1 * a, as the matrix is first rounded to the type in which ``xp`` computes.
    """
    first, third, fifth = factors
    rounded = xp.multiply(xp.constant(1), a)
    x = xp.divide(rounded, xp.maximum(xp.norm(rounded), eps))
    return xp.newton_schulz(x, [(first, third, fifth)] * xp.integer(steps))


def tall_rate(xp: Arithmetic, rate: Number, rows: int, columns: int) -> Number:
    """Return a rate, of a tall matrix times the root of rows over columns (Jordan et al. 2024)."""
    return rate * xp.sqrt(xp.constant(max(rows, columns)) / xp.constant(columns))


def long_rate(xp: Arithmetic, rate: Number, rows: int, columns: int) -> Number:
    """Return a rate times 1/5 of the root of the longer side (Liu et al. 2025, equation 4)."""
    return rate * (0.2 * xp.sqrt(xp.constant(max(rows, columns))))
