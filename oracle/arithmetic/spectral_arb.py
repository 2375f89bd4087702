"""Enclosures of functions of a symmetric matrix, multiple eigenvalues and all.

mpmath proposes L and Q; that they decompose the matrix is never believed, but measured with balls.
With Z, the orthogonal matrix that is nearest to Q, |Q - Z| <= w = |Q'Q - 1|, so that the matrix is
ZLZ' up to r = |A - QLQ'| + w (2 + w) max|L| in the Frobenius norm. There f(A) and Zf(L)Z' differ by
r times the largest slope of f at most (Higham, Functions of Matrices, theorem 3.8 and problem 3.5).
"""

from __future__ import annotations

from typing import Any

import flint
import mpmath
import numpy as np

from oracle.arithmetic.plain import Objects
from oracle.arithmetic.power import Power, combined
from oracle.arithmetic.spectral_mp import decomposed

_GUARD = 10


class ArbSpectra:
    """Functions of symmetric matrices of balls."""

    matmul: Any
    subtract: Any

    def smallest_eigenvalue(self, a: Objects) -> Objects:
        """Return the smallest eigenvalue of a symmetric matrix (Weyl: it is off by r at most)."""
        eigenvalues, _, _, off = self._decomposed(a)
        return np.asarray(_widened(eigenvalues[0], off), dtype=object)

    def spectral(self, a: Objects, power: Power, x: Objects) -> Objects:
        """Return f(a) @ x."""
        eigenvalues, vectors, skew, off = self._decomposed(a)
        low = (eigenvalues[0] - off).lower()
        if not low > 0:
            return np.full(x.shape, flint.arb("nan"), dtype=object)
        largest, slope = power.of(self, _one(low))[0], power.steepness(self, _one(low))[0]
        error = slope * off + skew * (2 + skew) * largest
        middle = combined(self, eigenvalues, vectors, power, x)
        reach = np.broadcast_to(
            [error * _norm(column) for column in x.T.reshape(-1, len(a))]
            if x.ndim == 2
            else error * _norm(x),
            x.shape,
        )
        return np.asarray(np.frompyfunc(_widened, 2, 1)(middle, reach), dtype=object)

    def _decomposed(self, a: Objects) -> tuple[Objects, Objects, flint.arb, flint.arb]:
        """Return L, Q, w and r."""
        context = type(mpmath.mp)()
        context.prec = flint.ctx.prec + int(_GUARD * 3.33)
        middles = np.frompyfunc(lambda ball: _mpf(context, ball), 1, 1)(a)
        found = decomposed(context, middles)
        eigenvalues, vectors = (np.frompyfunc(_exact, 1, 1)(part) for part in found)
        size = len(a)
        identity = np.array([[flint.arb(int(i == j)) for j in range(size)] for i in range(size)])
        skew = _norm(self.subtract(self.matmul(vectors.T, vectors), identity))
        residual = _norm(self.subtract(a, self.matmul(vectors * eigenvalues, vectors.T)))
        largest = max((abs(x) for x in eigenvalues), default=flint.arb(0))
        return eigenvalues, vectors, skew, (residual + skew * (2 + skew) * largest).upper()


def _one(x: flint.arb) -> Objects:
    return np.array([x], dtype=object)


def _norm(balls: Objects) -> flint.arb:
    largest = (ball.abs_upper() for ball in balls.ravel().tolist())
    return sum((size * size for size in largest), flint.arb(0)).sqrt().upper()


def _widened(ball: flint.arb, error: flint.arb) -> flint.arb:
    return ball + flint.arb(0, error.upper()) if error.is_finite() else flint.arb("nan")


def _mpf(context: Any, ball: flint.arb) -> Any:
    if not ball.is_finite():
        return context.nan
    mantissa, exponent = ball.mid().man_exp()
    return context.ldexp(context.mpf(int(mantissa)), int(exponent))


def _exact(number: Any) -> flint.arb:
    sign, mantissa, exponent, _ = number._mpf_
    if mantissa == 0 and exponent != 0:
        return flint.arb("nan")
    return flint.arb((-1 if sign else 1) * int(mantissa)) * flint.arb(2) ** int(exponent)
